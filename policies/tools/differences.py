"""What one rulebook says otherwise than another: card by card, line by line, and its law."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import ndiff
from enum import StrEnum, unique

from policies.reading.rulebook import Rulebook
from policies.tools.card_pages import CardPage, card_pages


@unique
class Difference(StrEnum):
    """How a card, a source of law or a line differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChange:
    """A card that differs; `lines` are its lines of before and after, each with how it differs."""

    rule: str
    title: str
    difference: Difference
    lines: tuple[tuple[Difference, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Every card that differs, and the citations of law whose entries do.

    `wording_alone` says that the two mean the same, whatever their words.
    """

    cards: tuple[CardChange, ...]
    law: tuple[tuple[Difference, str], ...]
    wording_alone: bool


_MARKS = {"+ ": Difference.ADDED, "- ": Difference.REMOVED, "  ": Difference.SAME}


def differences(before: Rulebook, after: Rulebook) -> Differences:
    """Return what `after` says otherwise than `before`."""
    return Differences(
        cards=tuple(_changed_cards(_by_rule(before), _by_rule(after))),
        law=tuple(_changed_law(before, after)),
        wording_alone=before.meaning == after.meaning,
    )


def _by_rule(rulebook: Rulebook) -> Mapping[str, CardPage]:
    return {page.rule: page for page in card_pages(rulebook)}


def _changed_cards(
    before: Mapping[str, CardPage], after: Mapping[str, CardPage]
) -> Iterator[CardChange]:
    for rule in sorted({*before, *after}):
        old, new = before.get(rule), after.get(rule)
        shown = new or old
        if old == new or shown is None:
            continue
        yield CardChange(
            rule=rule,
            title=shown.title,
            difference=_difference(old, new),
            lines=tuple(_lines(old, new)),
        )


def _lines(old: CardPage | None, new: CardPage | None) -> Iterator[tuple[Difference, str]]:
    before, after = ([] if page is None else [*page.lines()] for page in (old, new))
    for line in ndiff(before, after):
        if (mark := line[:2]) in _MARKS:
            yield _MARKS[mark], line[2:]


def _changed_law(before: Rulebook, after: Rulebook) -> Iterator[tuple[Difference, str]]:
    for name in sorted({*before.laws, *after.laws}):
        old, new = before.laws.get(name), after.laws.get(name)
        shown = new or old
        if old != new and shown is not None:
            yield _difference(old, new), shown.citation


def _difference(old: object | None, new: object | None) -> Difference:
    if old is None:
        return Difference.ADDED
    return Difference.REMOVED if new is None else Difference.CHANGED
