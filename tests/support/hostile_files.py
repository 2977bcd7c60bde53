"""Small files that cost their reader much: time, memory, or the process itself."""

import io
import struct
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream


def nested_forms(depth: int = 10, width: int = 4) -> bytes:
    """A PDF whose page draws a form that draws four forms, and so on: 4^10 in 2 kB."""
    document = pikepdf.Pdf.new()
    page = document.add_blank_page()
    inner = Stream(document, b"0 0 m 9 9 l S", Type=Name.XObject, Subtype=Name.Form)
    inner.BBox = Array([0, 0, 612, 792])
    for _ in range(depth):
        outer = Stream(document, b"/F Do " * width, Type=Name.XObject, Subtype=Name.Form)
        outer.BBox = Array([0, 0, 612, 792])
        outer.Resources = Dictionary(XObject=Dictionary(F=document.make_indirect(inner)))
        inner = outer
    page.obj.Resources = Dictionary(XObject=Dictionary(F=document.make_indirect(inner)))
    page.obj.Contents = Stream(document, b"/F Do")
    return saved(document)


def saved(document: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def a_blank_png(side: int) -> bytes:
    """A white picture of side x side pixels with transparency, packed to almost nothing."""
    packer = zlib.compressobj()
    line = b"\0" + b"\xff" * (4 * side)
    packed = b"".join(packer.compress(line) for _ in range(side)) + packer.flush()
    fields = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", fields), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
