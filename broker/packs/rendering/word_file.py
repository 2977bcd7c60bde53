"""A pack as a Word file, with the words of its pages, where a recipient's profile asks for one.

Its headings, tables and alternative texts are Word's own, so that a screen reader finds them.
"""

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, cast

from broker.packs.glyphs import shown
from broker.packs.rendering.document import Enclosure, PackDocument
from broker.packs.rendering.pictures import PageImage
from broker.packs.rendering.words import Words, words_of, written_with

if TYPE_CHECKING:
    from docx.document import Document

_WIDE_MM: Final = 165
_HIGH_MM: Final = 230
_RECEIPT: Final = "Receipt of the decision"
_MARK: Final = "OFFICIAL-SENSITIVE"
_DECIDED: Final = """\
The decision to share this stands in a ledger that cannot be changed unseen.
The receipt of that decision stands at the end: keep it with your record.
"""
_HOW_TO_USE: Final = """\
It may be used for the purpose above only. Keep it where only people who need it can open it.
What is marked as reported was not seen first-hand, and an opinion is an opinion: judge it as such.
Quote the reference, never a name, in emails and on the telephone.
To check who is calling, ring back on a number that you already hold.
"""
_IN_DANGER: Final = "If anybody is in immediate danger, call 999."


def word_file(document: PackDocument, enclosures: Sequence[Enclosure], receipt: bytes) -> bytes:
    """Return a pack as a Word file (ECMA-376) that holds what its pages hold, and the receipt.

    The attachments bring their page images. Files are not embedded: Word would ask whether to run
    them.
    """
    # Loaded here alone: most packs are PDFs, and it is slow to load.
    import docx  # noqa: PLC0415

    made = docx.Document()
    pack = cast("dict[str, Words]", written_with(shown, words_of(document, enclosures)))
    _begin(made, pack)
    for section in _tables(pack["sections"]):
        _section(made, section)
    _attachments(made, _tables(pack["attachments"]), enclosures)
    if receipt:
        made.add_heading(_RECEIPT, 2)
        _lines(made, receipt.decode("utf-8"))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def said_and_receipt(content: bytes) -> tuple[str, bytes | None]:
    """Return the words of a Word file before its receipt, and the receipt; None without one.

    Whatever cannot be read is read as empty.
    """
    import docx  # noqa: PLC0415

    try:
        lines = [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]
    except Exception:  # noqa: BLE001  # a hostile or broken file may fail anywhere in a parser
        return "", None
    if _RECEIPT not in lines:
        return "\n".join(lines), None
    at = lines.index(_RECEIPT)
    return "\n".join(lines[:at]), "".join(f"{line}\n" for line in lines[at + 1 :]).encode()


def _begin(made: "Document", pack: dict[str, Words]) -> None:
    made.core_properties.title = f"{pack['title']} {pack['reference']}"
    made.core_properties.author = str(pack["sender"])
    made.core_properties.language = "en-GB"
    made.sections[0].header.paragraphs[0].text = _MARK
    made.sections[0].footer.paragraphs[0].text = str(pack["reference"])
    made.add_paragraph(str(pack["sender"]))
    made.add_heading(str(pack["title"]), 1)
    made.add_paragraph(str(pack["reference"]))
    if pack["alarm"]:
        made.add_heading(str(pack["alarm"]), 2)
        _bullets(made, _texts(pack["obligations"]))
        made.add_paragraph(f"Whom to ring. {pack['contact']}")
    made.add_heading("About this document", 2)
    about = (
        ("From", "sender"),
        ("To", "recipient"),
        ("Purpose", "purpose"),
        ("Legal basis", "basis"),
    )
    rows = [(label, str(pack[name])) for label, name in (*about, ("Made", "made"))]
    rows.append(("Questions", str(pack["contact"])))
    _table(made, [(label, words) for label, words in rows if words])
    if not pack["alarm"] and pack["obligations"]:
        made.add_heading("What must be done", 2)
        _bullets(made, _texts(pack["obligations"]))
    if pack["held_back"]:
        made.add_paragraph(str(pack["held_back"]))
    made.add_heading("How to use this document", 2)
    decided = _DECIDED if pack["decided"] else ""
    _bullets(made, [*f"{_HOW_TO_USE}{decided}".splitlines(), _IN_DANGER])


def _section(made: "Document", section: dict[str, Words]) -> None:
    made.add_heading(str(section["title"]), 2)
    for entry in _tables(section["entries"]):
        made.add_heading(str(entry["label"]), 3)
        if entry["note"]:
            _lines(made, str(entry["note"]))
        _lines(made, str(entry["value"]))


def _attachments(
    made: "Document", listed: Sequence[dict[str, Words]], enclosures: Sequence[Enclosure]
) -> None:
    from docx.shared import Mm  # noqa: PLC0415

    for told, enclosure in zip(listed, enclosures, strict=True):
        number = str(told["number"])
        made.add_heading(f"Attachment {number}: {told['kind']}", 2)
        carries = "; ".join(_texts(told["carries"])) or "no field of the form"
        sha256 = f"SHA-256 of the sender's file: {enclosure.attachment.sha256}"
        made.add_paragraph(f"{told['kind']}, {told['size']}. Carries: {carries}. {sha256}")
        if told["remarks"]:
            made.add_paragraph(str(told["remarks"]))
        pages = tuple(map(PageImage.of, enclosure.attachment.images))
        for index, page in enumerate(pages, start=1):
            tall = page.height * _WIDE_MM > page.width * _HIGH_MM
            size = {"height": Mm(_HIGH_MM)} if tall else {"width": Mm(_WIDE_MM)}
            picture = made.add_picture(io.BytesIO(page.jpeg), **size)
            place = f"page {index} of {len(pages)}, as a picture of the page"
            described = f"Attachment {number}, {place}"
            # The library has no other door to it.
            picture._inline.docPr.set("descr", described)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType]
        if told["text"]:
            made.add_paragraph("Text only, layout not kept:")
            _lines(made, str(told["text"]))


def _table(made: "Document", rows: Sequence[tuple[str, str]]) -> None:
    table = made.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for label, words in rows:
        cells = table.add_row().cells
        cells[0].paragraphs[0].add_run(label).bold = True
        cells[1].text = words


def _bullets(made: "Document", words: Iterable[str]) -> None:
    for one in words:
        made.add_paragraph(one, style="List Bullet")


def _lines(made: "Document", words: str) -> None:
    for line in words.splitlines():
        made.add_paragraph(line)


def _tables(words: Words) -> list[dict[str, Words]]:
    return cast("list[dict[str, Words]]", words)


def _texts(words: Words) -> list[str]:
    return cast("list[str]", words)
