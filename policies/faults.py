"""What is wrong with a facts document: each missing, extra, misspelt or ill-typed fact.

A fault names places of our own schema and the nearest known name, never what was sent. An
extra entry is named only where its name looks like a fact's name.
"""

import re
from collections.abc import Collection, Iterable, Iterator, KeysView, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, cast

from policies.facts import Facts
from policies.kinds import IllTypedError, Value, nearest
from policies.reading.vocabulary import Members, Vocabulary

_LIKE_A_FACT: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_NOT_AFTER_TODAY: Final = ("subject.date_of_birth", "concern.observed_on")


class FaultKind(StrEnum):
    """What is wrong with one fact."""

    MISSING = "missing"
    EXTRA = "extra"
    ILL_TYPED = "ill-typed"
    IN_THE_FUTURE = "in-the-future"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One faulty fact: its place, what is wrong, and the known name that is most like it."""

    place: str
    kind: FaultKind
    say: str
    nearest: str | None = None

    def __str__(self) -> str:
        hint = "" if self.nearest is None else f" Did you mean '{self.nearest}'?"
        return f"{self.place}: {self.say}{hint}"


def faults_in(document: object, vocabulary: Vocabulary) -> tuple[Fault, ...]:
    """Return every fault of a whole facts document; none means that it can be judged."""
    answer = read_facts(document, vocabulary)
    return () if isinstance(answer, Facts) else answer


def faults_in_subset(
    document: object,
    vocabulary: Vocabulary,
    *,
    under: Iterable[str],
    today: date | None = None,
) -> tuple[Fault, ...]:
    """Return every fault of a document that holds just some facts of the whole.

    `under` names them: a place (`concern.harm`) or a group (`told`). Days that may not lie in
    the future are compared with `today` where it is given.
    """
    wanted = tuple(under)
    groups = {
        group: members
        for group, whole in vocabulary.document.items()
        if (members := _members(group, whole, wanted))
    }
    values, faults = _read(document, groups, vocabulary)
    if today is not None:
        faults.extend(_future(values, today))
    return tuple(faults)


def read_facts(document: object, vocabulary: Vocabulary) -> Facts | tuple[Fault, ...]:
    """Return the facts of a document, or every fault that keeps it from being judged."""
    values, faults = _read(document, vocabulary.document, vocabulary)
    facts = Facts(values=values)
    if "asked_at" in values:
        faults.extend(_future(values, facts.today()))
    return tuple(faults) if faults else facts


def _members(group: str, members: Members, wanted: Collection[str]) -> Members:
    if group in wanted:
        return members
    return {name: fact for name, fact in members.items() if fact.place in wanted}


def _read(
    document: object, groups: Mapping[str, Members], vocabulary: Vocabulary
) -> tuple[dict[str, Value], list[Fault]]:
    values: dict[str, Value] = {}
    faults: list[Fault] = []
    sent = _known(document, "", groups.keys(), faults)
    for group, members in groups.items():
        if group not in sent:
            continue
        alone = group in vocabulary.shapes
        inner = sent if alone else _known(sent[group], group, members.keys(), faults)
        for name, (place, read) in members.items():
            if name in inner:
                try:
                    values[place] = read(inner[name])
                except IllTypedError as error:
                    faults.append(_ill_typed(place, error))
    return values, faults


def _ill_typed(place: str, error: IllTypedError) -> Fault:
    say = f"This fact {error}."
    return Fault(place=place, kind=FaultKind.ILL_TYPED, say=say, nearest=error.nearest)


def _known(
    sent: object, group: str, known: KeysView[str], faults: list[Fault]
) -> Mapping[object, object]:
    """Return what was sent for a group, noting what is missing and what is beyond it."""
    if not isinstance(sent, dict):
        say = "These facts must be a group of named facts."
        faults.append(Fault(place=group or "facts", kind=FaultKind.ILL_TYPED, say=say))
        return {}
    entries = cast("dict[object, object]", sent)
    if entries.keys() != known:
        prefix = f"{group}." if group else ""
        faults.extend(_missing(prefix, name) for name in known if name not in entries)
        faults.extend(_extra(prefix, name, known) for name in entries if name not in known)
    return entries


def _missing(prefix: str, name: str) -> Fault:
    say = "This fact is missing; 'unknown' is an answer where nobody knows."
    return Fault(place=f"{prefix}{name}", kind=FaultKind.MISSING, say=say)


def _extra(prefix: str, name: object, known: Iterable[str]) -> Fault:
    if not isinstance(name, str) or not _LIKE_A_FACT.fullmatch(name):
        say = "There is an entry here whose name is not the name of a fact."
        return Fault(place=f"{prefix}?", kind=FaultKind.EXTRA, say=say)
    say = "There is no fact of this name."
    near = nearest(name, tuple(known))
    return Fault(place=f"{prefix}{name}", kind=FaultKind.EXTRA, say=say, nearest=near)


def _future(values: Mapping[str, Value], today: date) -> Iterator[Fault]:
    for place in _NOT_AFTER_TODAY:
        day = values.get(place)
        if isinstance(day, date) and day > today:
            say = "This day lies after the day judged."
            yield Fault(place=place, kind=FaultKind.IN_THE_FUTURE, say=say)
