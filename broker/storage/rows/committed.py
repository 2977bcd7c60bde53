"""What entries about a disclosure say that its case file keeps: no row of it is missed in silence.

Whoever has the database can delete a row, and what nobody finds would be taken for what nobody
wrote: a reply that withdraws an agreement, say. Each entry that speaks of something kept tells the
name under which it is; where that row is gone, nothing is read as if it had never been.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from audit.format.entry import Entry
from broker.storage.case_file import Part

_Told: TypeAlias = Mapping[str, int]
"""How many entries of each type there are by now."""

_Name: TypeAlias = Callable[[Entry, _Told], str]


def _decision(part: Part) -> _Name:
    return lambda _, told: part.numbered(told["decided"])


NAMED: Final[Mapping[tuple[str, str], _Name]] = {
    ("received", "pack_c"): lambda _, __: Part.PACK.value,
    ("decided", "release_c"): _decision(Part.RELEASE),
    ("decided", "withheld_c"): _decision(Part.WITHHELD),
    ("decided", "findings_c"): _decision(Part.FINDINGS),
    ("decided", "obligations_c"): _decision(Part.OBLIGATIONS),
    ("decided", "unperformed_c"): _decision(Part.UNPERFORMED),
    ("decided", "facts_c"): _decision(Part.FACTS),
    ("decided", "decision_c"): _decision(Part.DECISION),
    ("decided", "recipient_c"): _decision(Part.RECIPIENT),
    # A review is kept under the number of the decision that it leads to.
    ("reviewed", "reason_c"): lambda _, told: Part.REVIEW.numbered(told.get("decided", 0) + 1),
    ("asked", "question_c"): lambda _, told: Part.QUESTION.numbered(told["asked"]),
    # Not each question is replied to: a Guardian may decide without it.
    ("replied", "reply_c"): lambda _, told: Part.REPLY.numbered(told.get("asked", 0)),
    ("looked-back", "reason_c"): lambda one, _: Part.RETROSPECTIVE.about(str(one.event["cause"])),
    ("advice.asked", "question_c"): lambda one, _: Part.ADVICE_ASKED.about(_key_of(one)),
    ("advice.given", "answer_c"): lambda one, _: Part.ADVICE_GIVEN.about(_key_of(one)),
    ("revealed", "reader_c"): lambda one, _: Part.PAGE_READER.about(str(one.event["reader"])),
    ("page.answered", "reply_c"): lambda _, told: Part.PAGE_REPLY.numbered(told["page.answered"]),
    ("sent-by-hand", "receipt_c"): lambda _, __: Part.HAND_RECEIPT.value,
    ("retraction.asked", "why_c"): lambda _, __: Part.WHY_CALLED_BACK.value,
}
"""Under which name the words are kept that a field of an event commits to."""

AT_RANDOM: Final[Mapping[tuple[str, str], Part]] = {
    ("revealed", "why_c"): Part.WHY_TOLD_AGAIN,
    ("acknowledged", "spoken_c"): Part.SPOKEN_TO,
    ("recalled", "why_c"): Part.WHY_RECALLED,
    ("resend.asked", "why_c"): Part.WHY_RESENT,
    ("duty.done", "note_c"): Part.OF_A_DUTY,
    ("duty.given-up", "why_c"): Part.OF_A_DUTY,
    ("inbox.passed-on", "to_c"): Part.PASSED_ON,
    ("hold.set", "why_c"): Part.WHY_HELD,
}
"""Commitments to words under a name drawn at random: why, and to whom. No reader looks for one by
its name, so what is missed is how many a part should have."""

_ENDS: Final[Mapping[str, Part]] = {
    "acknowledged": Part.PASSPHRASE,
    "recalled": Part.PASSPHRASE,
    "expired": Part.PASSPHRASE,
    "page.expired": Part.PASSPHRASE,
    "panel-pack.withdrawn": Part.PANEL_COPY,
    "panel-pack.ended": Part.PANEL_COPY,
}
"""Which part is kept no longer from an entry of a type on."""

_OF_TYPE: Final[Mapping[str, Sequence[tuple[str, _Name]]]] = {
    type_: [(field, name) for (of, field), name in NAMED.items() if of == type_]
    for type_ in {type_ for type_, _ in NAMED}
}
_COUNTED: Final[Mapping[str, Sequence[tuple[str, Part]]]] = {
    type_: [(field, part) for (of, field), part in AT_RANDOM.items() if of == type_]
    for type_ in {type_ for type_, _ in AT_RANDOM}
}


class Committed:
    """The names under which a case file keeps what entries speak of, each entry heard once.

    `counted` is how many fields each part has whose names are drawn at random.
    """

    __slots__ = ("_files", "_told", "counted", "names")

    def __init__(self) -> None:
        """Begin before the first entry."""
        self._told: dict[str, int] = {}
        self._files: tuple[str, ...] = ()
        self.counted: Counter[Part] = Counter()
        self.names: tuple[str, ...] = ()

    def add(self, entry: Entry) -> None:
        """Hear the next entry about the disclosure, oldest first."""
        type_, event = entry.type, entry.event
        if type_ == "erased":
            self.names, self.counted = (), Counter()
            return
        self._told[type_] = self._told.get(type_, 0) + 1
        kept = [
            name(entry, self._told)
            for field, name in _OF_TYPE.get(type_, ())
            if event.get(field) is not None
        ]
        # The same few names stand in the file of each disclosure.
        self.names += tuple(map(sys.intern, map(str, (*kept, *self._made(entry)))))
        if (ended := _ended_by(entry)) in self.names:
            self.names = tuple(name for name in self.names if name != ended)
        for field, part in _COUNTED.get(type_, ()):
            self.counted[part] += event.get(field) is not None

    def _made(self, entry: Entry) -> tuple[str, ...]:
        """Return the names of what is kept from an entry on that no field commits to."""
        made: tuple[str, ...] = ()
        match entry.event:
            case {"type": "received", "attachments": int(count)}:
                self._files = tuple(f"attachment/{number}" for number in range(1, count + 1))
                made = tuple(f"{name}/reading" for name in self._files)
            case {"type": "decided", "outcome": "refer"}:
                made = self._files
            case {"type": "sealed"}:
                made = (*self._files, Part.RECORD, Part.SEALED, Part.PASSPHRASE)
            case {"type": "sent", "courier": "portal"}:
                made = (Part.PAGE,)
            case {"type": "revealed", "reader": int(reader)}:
                made = (Part.PAGE_SECRET.numbered(reader),)
            case {"type": "panel-pack.built"}:
                made = (Part.PANEL_COPY,)
            case _:
                pass
        return made


def _ended_by(entry: Entry) -> Part | None:
    """Return which part is kept no longer from an entry on."""
    if entry.type == "collected" and entry.event["form"] == "open":
        # Whoever fetched what opens without words has opened it.
        return Part.PASSPHRASE
    return _ENDS.get(entry.type)


def committed_by(entries: Iterable[Entry]) -> Sequence[str]:
    """Return the names of what these entries, oldest first, say that the case file keeps.

    None of an erased case.
    """
    committed = Committed()
    for entry in entries:
        committed.add(entry)
    return committed.names


def _key_of(entry: Entry) -> str:
    """Return the primary key of the row that an entry vouches for."""
    return str(entry.event["row"]).partition("/")[2]
