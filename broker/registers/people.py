"""Use cases of the people: who may work here, as what, and who says so.

Each change is an entry that vouches for the row which it writes. A role that lets somebody give
power, use keys or decide takes two people, each with an account of their own.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from broker.domain.errors import FaultyDocumentError, WrongStateError
from broker.domain.model import Person
from broker.domain.people.accounts import sign_in_name
from broker.domain.people.errors import TwoPeopleNeededError, UnknownPersonError
from broker.domain.people.people import PersonRecord, RoleHolding, RoleId
from broker.domain.roles import GIVEN_BY_TWO, Role
from broker.domain.times import Clock, uk_day
from broker.ledger import people_events
from broker.ledger.events import Event
from broker.registers.person_checks import Said, person_faults
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, IndexKey, PersonId

_ID_BYTES: Final = 8
_FIRST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody who is to be entered, with the roles that they get; `place` is where it says so."""

    agency: AgencyId
    name: str
    contact: str
    roles: tuple["NewRole", ...] = ()
    trained_until: date | None = None
    cleared_until: date | None = None
    id: PersonId | None = None
    place: str = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRole:
    """A role that is to be given, for the person's own body unless another is named."""

    role: Role
    agency: AgencyId | None = None
    team: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    is_deputy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """What is to be changed of a person; None leaves it as it is."""

    name: str | None = None
    contact: str | None = None
    trained_until: date | None = None
    cleared_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A person as the list shows them, with all roles, and whether they have an account."""

    person: PersonRecord
    roles: tuple[RoleHolding, ...]
    has_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRegister:
    """Keeps the people, each body its own: whoever changes something is of that body.

    `names` finds an account by its address. People of other bodies are as if they were not there.

    Raises `RowDoubtedError` where a row is not the one that the ledger knows.
    """

    transaction: Transactions
    clock: Clock
    names: IndexKey

    def listed(self, agency: AgencyId | None = None) -> tuple[Listed, ...]:
        """Return everybody, or everybody of a body, by identifier."""
        with self.transaction() as tx:
            return tuple(
                Listed(
                    person=person,
                    roles=tx.people.roles_of(person.id),
                    has_account=tx.accounts.of_person(person.id) is not None,
                )
                for person in tx.people.people()
                if agency is None or person.agency == agency
            )

    def one(self, id_: PersonId, by: Person) -> Listed:
        """Return somebody of the body of whoever asks; raises `UnknownPersonError`."""
        with self.transaction() as tx:
            person = _of_their_body(tx, id_, by)
            return Listed(
                person=person,
                roles=tx.people.roles_of(person.id),
                has_account=tx.accounts.of_person(person.id) is not None,
            )

    def record(self, id_: PersonId) -> PersonRecord | None:
        """Return a person, None where there is none."""
        with self.transaction() as tx:
            return tx.people.find(id_)

    def has_anybody(self) -> bool:
        """Say whether anybody was ever entered."""
        with self.transaction() as tx:
            return tx.people.has_anybody()

    def add(self, people: Sequence[NewPerson], by: Person) -> tuple[PersonId, ...]:
        """Enter people with their roles, all of them or none, and return their identifiers.

        Raises `FaultyDocumentError` with every fault.
        """
        with self.transaction() as tx:
            return self.enter(tx, people, by, "added")

    def begin_with(self, people: Sequence[NewPerson], by: Person) -> tuple[PersonId, ...]:
        """Enter the first two administrators, whom the operator on the host stands for.

        Raises `WrongStateError` where anybody is entered already, `TwoPeopleNeededError` for any
        other number than two, and `FaultyDocumentError`.
        """
        if len(people) != _FIRST:
            raise TwoPeopleNeededError
        with self.transaction() as tx:
            if tx.people.has_anybody():
                raise WrongStateError("People are entered already, so nobody begins anew.")
            faults = person_faults(map(said_of, people), (), frozenset())
            if faults:
                raise FaultyDocumentError(faults)
            events: list[Event] = []
            first = [replace(person, roles=()) for person in people]
            added = tuple(self._add(tx, person, by, events, "added") for person in first)
            for id_, person in zip(added, people, strict=True):
                new = NewRole(role=Role.ADMINISTRATOR)
                held = self._holding(id_, person.agency, new, by)
                events.append(_given(tx, replace(held, needs_confirmation=False), by))
            tx.append(*events)
        return added

    def change(self, id_: PersonId, change: PersonChange, by: Person) -> PersonRecord:
        """Change a person; a new address ends their sessions, since they sign in by it.

        Raises `UnknownPersonError` and `FaultyDocumentError`.
        """
        with self.transaction() as tx:
            before = _of_their_body(tx, id_, by)
            given = {
                name: value
                for name in ("name", "contact", "trained_until", "cleared_until")
                if (value := getattr(change, name)) is not None
            }
            after = replace(before, **given, version=before.version + 1)
            others = tuple(other for other in tx.people.people() if other.id != id_)
            said = Said(
                place=id_, agency=after.agency, name=after.name, contact=after.contact, id=id_
            )
            faults = person_faults([said], others, frozenset())
            if faults:
                raise FaultyDocumentError(faults)
            events = [people_events.person_changed(id_, tx.people.put(after), "changed", by.id)]
            account = tx.accounts.of_person(id_)
            if account is not None and after.contact != before.contact:
                moved = replace(
                    account,
                    sign_in=self.names.digest(sign_in_name(after.contact)),
                    version=account.version + 1,
                )
                tx.sessions.drop_of(id_)
                mark = tx.accounts.put(moved)
                events.append(people_events.account_changed(id_, mark, "address", by.id))
            tx.append(*events)
        return after

    def disable(self, id_: PersonId, by: Person) -> None:
        """Let a person do nothing any more, at once: every use looks here first.

        Raises `UnknownPersonError` and `WrongStateError`.
        """
        with self.transaction() as tx:
            before = _of_their_body(tx, id_, by)
            if before.disabled_on is not None:
                raise WrongStateError("This person is disabled already.")
            today = uk_day(self.clock())
            after = replace(before, disabled_on=today, version=before.version + 1)
            tx.sessions.drop_of(id_)
            tx.append(people_events.person_changed(id_, tx.people.put(after), "disabled", by.id))

    def enable(self, id_: PersonId, by: Person) -> None:
        """Let a disabled person work again, in the roles that have not ended.

        Raises as `disable`.
        """
        with self.transaction() as tx:
            before = _of_their_body(tx, id_, by)
            if before.disabled_on is None:
                raise WrongStateError("This person is not disabled.")
            after = replace(before, disabled_on=None, version=before.version + 1)
            tx.append(people_events.person_changed(id_, tx.people.put(after), "enabled", by.id))

    def grant(self, id_: PersonId, new: NewRole, by: Person) -> RoleHolding:
        """Give a person a role, or propose it where it takes two; raises `UnknownPersonError`."""
        with self.transaction() as tx:
            person = _of_their_body(tx, id_, by)
            _refuse_foreign(new.agency or person.agency, by)
            held = self._holding(person.id, person.agency, new, by)
            tx.append(_given(tx, held, by))
        return held

    def confirm(self, role: RoleId, by: Person) -> RoleHolding:
        """Let a role count that another person proposed.

        Raises `UnknownPersonError`, `WrongStateError`, and `TwoPeopleNeededError` for whoever
        proposed it, for its holder, and for somebody without an account of their own.
        """
        with self.transaction() as tx:
            before = tx.people.role(role)
            _refuse_foreign(before.agency, by)
            if not before.needs_confirmation or before.confirmed_by is not None:
                raise WrongStateError("This role counts already. Nobody needs to confirm it.")
            has_account = tx.accounts.of_person(by.id) is not None
            if by.id in {before.granted_by, before.person} or not has_account:
                raise TwoPeopleNeededError
            after = replace(before, confirmed_by=by.id, version=before.version + 1)
            mark = tx.people.put_role(after)
            tx.append(people_events.role_granted(after, mark, before.granted_by))
        return after

    def end(self, role: RoleId, by: Person) -> RoleHolding:
        """End a role now; raises `UnknownPersonError`, and `WrongStateError` for an ended one."""
        with self.transaction() as tx:
            before, today = tx.people.role(role), uk_day(self.clock())
            _refuse_foreign(before.agency, by)
            if before.ended_on is not None:
                raise WrongStateError("This role has ended already.")
            after = replace(before, ended_on=today, version=before.version + 1)
            tx.append(people_events.role_ended(after, tx.people.put_role(after), by.id))
        return after

    # Inside the caller's transaction

    def enter(
        self, tx: Transaction, people: Sequence[NewPerson], by: Person, what: str
    ) -> tuple[PersonId, ...]:
        """Enter people as `add`, in the word of the ledger that says how they came."""
        known = tuple(tx.people.people())
        faults = person_faults(map(said_of, people), known, {by.agency})
        if faults:
            raise FaultyDocumentError(faults)
        events: list[Event] = []
        added = tuple(self._add(tx, person, by, events, what) for person in people)
        tx.append(*events)
        return added

    def _add(
        self, tx: Transaction, new: NewPerson, by: Person, events: list[Event], what: str
    ) -> PersonId:
        person = PersonRecord(
            id=new.id or PersonId(f"p-{secrets.token_hex(_ID_BYTES)}"),
            agency=new.agency,
            name=new.name,
            contact=new.contact,
            trained_until=new.trained_until,
            cleared_until=new.cleared_until,
            disabled_on=None,
            version=1,
        )
        mark = tx.people.put(person)
        events.append(people_events.person_changed(person.id, mark, what, by.id))
        for role in new.roles:
            held = self._holding(person.id, person.agency, role, by)
            events.append(_given(tx, held, by))
        return person.id

    def _holding(
        self, person: PersonId, agency: AgencyId, new: NewRole, by: Person
    ) -> RoleHolding:
        return RoleHolding(
            id=RoleId(f"r-{secrets.token_hex(_ID_BYTES)}"),
            person=person,
            agency=new.agency or agency,
            role=new.role,
            team=new.team,
            valid_from=new.valid_from or uk_day(self.clock()),
            valid_until=new.valid_until,
            is_deputy=new.is_deputy,
            granted_by=by.id,
            confirmed_by=None,
            needs_confirmation=new.role in GIVEN_BY_TWO,
            ended_on=None,
            version=1,
        )


def _of_their_body(tx: Transaction, id_: PersonId, by: Person) -> PersonRecord:
    """Return a person of the body whose people somebody keeps; else as if there were none."""
    found = tx.people.person(id_)
    _refuse_foreign(found.agency, by)
    return found


def _refuse_foreign(agency: AgencyId, by: Person) -> None:
    if agency != by.agency:
        raise UnknownPersonError


def said_of(new: NewPerson) -> Said:
    """Return what is checked of somebody who is to be entered."""
    return Said(place=new.place, agency=new.agency, name=new.name, contact=new.contact, id=new.id)


def _given(tx: Transaction, held: RoleHolding, by: Person) -> Event:
    mark = tx.people.put_role(held)
    if held.needs_confirmation:
        return people_events.role_proposed(held, mark, by.id)
    return people_events.role_granted(held, mark, by.id)
