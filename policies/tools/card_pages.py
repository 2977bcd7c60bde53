"""The cards of a rulebook as pages that can be read aloud; the guide prints the same words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from policies.reading.bundle import sources_of
from policies.reading.rulebook import Rulebook
from policies.reading.strict_toml import Faults, Section, Source, top

_MARKS: Final = {
    "never-waived": "Nothing sets this aside, not even an emergency.",
    "yields-to-compulsion": "Set aside where the law compels the disclosure (R20).",
    "guardian-may-approve": "An independent Guardian may approve it.",
}
_DUE: Final = {
    "same-day": " Due on the same day.",
    "next-working-day": " Due on the next working day.",
    "days-7": " Due within seven days.",
    "as-written": " Due on the day or event that is written; none: the broker sets one.",
}
_OWED_BY: Final = {
    "lead": " The sender's lead owes it.",
    "guardian": " A Guardian owes it.",
    "asking-body": " The body that asks owes it.",
    "next-to-decide": " Whoever decides next for the sender owes it.",
}


_CODE: Final = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")
"""What a card's condition holds of codes: words with hyphens between them."""

_VERBS: Final = frozenset({"holds", "does not hold", "cannot be told", "binds", "has", "lacks"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAnswer:
    """One answer of a card: its verdict, where it is given, what it says and would make lawful.

    `marks` say in sentences what sets it aside or approves it.
    """

    verdict: str
    where: str
    say: str
    lawful_if: str
    marks: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what it says, a sentence or two a line."""
        yield f"{self.verdict}{in_brackets(self.where)}. {self.say}"
        if self.lawful_if:
            yield f"Lawful if: {self.lawful_if}"
        yield from self.marks


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """One card in words: when it speaks, its answers in their order, what it obliges to, its law.

    `applies` and `speaks_where` are empty where nothing bounds it; `law` are citations. `meanings`
    say what each word means that stands for a code in its conditions.
    """

    rule: str
    title: str
    why: str
    applies: str
    speaks_where: str
    answers: tuple[CardAnswer, ...]
    duties: tuple[str, ...]
    law: tuple[str, ...]
    meanings: tuple[tuple[str, str], ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return all that the card says, line by line."""
        return (
            self.title,
            self.why,
            *([f"It applies {self.applies}."] if self.applies else []),
            *([f"It speaks where {self.speaks_where}."] if self.speaks_where else []),
            *(line for answer in self.answers for line in answer.lines()),
            *self.duties,
            *(f"{word}: {meaning}." for word, meaning in self.meanings),
            *(f"Law: {citation}" for citation in self.law),
        )


def card_pages(rulebook: Rulebook) -> tuple[CardPage, ...]:
    """Return every card of a rulebook as a page, in the order of their names."""
    sources = {source.name: source for source in sources_of(rulebook.bundle())}
    words = table_of(sources["vocabulary/words.toml"])
    meanings = {word: words.text(word) for word in words.names()}
    return tuple(
        _page(table_of(sources[name]), rulebook, meanings)
        for name in sorted(sources)
        if name.startswith("rules/")
    )


def table_of(source: Source) -> Section:
    """Return the table of a file of a rulebook that was read, and found good, before."""
    return top(source, Faults())


def _page(card: Section, rulebook: Rulebook, meanings: Mapping[str, str]) -> CardPage:
    return CardPage(
        rule=card.text("rule"),
        title=card.text("title"),
        why=card.text("why"),
        applies=days_in_words(card.optional_day("first-day"), card.optional_day("last-day")),
        speaks_where=_all(card.items("applies-when")),
        answers=tuple(map(_answer, card.sections("findings"))),
        duties=tuple(_duty(duty, rulebook) for duty in card.sections("duties")),
        law=tuple(rulebook.laws[name].citation for name in card.texts("law")),
        meanings=tuple(
            (spaced(code), meanings[code]) for code in sorted(_codes(card)) if code in meanings
        ),
    )


def _codes(card: Section) -> frozenset[str]:
    """Return the codes that the conditions of a card hold."""
    asked = [card, *card.sections("findings"), *card.sections("duties")]
    conditions = [
        one for part in asked for one in (*part.items("applies-when"), *part.items("when"))
    ]
    said = (clause if isinstance(clause, str) else str(clause) for clause in conditions)
    return frozenset(code for one in said for code in _CODE.findall(one))


def _answer(finding: Section) -> CardAnswer:
    status = finding.text("otherwise" if finding.has("otherwise") else "finding")
    verdict = finding.optional_text("decision") or status
    return CardAnswer(
        verdict=verdict.capitalize(),
        where=_all(finding.items("when")),
        say=finding.text("say"),
        lawful_if=finding.optional_text("lawful-if") or "",
        marks=tuple(words for mark, words in _MARKS.items() if finding.has(mark)),
    )


def _duty(duty: Section, rulebook: Rulebook) -> str:
    kind = rulebook.obligations[duty.text("oblige")]
    always = "Whatever the outcome: " if kind.whatever_the_outcome else ""
    due = _DUE.get(kind.settled.get("due", ""), "")
    by = _OWED_BY.get(kind.settled.get("owed-by", ""), "")
    return f"{always}{kind.sentence}{due}{by}{where_in(duty.items('when'))}"


def where_in(conditions: Iterable[object]) -> str:
    """Return conditions as words in brackets, nothing where there are none."""
    return in_brackets(_all(conditions))


def in_brackets(said: str) -> str:
    """Return where something holds, as it stands behind it; nothing where it always does."""
    return f" (where {said})" if said else ""


def days_in_words(first: date | None, last: date | None) -> str:
    """Return from which day to which something holds, as far as they are known."""
    days = (("from", first), ("to", last))
    return " ".join(f"{word} {day}" for word, day in days if day is not None)


def _all(conditions: Iterable[object]) -> str:
    return ", and ".join(map(_clause, conditions))


def spaced(clause: str) -> str:
    """Return a condition with its codes as words: `purpose is partner request`.

    Where a word is a verb, as of an agreement that holds, all of the condition's are quoted.
    """
    said = _CODE.sub(lambda code: code.group().replace("-", " "), clause)
    fact, is_, words = said.partition(" is ")
    options = words.split(" or ")
    if _VERBS.isdisjoint(options):
        return said
    quoted = " or ".join(f'"{option}"' for option in options)
    return f"{fact}{is_}{quoted}"


def _clause(clause: object) -> str:
    if isinstance(clause, str):
        return spaced(clause)
    (choices,) = cast("dict[str, list[str]]", clause).values()
    return f"either {' or else '.join(map(spaced, choices))}"
