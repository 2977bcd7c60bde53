"""The document of a pack on paper before it is decided: exactly what its recipient would see.

A print is made from the case once for each look, and that look is an entry. Its pictures belong to
the page that shows them, so they are kept in memory for as long as somebody looks at it.
"""

from dataclasses import dataclass, field

from broker.domain.errors import UnknownReferenceError
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.guardian.answer import Answer
from broker.guardian.before_opening import disclosure_to_open
from broker.guardian.paper.at_hand import AtHand
from broker.guardian.referral import Standing
from broker.guardian.referrals import Referrals
from broker.ledger.readings import Entrance
from broker.packs.assembly import Draw, PackParts, on_paper
from broker.packs.opening import pictures_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A document on paper: the PDF, and each page as a PNG picture."""

    pdf: bytes = field(repr=False)
    pages: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """Puts packs on paper for Guardians to read; what is at hand is in memory alone."""

    referrals: Referrals
    draw: Draw
    kept: AtHand[Print]

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
        made = Print(pdf=pdf, pages=pictures_of(pdf))
        self.kept.keep((guardian.id, reference), made)
        return made

    def at_hand(self, reference: Reference, guardian: Person) -> Print:
        """Return what was printed last for this Guardian; raises `UnknownReferenceError`."""
        # Whose it is may have changed since it was printed.
        disclosure_to_open(self.referrals.transaction, reference, guardian)
        found = self.kept.find((guardian.id, reference))
        if found is None:
            raise UnknownReferenceError
        return found

    def forget(self, reference: Reference, guardian: Person) -> None:
        """Forget what was printed, since it was decided or put aside."""
        self.kept.forget((guardian.id, reference))
