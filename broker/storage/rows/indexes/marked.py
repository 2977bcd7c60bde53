"""What entries say of the marks by which later concerns find a reference, and that they went."""

from collections.abc import Iterable, Mapping
from typing import Final

from audit.format.entry import Entry
from audit.log.known import Event
from broker.domain.cases.earlier import Side

_FIELDS: Final[Mapping[str, Mapping[Side, str]]] = {
    "received": {Side.ENTERED: "marks_mac"},
    "concern.noted": {Side.ENTERED: "marks_mac"},
    "concern.asked": {Side.ENTERED: "marks_mac"},
    "concern.checked": {Side.ENTERED: "marks_mac"},
    "concern.closed": {Side.ENTERED: "marks_mac"},
    "sealed": {Side.RECEIVED: "marks_mac"},
    "earlier.marked": {Side.ENTERED: "entered_mac", Side.RECEIVED: "received_mac"},
}
"""Which field of an event is of the marks on which side."""

_NONE: Final[Mapping[Side, str]] = {}


class Marked:
    """What the newest entry says of the marks on each side, each entry heard once.

    A side is left out of which none speaks, and each once its marks went with the words.
    """

    __slots__ = ("said",)

    def __init__(self) -> None:
        """Begin before the first entry."""
        self.said: dict[Side, str] = {}

    def add(self, event: Event) -> None:
        """Hear what the next entry about a reference records, oldest first."""
        for side, name in _FIELDS.get(str(event["type"]), _NONE).items():
            if isinstance(mac := event.get(name), str):
                self.said[side] = mac
        if ends_memory(event):
            self.said.clear()


def marked_by(entries: Iterable[Entry]) -> Mapping[Side, str]:
    """Return what these entries, oldest first, say of the marks of their reference by side."""
    marked = Marked()
    for entry in entries:
        marked.add(entry.event)
    return marked.said


def ends_memory(event: Event) -> bool:
    """Say whether by an event the marks of its case went: with its words, or after them."""
    type_ = event["type"]
    return type_ == "memory.ended" or (type_ == "erased" and event.get("why") != "retention")
