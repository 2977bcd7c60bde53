"""Read the table of law that cards cite, with how each entry was read."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from policies.reading.strict_toml import Faults, Section, Source, top

_TAGS: Final = ("verified", "secondary", "unverified", "design")
_EXTENTS: Final = ("United Kingdom", "Great Britain", "England and Wales", "England")


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One source of law or guidance; `tag` and `read_in` say how it was read.

    `extent` is the part of the United Kingdom where it applies; it is unverified for all.
    """

    citation: str
    sentence: str
    tag: str
    read_in: str
    extent: str
    in_force_from: date | None
    in_force_to: date | None

    def is_in_force(self, on: date) -> bool:
        """Say whether it is in force on a day; a day that is not given bounds nothing."""
        started = self.in_force_from is None or self.in_force_from <= on
        return started and (self.in_force_to is None or on <= self.in_force_to)


def read_laws(source: Source, faults: Faults) -> dict[str, Law]:
    """Return the law of a rulebook by id."""
    return {name: _law(section) for name, section in top(source, faults).each()}


def _law(section: Section) -> Law:
    law = Law(
        citation=section.text("citation"),
        sentence=section.text("sentence"),
        tag=section.choice("tag", _TAGS),
        read_in=section.text("read-in"),
        extent=section.choice("extent", _EXTENTS),
        in_force_from=section.optional_day("in-force-from"),
        in_force_to=section.optional_day("in-force-to"),
    )
    section.finish()
    return law
