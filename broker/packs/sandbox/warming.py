"""Load whatever the parsers load late, while files can still be opened: shut in, nothing can."""

import codecs
import io
import zipfile

import pikepdf
from PIL import Image

from broker.packs.attachments.gate import examine
from broker.packs.attachments.kinds import Kind
from broker.packs.attachments.pictures.page_images import page_images
from broker.packs.attachments.refusals import AttachmentRefusedError

_CHARACTER_SETS = (
    *("ascii", "cp437", "cp1250", "cp1251", "cp1252", "latin-1", "iso8859-15"),
    *("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_BUDGET = 250_000


def warm() -> None:
    """Read and draw a small sound file of each kind, and one that is refused."""
    for name in _CHARACTER_SETS:
        codecs.lookup(name)
    Image.init()
    for kind, content in _samples().items():
        try:
            reading = examine(kind, content)
        except AttachmentRefusedError:
            continue
        drawn = page_images(kind, reading.copy or content, reading.pictures, _BUDGET)
        if kind is not Kind.TXT:
            list(drawn)


def _samples() -> dict[Kind, bytes]:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGBA", (40, 30), (10, 20, 200, 100))
    return {
        Kind.PDF: _pdf(),
        Kind.DOCX: _docx(),
        Kind.JPEG: _saved(picture.convert("RGB"), "JPEG", exif.tobytes()),
        Kind.PNG: _saved(picture, "PNG", exif.tobytes()),
        Kind.TXT: b"Words of a made-up note.\x00",
    }


def _saved(picture: Image.Image, form: str, exif: bytes) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, exif=exif)
    return buffer.getvalue()


def _pdf() -> bytes:
    document, buffer = pikepdf.Pdf.new(), io.BytesIO()
    page = document.add_blank_page()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
    font.BaseFont = pikepdf.Name.Helvetica
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    page.obj.Contents = pikepdf.Stream(document, b"BT /F 12 Tf 20 20 Td (Made up) Tj ET")
    document.save(buffer)
    return buffer.getvalue()


def _docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        body = "<w:body><w:p><w:r><w:t>Made up.</w:t></w:r></w:p></w:body>"
        document = f'<w:document xmlns:w="{_WORD}">{body}</w:document>'
        container.writestr("word/document.xml", document)
    return buffer.getvalue()
