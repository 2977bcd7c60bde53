"""What entries about a disclosure say that its case file keeps: no row of it is missed in silence.

Whoever has the database can delete a row, and what nobody finds would be taken for what nobody
wrote: a reply that withdraws an agreement, say. Each entry that commits to words tells the name
under which they are kept; where that row is gone, nothing is read as if it had never been.
"""

import sys
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
}
"""Under which name the words are kept that a field of an event commits to."""

AT_RANDOM: Final = frozenset(
    {
        ("revealed", "why_c"),
        ("acknowledged", "spoken_c"),
        ("recalled", "why_c"),
        ("resend.asked", "why_c"),
        ("duty.done", "note_c"),
        ("duty.given-up", "why_c"),
        ("inbox.passed-on", "to_c"),
        ("hold.set", "why_c"),
    }
)
"""Commitments to words under a name that nothing counts: why, and to whom. Nothing rests on them,
and no reader looks for them by name, so they may go unnamed."""

_OF_TYPE: Final[Mapping[str, Sequence[tuple[str, _Name]]]] = {
    type_: [(field, name) for (of, field), name in NAMED.items() if of == type_]
    for type_ in {type_ for type_, _ in NAMED}
}


class Committed:
    """The names under which a case file keeps what entries commit to, each entry heard once."""

    __slots__ = ("_told", "names")

    def __init__(self) -> None:
        """Begin before the first entry."""
        self._told: dict[str, int] = {}
        self.names: tuple[str, ...] = ()

    def add(self, entry: Entry) -> None:
        """Hear the next entry about the disclosure, oldest first."""
        type_ = entry.type
        if type_ == "erased":
            self.names = ()
            return
        named = _OF_TYPE.get(type_)
        if named is None:
            return
        self._told[type_] = self._told.get(type_, 0) + 1
        event, told = entry.event, self._told
        kept = (name(entry, told) for field, name in named if event.get(field) is not None)
        # The same few names stand in the file of each disclosure.
        self.names += tuple(map(sys.intern, kept))


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
