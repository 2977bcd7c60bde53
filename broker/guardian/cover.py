"""A Guardian hands their queue to a deputy for named days: it grants nothing, and it ends."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.guardians.cover import MOST_DAYS, Cover, CoverId
from broker.domain.model import Person
from broker.domain.people.people import RoleHolding
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day
from broker.ledger.changes import advising
from broker.storage.transaction import Transaction, Transactions
from keys import PersonId

_ID_BYTES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Covers:
    """Sets cover and says who covers; every method opens its own transaction."""

    transaction: Transactions
    clock: Clock

    def set(self, guardian: Person, deputy: PersonId, first: date, last: date) -> Cover:
        """Let a deputy be told in a Guardian's place, from a day to the end of another.

        The same cover again is set once. Raises `FaultyDocumentError` with every fault: days that
        are over, more than 30 of them, an overlap, a deputy who does not hold the role on each of
        them, or oneself.
        """
        cover = Cover(
            id=CoverId(f"cover-{secrets.token_hex(_ID_BYTES)}"),
            agency=guardian.agency,
            guardian=guardian.id,
            deputy=deputy,
            first=first,
            last=last,
            set_by=guardian.id,
            set_at=self.clock(),
        )
        with self.transaction() as tx:
            standing = tx.advising.covers_of(guardian.agency, min(first, self.today()))
            if (same := _same(cover, standing)) is not None:
                return same
            holders = tx.people.roles_for(guardian.agency, Role.GUARDIAN)
            if faults := tuple(self._faults(tx, cover, standing, holders)):
                raise FaultyDocumentError(faults)
            tx.append(advising.cover_set(cover, tx.advising.put_cover(cover)))
        return cover

    def standing(self, guardian: Person) -> tuple[Cover, ...]:
        """Return the covers of a body that stand today or later, the first first."""
        with self.transaction() as tx:
            return tx.advising.covers_of(guardian.agency, self.today())

    def deputies(self, guardian: Person) -> tuple[PersonId, ...]:
        """Return who else holds the role for the Guardian's body today."""
        with self.transaction() as tx:
            acting = tx.people.acting(guardian.agency, Role.GUARDIAN, self.today())
            return tuple(sorted(one.id for one in acting if one.id != guardian.id))

    def today(self) -> date:
        """Return the day in the United Kingdom."""
        return uk_day(self.clock())

    def _faults(
        self,
        tx: Transaction,
        cover: Cover,
        standing: Iterable[Cover],
        holders: Iterable[RoleHolding],
    ) -> Iterator[Fault]:
        if cover.deputy == cover.guardian:
            yield Fault(place="deputy", problem="is yourself; name a deputy")
        elif not _holds_throughout(cover, holders) or not _is_active(tx, cover.deputy):
            yield Fault(
                place="deputy",
                problem="does not hold the role of a Guardian here on each of these days",
            )
        if cover.first < self.today():
            yield Fault(place="first", problem="must be today or later")
        if cover.last < cover.first:
            yield Fault(place="last", problem="must be the first day or later")
        elif (cover.last - cover.first).days >= MOST_DAYS:
            yield Fault(place="last", problem=f"makes more than {MOST_DAYS} days")
        if any(cover.overlaps(one) and _concerns(cover, one) for one in standing):
            yield Fault(
                place="first",
                problem="overlaps another cover of yours, or days on which the deputy is away",
            )


def _same(cover: Cover, standing: Iterable[Cover]) -> Cover | None:
    said = (cover.guardian, cover.deputy, cover.first, cover.last)
    return next(
        (one for one in standing if (one.guardian, one.deputy, one.first, one.last) == said), None
    )


def _concerns(cover: Cover, other: Cover) -> bool:
    return other.guardian in {cover.guardian, cover.deputy}


def _holds_throughout(cover: Cover, holders: Iterable[RoleHolding]) -> bool:
    theirs = [held for held in holders if held.person == cover.deputy]
    days = (cover.last - cover.first).days if cover.last >= cover.first else 0
    asked = (cover.first + timedelta(days=number) for number in range(min(days, MOST_DAYS) + 1))
    return all(any(held.stands_on(day) for held in theirs) for day in asked)


def _is_active(tx: Transaction, person: PersonId) -> bool:
    found = tx.people.find(person)
    return found is not None and found.disabled_on is None
