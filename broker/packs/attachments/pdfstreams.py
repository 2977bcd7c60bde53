"""The streams of a PDF: counted as they unpack, and looked at for where a photograph was taken."""

import zlib

from pikepdf import Array, Object, Pdf, Stream

from broker.packs.attachments.pictures import jpeg
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import Remark

MAX_UNPACKED = 200_000_000
MAX_INNER_PICTURE = 20_000_000
_CHUNK = 1_000_000
_GRAVE = frozenset({Reason.PIXELS, Reason.BOMB})


def count(document: Pdf) -> bool:
    """Unpack every stream, and say whether a photograph in it tells where it was taken.

    Raises `AttachmentRefusedError` for more than 200 MB in all, and for a photograph that is too
    large.
    """
    left, located = MAX_UNPACKED, False
    for found in document.objects:
        if not isinstance(found, Stream):
            continue
        filters = _filters(found)
        if filters[:1] == ["/FlateDecode"]:
            size, unpacked = inflated(found.read_raw_bytes(), left)
            left -= size
            if filters[1:] == ["/DCTDecode"]:
                located |= _tells_a_place(unpacked)
        elif filters == ["/DCTDecode"]:
            located |= _tells_a_place(found.read_raw_bytes())
    return located


def inflated(packed: bytes, left: int) -> tuple[int, bytes]:
    """Return how many bytes a stream unpacks to, and its first 20 MB; raises for over `left`."""
    size, kept, inflater = 0, bytearray(), zlib.decompressobj()
    # Bytes behind the end of the packed data are no part of it: many programs leave a line feed.
    while packed and not inflater.eof:
        try:
            piece = inflater.decompress(packed, _CHUNK)
        except zlib.error:
            break  # not the first filter, or damaged: the second engine decides
        packed = inflater.unconsumed_tail
        size += len(piece)
        kept += piece[: MAX_INNER_PICTURE - len(kept)]
        if size > left:
            raise AttachmentRefusedError(Reason.BOMB)
    return size, bytes(kept)


def _filters(stream: Object) -> list[str]:
    filters = stream.get("/Filter")
    if filters is None:
        return []
    return list(map(str, filters)) if isinstance(filters, Array) else [str(filters)]


def _tells_a_place(content: bytes) -> bool:
    try:
        return Remark.LOCATION in jpeg.rewritten(content).remarks
    except AttachmentRefusedError as refused:
        if refused.reason in _GRAVE:
            raise
        return False  # damaged, or of a rare kind: the second engine decides
