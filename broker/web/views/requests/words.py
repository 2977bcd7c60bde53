"""How a request is put to people: where it stands, how it was answered, how late it is."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from broker.domain.partner_requests.copies import (
    CopyState,
    answer_stands,
)
from broker.domain.states import State
from broker.partner_requests.shown.lines import Line

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


def stands(line: Line) -> str:
    """Return where a copy stands, in words for either side."""
    copy = line.copy
    if copy.waits and line.question in {State.REFERRED, State.ASKED}:
        return "Not asked yet: the asker's Guardian decides"
    if copy.waits and line.question is State.REFUSED:
        return "Never asked: the asker's Guardian said no"
    if copy.state is CopyState.ANSWERED and copy.answer is not None:
        return answer_stands(copy.answer, line.goes)
    return _STANDS.get(copy.state, "Answered")
