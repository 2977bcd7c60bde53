"""Read a whole Word file: headers, body, notes and footers."""

import re
from xml.etree.ElementTree import Element

from broker.packs.attachments.archive import Archive
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import WordRemark
from broker.packs.attachments.word.blocks import Blocks
from broker.packs.attachments.word.document import Document
from broker.packs.attachments.word.parts.markup import child, is_on
from broker.packs.attachments.word.parts.package import Package
from broker.packs.attachments.word.parts.refusing import (
    refuse_acting,
    refuse_comments,
    refuse_tracked,
)
from broker.packs.attachments.word.readings import WordReading
from broker.packs.attachments.word.runs import Place

_ADD_IN = "/webextensions/"
_OLD_OR_ENCRYPTED = bytes.fromhex("D0CF11E0A1B11AE1")
_NOTES = {"footnote": "[Footnotes]", "endnote": "[Endnotes]"}
_MARGINS = {"w:headerReference": "[Header]", "w:footerReference": "[Footer]"}
_UNPLACED = "(on no page) "
_DATA = re.compile(rb">\s*[^<\s]")
_SOURCES = b"schemas.openxmlformats.org/officeDocument/2006/bibliography"
_NOTHING = "[No words were found in this file.]"
_BLANK_LINES = re.compile(r"\n{3,}")


def examine(content: bytes) -> WordReading:
    """Return what a docx file shows, or raise `AttachmentRefusedError`.

    A damaged file makes the libraries below raise errors of their own.
    """
    if content.startswith(_OLD_OR_ENCRYPTED):
        raise AttachmentRefusedError(Reason.ENCRYPTED)
    archive = Archive(content)
    package = Package(archive)
    refuse_acting(package)
    refuse_comments(package)
    document = Document(package)
    if document.main.tag != "w:document":
        raise AttachmentRefusedError(Reason.CONTENT)
    text = _text(document)
    _remark(document, archive)
    if not text:
        document.remarks.add(WordRemark.NO_WORDS)
        text = _NOTHING
    return WordReading(
        text=text,
        pictures=document.pictures.all(),
        remarks=tuple(sorted(document.remarks)),
    )


def _text(document: Document) -> str:
    main = document.package.main
    headers, footers = (_margins(document, kind) for kind in _MARGINS)
    body = _part(document, main)
    notes = [_notes(document, kind) for kind in _NOTES]
    text = "\n\n".join(part for part in (*headers, body, *notes, *footers) if part)
    return _BLANK_LINES.sub("\n\n", text)


def _part(document: Document, part: str) -> str:
    root = document.package.markup(part)
    refuse_tracked(root)
    lines = Blocks(document, part).lines(root, Place(ground=document.page))
    document.close(part)
    return _joined(lines)


def _margins(document: Document, kind: str) -> list[str]:
    """Return the headers or footers that some page shows, each once, under their mark.

    Where no section names any, those that the file has are given as standing on no page.
    """
    shown = _shown(document, kind)
    named = any(True for _ in document.main.iter(kind))
    related = kind.removeprefix("w:").removesuffix("Reference")
    parts = shown if named else document.package.related(document.package.main, related)
    found = dict.fromkeys(text for part in parts if (text := _part(document, part)))
    mark = _MARGINS[kind] if named else f"{_MARGINS[kind]} {_UNPLACED}".strip()
    return [f"{mark}\n{text}" for text in found]


def _shown(document: Document, kind: str) -> list[str]:
    related = document.package.relationships(document.package.main)
    even = is_on(child(document.settings, "w:evenAndOddHeaders"))
    current: dict[str, str] = {}
    shown: dict[str, None] = {}
    for section in document.main.iter("w:sectPr"):
        for one in section:
            if one.tag == kind and one.get("r:id") in related:
                current[one.get("w:type", "default")] = related[one.get("r:id", "")].part
        kinds = {"default": True, "first": is_on(child(section, "w:titlePg")), "even": even}
        for name, applies in kinds.items():
            if applies and current.get(name, "") in document.package:
                shown[current[name]] = None
    return list(shown)


def _notes(document: Document, kind: str) -> str:
    """Return the notes that were referred to, in that order."""
    parts = document.package.related(document.package.main, f"{kind}s")
    if not parts or not document.notes[kind]:
        return ""
    root = document.package.markup(parts[0])
    notes: dict[str, Element] = {}
    for note in root:
        notes.setdefault(note.get("w:id", ""), note)
    told = [_NOTES[kind]]
    for identifier, number in document.notes[kind].items():
        found = notes.get(identifier)
        if found is not None:
            refuse_tracked(found)
            lines = Blocks(document, parts[0]).lines(found, Place(ground=document.page))
            told.append(f"{document.note_mark(kind, number)} {_joined(lines).strip()}")
    return "\n".join(told)


def _joined(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _remark(document: Document, archive: Archive) -> None:
    """Say what stays behind and what a person would care about."""
    package = document.package
    found = document.remarks
    if archive.has_more_behind:
        found.add(WordRemark.BEHIND)
    if len(package.mains()) > 1:
        found.add(WordRemark.OTHER_DOCUMENT)
    if package.holds_other_words:
        found.add(WordRemark.OTHER_WORDS)
    if any(part.startswith("_xmlsignatures/") for part in package):
        found.add(WordRemark.SIGNATURE)
    if any(_ADD_IN in part for part in package):
        found.add(WordRemark.ADD_IN)
    records = [package.content(one) for one in package.related(package.main, "customxml")]
    held = any(_DATA.search(record) and _SOURCES not in record for record in records)
    settings = document.settings
    if held or (settings is not None and any(True for _ in settings.iter("w:docVar"))):
        found.add(WordRemark.RECORDS)
