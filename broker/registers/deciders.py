"""Who decides for a body what the rules refer: its Guardians, or those of the body that it names.

Where nobody can, a referral waits in vain: that is said before and after it is sent, and is
never a permit.
"""

from datetime import date
from typing import Final

from broker.domain.errors import UnknownMailboxError
from broker.domain.roles import Role
from broker.storage.transaction import Transaction
from keys import AgencyId, PersonId

NOBODY_DECIDES: Final = (
    "Nobody can decide this for you here. Ring your Prevent lead or police Prevent advice now. "
    "Nothing was sent."
)
"""What the sender reads where nobody can decide a referral."""


def guardian_bodies(tx: Transaction, agency: AgencyId) -> tuple[AgencyId, ...]:
    """Return the bodies whose Guardians decide for a body: its own, and the one that it names."""
    try:
        named = tx.directory.agency(agency).guardian_body
    except UnknownMailboxError:
        named = None
    return (agency,) if named is None else (agency, named)


def bodies_decided_by(tx: Transaction, agency: AgencyId) -> tuple[AgencyId, ...]:
    """Return the bodies for which a body's Guardians decide: its own, and those that name it."""
    return (agency, *(one.id for one in tx.directory.agencies() if one.guardian_body == agency))


def deciders(tx: Transaction, agency: AgencyId, day: date) -> frozenset[PersonId]:
    """Return who may decide for a body on a day: Guardians and deputies who are not disabled."""
    return frozenset(
        one.id
        for body in guardian_bodies(tx, agency)
        for one in tx.people.acting(body, Role.GUARDIAN, day)
    )


def nobody_decides(tx: Transaction, agency: AgencyId, day: date) -> bool:
    """Say whether nobody can decide a referral of a body.

    Before anybody is entered, tokens made on the host say who is a Guardian, and nobody knows.
    """
    return tx.people.has_anybody() and not deciders(tx, agency, day)


def bodies_without_deciders(tx: Transaction, day: date) -> tuple[AgencyId, ...]:
    """Return the bodies that send, those with a legal basis, for which nobody decides."""
    return tuple(
        agency.id
        for agency in tx.directory.agencies()
        if agency.bases and nobody_decides(tx, agency.id, day)
    )
