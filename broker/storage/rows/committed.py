"""What entries about a disclosure say that its case file keeps: no row of it is missed in silence.

Whoever has the database can delete a row, and what nobody finds would be taken for what nobody
wrote: a reply that withdraws an agreement, say. Each entry that speaks of something kept tells the
name under which it is; where that row is gone, nothing is read as if it had never been.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Final, TypeAlias

from audit.format.entry import Entry
from audit.log.known import Event
from broker.storage.case_file import Part

_Told: TypeAlias = Mapping[str, int]
"""How many entries of each type there are by now."""

_Name: TypeAlias = Callable[[Event, _Told], str]


_COPY: Final = "request_copy"


def _of_copy(_: Event, told: _Told) -> str:
    # Each change of a copy is its next version, and its words are kept under that.
    return Part.COPY.numbered(told[_COPY])


def _of_dispute(step: str) -> _Name:
    return lambda one, _: Part.DISPUTE.about(f"{_key_of(one).partition('.')[2]}.{step}")


def _decision(part: Part) -> _Name:
    # The same few names stand in the file of each disclosure, so each is made once.
    numbered = cache(part.numbered)
    return lambda _, told: numbered(told["decided"])


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
    ("looked-back", "reason_c"): lambda one, _: Part.RETROSPECTIVE.about(str(one["cause"])),
    ("advice.asked", "question_c"): lambda one, _: Part.ADVICE_ASKED.about(_key_of(one)),
    ("advice.given", "answer_c"): lambda one, _: Part.ADVICE_GIVEN.about(_key_of(one)),
    ("revealed", "reader_c"): lambda one, _: Part.PAGE_READER.about(str(one["reader"])),
    ("page.answered", "reply_c"): lambda _, told: Part.PAGE_REPLY.numbered(told["page.answered"]),
    ("sent-by-hand", "receipt_c"): lambda _, __: Part.HAND_RECEIPT.value,
    ("retraction.asked", "why_c"): lambda _, __: Part.WHY_CALLED_BACK.value,
    # What is said about a request is kept with the question.
    ("request.issued", "words_c"): _of_copy,
    ("request.opened", "words_c"): _of_copy,
    ("request.returned", "words_c"): _of_copy,
    ("request.extended", "words_c"): _of_copy,
    ("request.answered", "words_c"): _of_copy,
    ("request.looked-back", "reason_c"): lambda _, __: Part.ANSWER_HINDSIGHT.value,
    ("dispute.opened", "words_c"): _of_dispute("raised"),
    ("dispute.closed", "words_c"): _of_dispute("closed"),
}
"""Under which name the words are kept that a field of an event commits to."""

AT_RANDOM: Final[Mapping[tuple[str, str], Part]] = {
    ("revealed", "why_c"): Part.WHY_TOLD_AGAIN,
    ("acknowledged", "spoken_c"): Part.SPOKEN_TO,
    ("recalled", "why_c"): Part.WHY_RECALLED,
    ("resend.asked", "why_c"): Part.WHY_RESENT,
    ("disclosure.renewed", "why_c"): Part.WHY_RESENT,
    ("duty.done", "note_c"): Part.OF_A_DUTY,
    ("duty.given-up", "why_c"): Part.OF_A_DUTY,
    ("inbox.passed-on", "to_c"): Part.PASSED_ON,
    ("hold.set", "why_c"): Part.WHY_HELD,
}
"""Commitments to words under a name drawn at random: why, and to whom. No reader looks for one by
its name, so what is missed is how many a part should have."""

_ENDS: Final[Mapping[str, str]] = {
    "acknowledged": Part.PASSPHRASE.value,
    "recalled": Part.PASSPHRASE.value,
    "expired": Part.PASSPHRASE.value,
    "page.expired": Part.PASSPHRASE.value,
    "panel-pack.withdrawn": Part.PANEL_COPY.value,
    "panel-pack.ended": Part.PANEL_COPY.value,
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


_NUMBERED: Final = frozenset({"decided", "asked", "page.answered", _COPY})
"""Of which types an entry's place among those of its type is in a name; of a copy, any change."""

