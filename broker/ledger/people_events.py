"""What each change of people, roles and accounts writes on the ledger, with the row it made."""

from audit.format import events as ledger
from broker.domain.people.accounts import InvitationKind
from broker.domain.people.people import RoleHolding
from broker.ledger.events import Event
from broker.storage.rows.register import RowMark
from keys import PersonId


def person_changed(person: PersonId, mark: RowMark, what: str, by: PersonId) -> Event:
    """Return the event: a person was added, bound, changed, disabled or enabled."""
    return ledger.PersonChanged(
        by=by, person=person, what=what, row=mark.row, row_mac=mark.mac
    ).event()


def role_proposed(held: RoleHolding, mark: RowMark, by: PersonId) -> Event:
    """Return the event: a role waits for a second person."""
    return _of_role(ledger.RoleProposed, held, mark, by)


def role_granted(held: RoleHolding, mark: RowMark, by: PersonId) -> Event:
    """Return the event: a role was given."""
    return ledger.RoleGranted(
        by=by,
        person=held.person,
        agency=held.agency,
        role=held.role.value,
        row=mark.row,
        row_mac=mark.mac,
        second=held.confirmed_by,
    ).event()


def role_ended(held: RoleHolding, mark: RowMark, by: PersonId) -> Event:
    """Return the event: a role was ended."""
    return _of_role(ledger.RoleEnded, held, mark, by)


def account_invited(
    person: PersonId, mark: RowMark, kind: InvitationKind, by: PersonId, second: PersonId | None
) -> Event:
    """Return the event: a link was made for a person."""
    return ledger.AccountInvited(
        by=by,
        person=person,
        what=kind.value,
        row=mark.row,
        row_mac=mark.mac,
        second=second,
    ).event()


def account_changed(person: PersonId, mark: RowMark, what: str, by: PersonId) -> Event:
    """Return the event: an account was opened, recovered, changed or signed out."""
    return ledger.AccountChanged(
        by=by, person=person, what=what, row=mark.row, row_mac=mark.mac
    ).event()


def passkey_added(person: PersonId, mark: RowMark) -> Event:
    """Return the event: a person let a device sign them in."""
    return ledger.PasskeyAdded(by=person, person=person, row=mark.row, row_mac=mark.mac).event()


def passkey_removed(person: PersonId, mark: RowMark, by: PersonId) -> Event:
    """Return the event: a device signs a person in no more."""
    return ledger.PasskeyRemoved(by=by, person=person, row=mark.row, row_mac=mark.mac).event()


def identity_linked(person: PersonId, mark: RowMark) -> Event:
    """Return the event: a person let another organisation's sign-in sign them in."""
    return ledger.IdentityLinked(by=person, person=person, row=mark.row, row_mac=mark.mac).event()


def identity_unlinked(person: PersonId, mark: RowMark) -> Event:
    """Return the event: another organisation's sign-in signs a person in no more."""
    return ledger.IdentityUnlinked(
        by=person, person=person, row=mark.row, row_mac=mark.mac
    ).event()


def recovery_asked(person: PersonId, mark: RowMark, by: PersonId) -> Event:
    """Return the event: one person asked for a recovery."""
    return ledger.RecoveryAsked(by=by, person=person, row=mark.row, row_mac=mark.mac).event()


def _of_role(
    kind: type[ledger.RoleProposed | ledger.RoleEnded],
    held: RoleHolding,
    mark: RowMark,
    by: PersonId,
) -> Event:
    return kind(
        by=by,
        person=held.person,
        agency=held.agency,
        role=held.role.value,
        row=mark.row,
        row_mac=mark.mac,
    ).event()
