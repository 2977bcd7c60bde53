"""How a request is put to people: where it stands, how it was answered, how late it is."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from broker.domain.form import FIELD_BY_ID, Kind
from broker.domain.partner_requests.copies import AnswerKind, CopyState, Lateness
from broker.domain.states import State
from broker.partner_requests.views import Line
from broker.web.rendering import day

ANSWERS: Final[Mapping[AnswerKind, str]] = MappingProxyType(
    {
        AnswerKind.FULL: "Answered: all of it is shared",
        AnswerKind.PART: "Answered: part of it is shared",
        AnswerKind.NIL: "Answered: they hold nothing",
        AnswerKind.CANNOT_SAY: "Answered: they cannot say",
        AnswerKind.DECLINED: "Answered: not shared, with reasons",
        AnswerKind.REFERRED: "Answered: their Guardian decides what is shared",
    }
)

LATE: Final[Mapping[Lateness, str]] = MappingProxyType(
    {
        Lateness.NONE: "",
        Lateness.DUE_SOON: "Due soon",
        Lateness.LATE: "Late",
        Lateness.LATER: "Late for days",
    }
)

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "too-broad": "It asks for too much",
        "unclear": "It is not clear",
        "no-purpose": "It does not say what for",
        "wrong-body": "We are the wrong body",
    }
)

_STANDS: Final[Mapping[CopyState, str]] = MappingProxyType(
    {
        CopyState.ISSUED: "Waits for an answer",
        CopyState.OPENED: "In hand",
        CopyState.RETURNED: "Sent back",
        CopyState.WITHDRAWN: "No longer asked",
        CopyState.CLOSED: "Closed",
    }
)


def as_read(field: str, text: str) -> str:
    """Return the text of a field as people read it: a day in words."""
    known = FIELD_BY_ID.get(field)
    if known is None or known.kind is not Kind.DATE:
        return text
    return day(date.fromisoformat(text))


def stands(line: Line) -> str:
    """Return where a copy stands, in words for either side."""
    copy = line.copy
    if copy.waits and line.question in {State.REFERRED, State.ASKED}:
        return "Not asked yet: the asker's Guardian decides"
    if copy.waits and line.question is State.REFUSED:
        return "Never asked: the asker's Guardian said no"
    if copy.state is CopyState.ANSWERED and copy.answer is not None:
        return ANSWERS[copy.answer]
    return _STANDS.get(copy.state, "Answered")
