"""Faults in the questions of a pack: which fact, what is wrong, and every word that may stand."""

import re
from collections.abc import Iterator, Mapping
from typing import Protocol
from unicodedata import category

from broker.domain.errors import Fault
from broker.domain.facts import ANSWERED_BY_PEOPLE
from broker.domain.guardians.settling import BESIDE, UNSETTLED
from broker.domain.json_values import is_array, is_object
from broker.domain.obligations import CONFIRMED_BY_THE_SENDER
from broker.intake.near_names import NearNames
from policies import Vocabulary

_LIKE_A_FACT = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_LISTED = 20
_FEWEST_LETTERS = 4
_MARKS = frozenset({"Sm", "Sc", "Sk"})
_PLACEHOLDERS = frozenset(
    {"unknown", "not known", "none", "nothing", "nil", "n a", "na", "tbc", "tba", "to follow"}
    | {"see above", "as above", "see below", "not applicable", "dont know", "don t know", "xxxx"}
)


class _Shape(Protocol):
    """What is read of a fact's shape."""

    @property
    def kind(self) -> str: ...
    @property
    def words(self) -> tuple[str, ...]: ...
    @property
    def minimum(self) -> int: ...
    @property
    def maximum(self) -> int: ...


def question_faults(
    questions: Mapping[str, object], vocabulary: Vocabulary, near: NearNames
) -> Iterator[Fault]:
    """Yield every fault of the questions; what was sent is not repeated."""
    asked = _asked(vocabulary)
    yield from _strangers("questions", questions, [*asked, "confirmed"], near)
    for group, members in asked.items():
        if group not in questions:
            shape = vocabulary.shapes.get(group)
            wanted = _wanted(shape) if shape else _group(group, members, vocabulary)
            yield Fault(place=f"questions.{group}", problem=f"is missing; it must be {wanted}")
        elif group in vocabulary.shapes:
            yield from _answer_faults(group, questions[group], vocabulary, near)
        elif is_object(inner := questions[group]):
            yield from _member_faults(group, inner, members, vocabulary, near)
        else:
            wanted = _group(group, members, vocabulary)
            yield Fault(place=f"questions.{group}", problem=f"must be {wanted}")
    confirmed = questions.get("confirmed", [])
    if not is_array(confirmed) or not set(map(str, confirmed)) <= set(CONFIRMED_BY_THE_SENDER):
        known = ", ".join(sorted(CONFIRMED_BY_THE_SENDER))
        yield Fault(place="questions.confirmed", problem=f"must be a list; it may hold: {known}")


def settlement_faults(answers: Mapping[str, object], vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield every fault of answers that a reply gives, each at the place of its question."""
    near = NearNames()
    known = sorted({*UNSETTLED, *(place for beside in BESIDE.values() for place in beside)})
    for place, value in answers.items():
        if place in known:
            yield from _answer_faults(place, value, vocabulary, near)
    if not answers.keys() <= set(known):
        problem = f"holds what no reply answers; it may answer: {', '.join(known)}"
        yield Fault(place="answers", problem=problem)


def says_nothing(text: str) -> bool:
    """Say whether a text that is not empty stands for words without being any."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return len(words) < _FEWEST_LETTERS or words in _PLACEHOLDERS


def holds_no_word(text: str) -> bool:
    """Say whether a text is nothing but marks, such as a full stop; an emoji is a word."""
    return all(category(one)[0] in "PZC" or category(one) in _MARKS for one in text)


NOT_WRITTEN = "is not written; say it in words"
"""What is wrong with a text that says nothing."""


def _asked(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return the facts that people answer, by group; a fact that stands alone has no members."""
    return {
        group: tuple(members)
        for group, whole in vocabulary.document.items()
        if (
            members := [
                name
                for name, fact in whole.items()
                if group in ANSWERED_BY_PEOPLE or fact.place in ANSWERED_BY_PEOPLE
            ]
        )
    }


def _member_faults(
    group: str,
    sent: Mapping[str, object],
    members: tuple[str, ...],
    vocabulary: Vocabulary,
    near: NearNames,
) -> Iterator[Fault]:
    yield from _strangers(f"questions.{group}", sent, members, near)
    for name in members:
        place = f"{group}.{name}"
        if name in sent:
            yield from _answer_faults(place, sent[name], vocabulary, near)
        else:
            wanted = _wanted(vocabulary.shapes[place])
            yield Fault(place=f"questions.{place}", problem=f"is missing; it must be {wanted}")


def _strangers(
    above: str, sent: Mapping[str, object], known: tuple[str, ...] | list[str], near: NearNames
) -> Iterator[Fault]:
    strangers = [name for name in sent if name not in known]
    for name in strangers[:_LISTED]:
        if not _LIKE_A_FACT.fullmatch(name):
            problem = f"has a name that is no question; it may have: {', '.join(known)}"
            yield Fault(place=f"{above}.?", problem=problem)
            continue
        meant = near.word(name, known)
        hint = f"; did you mean {meant}?" if meant else f"; there are: {', '.join(known)}"
        problem = f"is not a question that a sender answers{hint}"
        yield Fault(place=f"{above}.{name}", problem=problem)
    if len(strangers) > _LISTED:
        more = len(strangers) - _LISTED
        yield Fault(place=above, problem=f"has {more:,} more names that are no questions")


def _answer_faults(
    place: str, value: object, vocabulary: Vocabulary, near: NearNames
) -> Iterator[Fault]:
    shape, (group, _, name) = vocabulary.shapes[place], place.partition(".")
    where = f"questions.{place}"
    try:
        vocabulary.document[group][name or group].read(value)
    except ValueError:
        is_word = isinstance(value, str) and shape.kind == "one of"
        meant = near.word(str(value), shape.words) if is_word else None
        hint = f"; did you mean {meant}?" if meant else ""
        yield Fault(place=where, problem=f"must be {_wanted(shape)}{hint}")
        return
    if isinstance(value, str) and shape.kind == "text" and value and says_nothing(value):
        yield Fault(place=where, problem=f"{NOT_WRITTEN}, or leave it empty")
    if is_object(value) and shape.kind == "reasons by field":
        for field, reason in value.items():
            if says_nothing(str(reason)):
                yield Fault(place=f"{where}.{field}", problem=f"{NOT_WRITTEN}, or take it out")


def _group(group: str, members: tuple[str, ...], vocabulary: Vocabulary) -> str:
    spelt = (f"{name} ({_wanted(vocabulary.shapes[f'{group}.{name}'])})" for name in members)
    return f"an object with {'; '.join(spelt)}"


_WANTED: Mapping[str, str] = {
    "one of": "one of: {words}",
    "list of": "a list, each at most once, of: {words}",
    "list of fields": "a list of fields of the form, each at most once, or an empty list",
    "reasons by field": (
        "an object with a written reason, of 1 to 4,000 characters, by field of the form"
    ),
    "text": "text of at most 4,000 characters",
    "whole number": "a whole number from {least:,} to {most:,}",
    "day or nothing": "a day in the calendar such as 2026-03-16, or null where none is known",
    "age range or nothing": (
        "null, or an object with from and to, whole years from 0 to 120, the lower first"
    ),
}
"""What each kind of fact that people answer must be."""


def _wanted(shape: _Shape) -> str:
    return _WANTED[shape.kind].format(
        words=", ".join(shape.words), least=shape.minimum, most=shape.maximum
    )