_NONE_KEPT: Final[Mapping[Part, int]] = {}


class Committed:
    """The names under which a case file keeps what entries speak of, each entry heard once.

    `counted` is how many fields each part has whose names are drawn at random.
    """

    __slots__ = ("_files", "_told", "counted", "names")

    def __init__(self) -> None:
        """Begin before the first entry."""
        self._told: dict[str, int] = {}
        self._files: tuple[str, ...] = ()
        self.counted: Mapping[Part, int] = _NONE_KEPT
        self.names: tuple[str, ...] = ()

    def add(self, event: Event) -> None:
        """Hear what the next entry about the disclosure records, oldest first."""
        type_ = str(event["type"])
        if type_ == "erased":
            self.names, self.counted = (), _NONE_KEPT
            return
        self._keep(event, type_, self._made(event))
        ended = _ended_by(event)
        if ended is not None and ended in self.names:
            self.names = tuple(name for name in self.names if name != ended)
        for field, part in _COUNTED.get(type_, ()):
            if event.get(field) is not None:
                self.counted = {**self.counted, part: self.counted.get(part, 0) + 1}

    def add_of_copy(self, event: Event) -> None:
        """Hear what the next entry about the request's copy records whose question this is."""
        changes = str(event.get("row")).startswith(f"{_COPY}/")
        self._keep(event, _COPY if changes else str(event["type"]), ())

    def _keep(self, event: Event, counted_as: str, made: Iterable[str]) -> None:
        if counted_as in _NUMBERED:
            self._told[counted_as] = self._told.get(counted_as, 0) + 1
        kept = [
            name(event, self._told)
            for field, name in _OF_TYPE.get(str(event["type"]), ())
            if event.get(field) is not None
        ]
        kept += made
        if kept:
            self.names += tuple(kept)

    def _made(self, event: Event) -> Iterable[str]:
        """Return the names of what is kept from an entry on that no field commits to."""
        made: Iterable[str] = ()
        match event["type"]:
            case "received" if isinstance(count := event.get("attachments"), int):
                self._files, made = _files_of(count)
            case "decided" if event["outcome"] == "refer":
                made = self._files
            case "sealed":
                made = (*self._files, Part.RECORD.value, Part.SEALED.value, Part.PASSPHRASE.value)
            case "sent" if event["courier"] == "portal":
                made = (Part.PAGE.value,)
            case "revealed" if isinstance(reader := event.get("reader"), int):
                made = (Part.PAGE_SECRET.numbered(reader),)
            case "panel-pack.built":
                made = (Part.PANEL_COPY.value,)
            case _:
                pass
        return made


@cache
def _files_of(count: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of so many attachments, and of what the reader made of each."""
    files = tuple(f"attachment/{number}" for number in range(1, count + 1))
    return files, tuple(f"{name}/reading" for name in files)


def _ended_by(event: Event) -> str | None:
    """Return which part is kept no longer from an entry on."""
    if event["type"] == "collected" and event["form"] == "open":
        # Whoever fetched what opens without words has opened it.
        return Part.PASSPHRASE.value
    return _ENDS.get(str(event["type"]))


def committed_by(entries: Iterable[Entry], of_copy: Iterable[Entry] = ()) -> Sequence[str]:
    """Return the names of what these entries, oldest first, say that the case file keeps.

    `of_copy` are those about the copy whose question it is. None of an erased case.
    """
    committed = Committed()
    told = [(entry.seq, entry, committed.add) for entry in entries]
    told += [(entry.seq, entry, committed.add_of_copy) for entry in of_copy]
    for _, entry, add in sorted(told, key=itemgetter(0)):
        add(entry.event)
    return committed.names


def _key_of(event: Event) -> str:
    """Return the primary key of the row that an entry vouches for."""
    return str(event["row"]).partition("/")[2]
