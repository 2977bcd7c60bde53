"""What somebody asks of the record, read from the address of a page, with what is wrong in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from audit.format.entry import MAX_INTEGER
from audit.format.event_table import EVENT_TYPES
from broker.domain.references import is_identifier
from broker.ledger.explorer.filters import Act, Wanted
from broker.ledger.explorer.one_entry import words_of
from broker.web.forms.problems import Problem

_REFERENCE: Final = re.compile(r"[A-Z]{2,5}-[0-9A-Z]{4}-[0-9A-Z]{4}")
_PARTS: Final = ("day", "month", "year")

ACTS: Final[Mapping[Act, str]] = {
    Act.SENDER: "Whoever sent it",
    Act.LEAD: "Leads, managers and advisers",
    Act.GUARDIAN: "A Caldicott Guardian",
    Act.BROKER: "The broker itself",
    Act.READER: "Whoever read something",
    Act.RECIPIENT: "Whoever received it",
    Act.PARTNER: "Who asks a partner, and who answers",
    Act.PANEL: "A panel and whoever meets",
    Act.KEEPER: "Keepers of the directory",
    Act.ADMINISTRATOR: "Administrators",
    Act.OPERATOR: "Operators",
    Act.OTHER: "Others",
}
"""Whose act an entry is, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for, as typed and as read; with problems nothing is shown."""

    typed: Mapping[str, str]
    wanted: Wanted
    before: int | None
    problems: tuple[Problem, ...]

    @property
    def query(self) -> str:
        """What narrows the list, as the end of an address; nothing that was not understood."""
        wanted, day = self.wanted, self.wanted.day
        said = {
            "reference": wanted.reference,
            "kind": wanted.kind,
            "act": wanted.act,
            **({f"day-{part}": getattr(day, part) for part in _PARTS} if day else {}),
            "body": wanted.body,
        }
        return urlencode({name: value for name, value in said.items() if value})


def read(arguments: Mapping[str, str]) -> Asked:
    """Return what is asked for by the parameters of an address."""
    names = ("reference", "kind", "act", *(f"day-{part}" for part in _PARTS), "body")
    typed = {name: arguments.get(name, "").strip() for name in names}
    reference = re.sub(r"[\s\u2010-\u2015]+", "-", typed["reference"].upper())
    day, faults = _day(typed)
    problems = list(faults)
    is_reference = _REFERENCE.fullmatch(reference) is not None
    if reference and not is_reference:
        message = "Enter a reference such as PRV-7Q4K-M2XH"
        problems.insert(0, Problem(field="reference", message=message))
    return Asked(
        typed=typed,
        wanted=Wanted(
            reference=reference if is_reference else None,
            kind=typed["kind"] if typed["kind"] in EVENT_TYPES else None,
            act=Act(typed["act"]) if typed["act"] in set(Act) else None,
            day=day,
            body=typed["body"] if is_identifier(typed["body"]) else None,
        ),
        before=number_in(arguments.get("before", "")),
        problems=tuple(problems),
    )


def number_in(text: str) -> int | None:
    """Return the number of an entry that somebody typed, None for anything else.

    >>> number_in("12"), number_in("-1"), number_in("9" * 30)
    (12, None, None)
    """
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_INTEGER))
    return int(text) if is_number else None


def kinds() -> Iterator[tuple[str, str]]:
    """Yield every kind of entry with its words, by the words."""
    return iter(sorted(((kind, words_of(kind)) for kind in EVENT_TYPES), key=lambda one: one[1]))


def _day(typed: Mapping[str, str]) -> tuple[date | None, tuple[Problem, ...]]:
    said = {part: typed[f"day-{part}"] for part in _PARTS}
    if not any(said.values()):
        return None, ()
    missing = next((part for part in _PARTS if not said[part]), None)
    if missing is not None:
        return None, (Problem(field=f"day-{missing}", message=f"Day must include a {missing}"),)
    numbers = [number_in(said[part]) for part in _PARTS]
    try:
        day, month, year = (-1 if number is None else number for number in numbers)
        return date(year, month, day), ()
    except (ValueError, OverflowError):
        return None, (Problem(field="day-day", message="Day must be a real date"),)
