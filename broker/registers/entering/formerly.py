"""Whom an earlier release knew by an identifier alone: still a member of cases, and no person.

An administrator of the body binds such an identifier to somebody, who then may do with those cases
what a member may; the ledger says who bound it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from broker.domain.model import Person
from broker.domain.people.errors import UnknownPersonError
from broker.registers.people import NewPerson, PeopleRegister
from broker.storage.transaction import Transaction
from keys import AgencyId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerPeople:
    """The members of a body's cases whom nobody entered, for its administrators."""

    people: PeopleRegister

    def nameless(self, by: Person) -> tuple[PersonId, ...]:
        """Return the identifiers of such members, in order."""
        with self.people.transaction() as tx:
            return tuple(sorted(_nameless(tx, by.agency)))

    def bind(self, former: PersonId, new: NewPerson, by: Person) -> PersonId:
        """Enter somebody under the identifier that an earlier release knew them by.

        Raises `UnknownPersonError` for any that is not on the list, and `FaultyDocumentError`.
        """
        with self.people.transaction() as tx:
            if former not in _nameless(tx, by.agency):
                raise UnknownPersonError
            (bound,) = self.people.enter(tx, [replace(new, id=former)], by, "bound")
        return bound


def _nameless(tx: Transaction, agency: AgencyId) -> Iterator[PersonId]:
    borne = {person.id for person in tx.people.people()}
    for member in tx.cases.members_of(agency) - borne:
        # That list is a hint: who works on a case of which body, the case's own row says.
        newest = tx.cases.of_person(member, limit=1)
        if any(
            (one.person, one.agency) == (member, agency) for case in newest for one in case.members
        ):
            yield member
