"""Read the table of law that cards cite, with how each entry was read and when it is in force."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from policies.reading.strict_toml import Faults, Section, Source, top

SHARING_DUTY: Final = "children-act-16la"
"""The entry that the duty to share about a child stands under (rule R38)."""

UNVERIFIED: Final = "unverified"
_READ: Final = ("verified", "secondary")
_TAGS: Final = (*_READ, UNVERIFIED, "design")
_EXTENTS: Final = ("United Kingdom", "Great Britain", "England and Wales", "England")
_IDENTIFIER: Final = re.compile(r"[a-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a source was read: which edition, by whom, and by which day."""

    edition: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Commencement:
    """The day on which something came into force, as a named person entered it with its source."""

    day: date
    source: str
    entered_by: str
    entered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One source of law or guidance; `tag` and `read_in` say how it was read.

    `extent` is the part of the United Kingdom where it applies; it is unverified for all. What is
    `off_until_commencement` is not in force before somebody has entered its commencement.
    """

    citation: str
    sentence: str
    tag: str
    read_in: str
    reading: Reading | None
    extent: str
    in_force_from: date | None
    in_force_to: date | None
    off_until_commencement: bool
    commencement: Commencement | None

    @property
    def begins(self) -> date | None:
        """The first day on which it is in force, where one is known."""
        return self.in_force_from if self.commencement is None else self.commencement.day

    @property
    def is_off(self) -> bool:
        """Whether it waits for its commencement to be entered."""
        return self.off_until_commencement and self.commencement is None

    def is_in_force(self, on: date) -> bool:
        """Say whether it is in force on a day; a day that is not given bounds nothing."""
        if self.is_off:
            return False
        started = self.begins is None or self.begins <= on
        return started and (self.in_force_to is None or on <= self.in_force_to)

    def is_stale(self, on: date) -> bool:
        """Say whether it was read and nobody has looked at it for 12 months."""
        if self.reading is None:
            return False
        read = self.reading.on
        # Compared as numbers: what was read on 29 February is fresh to the end of 28 February.
        return (on.year, on.month, on.day) > (read.year + 1, read.month, read.day)


def read_laws(source: Source, faults: Faults) -> dict[str, Law]:
    """Return the law of a rulebook by id."""
    return {name: _law(section) for name, section in top(source, faults).each()}


def _law(section: Section) -> Law:
    law = Law(
        citation=section.text("citation"),
        sentence=section.text("sentence"),
        tag=section.choice("tag", _TAGS),
        read_in=section.text("read-in"),
        reading=_reading(section),
        extent=section.choice("extent", _EXTENTS),
        in_force_from=section.optional_day("in-force-from"),
        in_force_to=section.optional_day("in-force-to"),
        off_until_commencement=section.flag("off-until-commencement"),
        commencement=_commencement(section),
    )
    section.finish()
    if (law.tag in _READ) != (law.reading is not None):
        text = "What was read, and nothing else, says its edition, read-by and read-on."
        section.fault(text, at=law.citation)
    if law.commencement is not None and not law.off_until_commencement:
        section.fault("Only what is off until its commencement has one.", at=law.citation)
    if law.off_until_commencement and law.in_force_from is not None:
        section.fault("What waits for its commencement begins with it.", at=law.citation)
    return law


def _reading(section: Section) -> Reading | None:
    said = [heading for heading in ("edition", "read-by", "read-on") if section.has(heading)]
    if not said:
        return None
    return Reading(
        edition=section.text("edition"), by=section.text("read-by"), on=section.day("read-on")
    )


def _commencement(section: Section) -> Commencement | None:
    if not section.has("commencement"):
        return None
    inner = section.section("commencement")
    commencement = Commencement(
        day=inner.day("day"),
        source=inner.text("source"),
        entered_by=inner.text("entered-by"),
        entered_on=inner.day("entered-on"),
    )
    inner.finish()
    if not _IDENTIFIER.fullmatch(commencement.entered_by):
        inner.fault("'entered-by' is an identifier, never a name.", at="entered-by")
    return commencement
