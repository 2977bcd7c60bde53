"""The document of a pack on paper before it is decided: exactly what its recipient would see.

A print is made from the case once for each look, and that look is an entry. Its pictures belong to
the page that shows them, so they are kept in memory for as long as somebody looks at it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from broker.domain.errors import UnknownReferenceError
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.guardian.answer import Answer
from broker.guardian.before_opening import disclosure_to_open
from broker.guardian.referral import Standing
from broker.guardian.referrals import Referrals
from broker.ledger.readings import Entrance
from broker.packs.assembly import Draw, PackParts, on_paper
from broker.packs.opening import pictures_of
from keys import PersonId

KEPT_FOR: Final = timedelta(minutes=10)
"""How long a print is at hand after it was made."""

MOST: Final = 8
"""How many prints are at hand at once; the oldest goes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A document on paper: the PDF, and each page as a PNG picture."""

    pdf: bytes = field(repr=False)
    pages: tuple[bytes, ...] = field(repr=False)
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """Puts packs on paper for Guardians to read; what is at hand is in memory alone."""

    referrals: Referrals
    draw: Draw
    clock: Callable[[], datetime]
    _kept: dict[tuple[PersonId, Reference], Print] = field(
        default_factory=dict[tuple[PersonId, Reference], Print], repr=False
    )
    _lock: Lock = field(default_factory=Lock, repr=False)

    def foreseen(
        self, reference: Reference, guardian: Person, answer: Answer, how: Entrance
    ) -> tuple[Standing, Print | None]:
        """Return what an answer would lead to, and on paper what would go; nothing is kept.

        Raises as `Referrals.preview`, and what putting it on paper raises.
        """
        standing = self.referrals.preview(reference, guardian, answer, how)
        if standing.parts is None:
            return standing, None
        return standing, self._print(reference, guardian, standing.parts)

    def as_it_would_go(self, reference: Reference, guardian: Person, how: Entrance) -> Print:
        """Return on paper what an independent approval would let go; raises as `foreseen`."""
        return self._print(reference, guardian, self.referrals.parts(reference, guardian, how))

    def _print(self, reference: Reference, guardian: Person, parts: PackParts) -> Print:
        pdf = on_paper(parts, self.draw)
        made = Print(pdf=pdf, pages=pictures_of(pdf), made_at=self.clock())
        with self._lock:
            self._forget_old()
            self._kept.pop((guardian.id, reference), None)
            while len(self._kept) >= MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[guardian.id, reference] = made
        return made

    def at_hand(self, reference: Reference, guardian: Person) -> Print:
        """Return what was printed last for this Guardian; raises `UnknownReferenceError`."""
        # Whose it is may have changed since it was printed.
        disclosure_to_open(self.referrals.transaction, reference, guardian)
        with self._lock:
            self._forget_old()
            found = self._kept.get((guardian.id, reference))
        if found is None:
            raise UnknownReferenceError
        return found

    def forget(self, reference: Reference, guardian: Person) -> None:
        """Forget what was printed, since it was decided or put aside."""
        with self._lock:
            self._kept.pop((guardian.id, reference), None)

    def _forget_old(self) -> None:
        now = self.clock()
        old = [key for key, one in self._kept.items() if now - one.made_at > KEPT_FOR]
        for key in old:
            del self._kept[key]
