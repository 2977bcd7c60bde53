"""An attachment as the parts under which its case keeps it, encrypted one by one.

attachment/1            the original, as it was sent
attachment/1/reading    what was read in it, once: kind, digest, size, pages, text, remarks
attachment/1/copy       the file that goes along, where it is not the original
attachment/1/picture/1  a picture of a Word file, written anew

Of a pack that is refused at once the reading alone is kept, without its text: nobody needs the
files, and they would lie there for three years.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from broker.domain.json_values import as_object, text, texts
from broker.packs.attachments.kinds import Attachment, Kind, Reading
from broker.packs.attachments.remarks import REMARKS, AnyRemark
from keys import CannotOpenError

GetPart = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentSummary:
    """What may be told of an attachment without opening it."""

    number: int
    kind: Kind
    size: int
    remarks: tuple[AnyRemark, ...]


def parts_of(number: int, attachment: Attachment) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of what a case keeps of its attachment `number`."""
    name, reading = f"attachment/{number}", attachment.reading
    yield name, attachment.content
    yield _reading_of(number, attachment, reading.text)
    if reading.copy is not None and not attachment.unchanged:
        yield f"{name}/copy", reading.copy
    for index, picture in enumerate(reading.pictures, start=1):
        yield f"{name}/picture/{index}", picture


def summary_of(number: int, attachment: Attachment) -> tuple[str, bytes]:
    """Return name and content of the one part that a refused pack keeps of an attachment."""
    return _reading_of(number, attachment, "")


def _reading_of(number: int, attachment: Attachment, words: str) -> tuple[str, bytes]:
    reading = attachment.reading
    document = {
        "kind": attachment.kind.value,
        "sha256": attachment.sha256,
        "size": attachment.size,
        "pages": reading.pages,
        "text": words,
        "remarks": list(reading.remarks),
        "copy": reading.copy is not None,
        "unchanged": attachment.unchanged,
        "pictures": len(reading.pictures),
    }
    return f"attachment/{number}/reading", json.dumps(document, ensure_ascii=False).encode()


def attachment_of(number: int, get: GetPart) -> Attachment:
    """Return the attachment that a case keeps; raises `KeyError` where it does not keep the file.

    Raises `CannotOpenError` where a part is gone that was made of it.
    """
    name = f"attachment/{number}"
    document = as_object(json.loads(_part(f"{name}/reading", get)))
    content = get(name)
    if content is None:
        raise KeyError(name)
    copy = _copy_of(document, name, content, get)
    pictures = _whole(document["pictures"])
    return Attachment(
        kind=Kind(text(document["kind"])),
        content=content,
        sha256=text(document["sha256"]),
        reading=Reading(
            pages=_whole(document["pages"]),
            text=text(document["text"]),
            remarks=_remarks(document),
            copy=copy,
            pictures=tuple(
                _part(f"{name}/picture/{index}", get) for index in range(1, pictures + 1)
            ),
        ),
    )


def original_of(number: int, get: GetPart) -> bytes:
    """Return the file that came as an attachment; raises `CannotOpenError` where it is gone."""
    return _part(f"attachment/{number}", get)


def summaries_of(count: int, get: GetPart) -> Iterator[AttachmentSummary]:
    """Yield what may be told of a case's attachments; raises as `attachment_of`."""
    for number in range(1, count + 1):
        document = as_object(json.loads(_part(f"attachment/{number}/reading", get)))
        yield AttachmentSummary(
            number=number,
            kind=Kind(text(document["kind"])),
            size=_whole(document["size"]),
            remarks=_remarks(document),
        )


def _copy_of(
    document: Mapping[str, object], name: str, content: bytes, get: GetPart
) -> bytes | None:
    """Return the file that goes along: the original only where that was read to be the same."""
    # Or whoever takes the rewritten file away would send the original, with all that it holds.
    if document["copy"] is not True:
        return None
    if document.get("unchanged") is True:
        return content
    if "unchanged" not in document:
        # An earlier release did not say: without a rewritten file its pages go alone.
        return get(f"{name}/copy")
    return _part(f"{name}/copy", get)


def _remarks(document: dict[str, object]) -> tuple[AnyRemark, ...]:
    return tuple(REMARKS[code] for code in texts(document["remarks"]))


def _part(name: str, get: GetPart) -> bytes:
    part = get(name)
    if part is None:
        raise CannotOpenError
    return part


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("not a whole number")
    return value
