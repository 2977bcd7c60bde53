"""What entries say of the marks by which later concerns find a reference, and that they went."""

from collections.abc import Iterable, Mapping
from typing import Final

from audit.format.entry import Entry
from broker.domain.cases.earlier import Side

_FIELDS: Final[Mapping[str, Mapping[Side, str]]] = {
    "received": {Side.ENTERED: "marks_mac"},
    "sealed": {Side.RECEIVED: "marks_mac"},
    "earlier.marked": {Side.ENTERED: "entered_mac", Side.RECEIVED: "received_mac"},
}
"""Which field of an event is of the marks on which side."""


class Marked:
    """What the newest entry says of the marks on each side, each entry heard once.

    A side is left out of which none speaks, and each once its marks went with the words.
    """

    __slots__ = ("said",)

    def __init__(self) -> None:
        """Begin before the first entry."""
        self.said: dict[Side, str] = {}

    def add(self, entry: Entry) -> None:
        """Hear the next entry about a disclosure, oldest first."""
        for side, name in _FIELDS.get(entry.type, {}).items():
            if isinstance(mac := entry.event.get(name), str):
                self.said[side] = mac
        if ends_memory(entry):
            self.said.clear()


def marked_by(entries: Iterable[Entry]) -> Mapping[Side, str]:
    """Return what these entries, oldest first, say of the marks of their disclosure by side."""
    marked = Marked()
    for entry in entries:
        marked.add(entry)
    return marked.said


def ends_memory(entry: Entry) -> bool:
    """Say whether by an entry the marks of its case went: with its words, or after them."""
    if entry.type == "erased":
        return entry.event.get("why") != "retention"
    return entry.type == "memory.ended"
