"""A document that was read as words and pictures: its pictures become pages behind its words."""

from collections.abc import Sequence

from broker.packs.attachments import picture
from broker.packs.attachments.kinds import Reading
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import AnyRemark, Remark

_GRAVE = frozenset({Reason.PIXELS, Reason.BOMB})


def reading_of(
    text: str, pictures: Sequence[bytes] = (), remarks: Sequence[AnyRemark] = ()
) -> Reading:
    """Return the reading of a document; `text` marks the place of each picture: "[Picture 1]".

    Each mark is told the page images on which its picture stands. Raises `AttachmentRefusedError`
    for a picture that is too large; one that cannot be read is left out, and that is said.
    """
    pages, written, found = 0, list[bytes](), dict[AnyRemark, None].fromkeys(remarks)
    for number, content in enumerate(pictures, start=1):
        reading = _read(content)
        # A white picture is what many letters keep a distance with.
        found.update(dict.fromkeys(one for one in reading.remarks if one is not Remark.BLANK))
        if reading.copy is not None:
            written.append(reading.copy)
        where = _where(pages, reading.pages)
        text = text.replace(f"[Picture {number}]", f"[Picture {number}: {where}]")
        pages += reading.pages
    return Reading(text=text, pages=pages, pictures=tuple(written), remarks=tuple(found))


def _read(content: bytes) -> Reading:
    try:
        return picture.examine_any(content)
    except AttachmentRefusedError as refused:
        if refused.reason in _GRAVE:
            raise
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001, S110  # a damaged picture makes decoders fail in any way
        pass
    return Reading(remarks=(Remark.PICTURE_LOST,))


def _where(before: int, pages: int) -> str:
    if pages == 0:
        return "could not be read"
    if pages == 1:
        return f"on picture page {before + 1}"
    return f"on picture pages {before + 1} to {before + pages}"
