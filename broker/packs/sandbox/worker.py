"""What a shut-in process does: one request, one answer, and nobody believes it more than that.

inspect, kind, content                -> read, pages, text, remarks, has a copy, copy, pictures
draw, kind, budget, content, pictures -> drawn, page images
words, kind, content                  -> words, the text, for a PDF that of its form fields
                                      -> refused, reason
"""

from collections.abc import Callable, Mapping, Sequence

from broker.packs.attachments.boxes import boxes_of
from broker.packs.attachments.gate import examine
from broker.packs.attachments.kinds import Kind
from broker.packs.attachments.pictures.page_images import page_images
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason

INSPECT, DRAW, WORDS = b"inspect", b"draw", b"words"
READ, DRAWN, REFUSED = b"read", b"drawn", b"refused"


def answer(request: Sequence[bytes]) -> list[bytes]:
    """Return the answer to a request; every failure is a refusal of the file."""
    task, kind, *rest = request
    try:
        return _TASKS[task](Kind(kind.decode()), *rest)
    except AttachmentRefusedError as refused:
        return [REFUSED, refused.reason.encode()]
    except Exception:  # noqa: BLE001  # hostile files make drawing fail in ways that none documents
        return [REFUSED, Reason.TOO_MUCH.encode()]


def _inspected(kind: Kind, content: bytes) -> list[bytes]:
    reading = examine(kind, content)
    return [
        READ,
        str(reading.pages).encode(),
        reading.text.encode("utf-8", "replace"),
        ",".join(reading.remarks).encode(),
        b"0" if reading.copy is None else b"1",
        reading.copy or b"",
        *reading.pictures,
    ]


def _drawn(kind: Kind, budget: bytes, content: bytes, *pictures: bytes) -> list[bytes]:
    return [DRAWN, *page_images(kind, content, pictures, int(budget))]


def _words(kind: Kind, content: bytes) -> list[bytes]:
    text = boxes_of(content) if kind is Kind.PDF else examine(kind, content).text
    return [WORDS, text.encode("utf-8", "replace")]


_TASKS: Mapping[bytes, Callable[..., list[bytes]]] = {
    INSPECT: _inspected,
    DRAW: _drawn,
    WORDS: _words,
}
