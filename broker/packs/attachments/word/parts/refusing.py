"""Refuse a Word file that acts, fetches, or holds what its writer must decide about."""

import re
from xml.etree.ElementTree import Element

from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.word.parts.markup import words_in
from broker.packs.attachments.word.parts.package import Package, Relationship

_ACTING_NAMES = ("vbaproject", "vbadata", "activex")
_ACTING_TYPES = ("macroenabled", "vba", "activex")
_COMMENTS_TYPE = ".comments+xml"
_REASON_OF_RELATIONSHIP = {
    "vbaproject": Reason.ACTIVE,
    "control": Reason.ACTIVE,
    "afchunk": Reason.EMBEDDED,
    "oleobject": Reason.EMBEDDED,
    "package": Reason.EMBEDDED,
    "subdocument": Reason.EMBEDDED,
}
_HYPERLINK = "hyperlink"
_CHARTS = ("word/charts/", "word/diagrams/")
_WORKBOOKS = frozenset({"oleobject", "package"})
_DRIVE = re.compile(r"(?:file:/*)?[a-z]:[/\\]", re.IGNORECASE)
_SHARE = re.compile(r"(?:file:)?[/\\]{2,5}(?P<host>[^/\\]*)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TRACKED = frozenset(
    {
        *("w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:delText", "w:delInstrText"),
        *("w:cellIns", "w:cellDel", "w:cellMerge"),
        *("w:customXmlInsRangeStart", "w:customXmlDelRangeStart"),
        *("w:customXmlMoveFromRangeStart", "w:customXmlMoveToRangeStart"),
    }
)
_SHOWN_IN_COMMENTS = frozenset({"w:drawing", "w:pict", "w:object", "w:sym", "w:contentPart"})


def refuse_acting(package: Package) -> None:
    """Return for a file that neither acts nor fetches, or raise `AttachmentRefusedError`."""
    for part in package:
        declared = package.type_of(part)
        if any(sign in part for sign in _ACTING_NAMES) or any(
            sign in declared for sign in _ACTING_TYPES
        ):
            raise AttachmentRefusedError(Reason.ACTIVE)
    for source in list(package.sources()):
        for relationship in package.relationships(source).values():
            _refuse_relationship(source, relationship)


def refuse_comments(package: Package) -> None:
    """Return for a file whose comments are empty, or raise `AttachmentRefusedError`."""
    related = set(package.related(package.main, "comments"))
    for part in package:
        if package.type_of(part).endswith(_COMMENTS_TYPE) or part in related:
            root = package.markup(part)
            if words_in(root) or any(one.tag in _SHOWN_IN_COMMENTS for one in root.iter()):
                raise AttachmentRefusedError(Reason.COMMENTS)


def refuse_tracked(root: Element) -> None:
    """Return for a part without tracked changes of words, or raise `AttachmentRefusedError`."""
    if any(element.tag in _TRACKED for element in root.iter()):
        raise AttachmentRefusedError(Reason.TRACKED)


def is_near(target: str) -> bool:
    """Say whether a target lies on the writer's own disk or network: nothing is fetched from afar.

    A share counts as near where its host is one plain name, as inside one organisation.
    """
    if _DRIVE.match(target):
        return True
    if share := _SHARE.match(target):
        return "." not in share["host"] and ":" not in share["host"] and "@" not in share["host"]
    return not _SCHEME.match(target)


def _refuse_relationship(source: str, relationship: Relationship) -> None:
    if relationship.kind == _HYPERLINK:
        return
    if relationship.kind in _WORKBOOKS and source.startswith(_CHARTS):
        pass
    elif relationship.kind in _REASON_OF_RELATIONSHIP:
        raise AttachmentRefusedError(_REASON_OF_RELATIONSHIP[relationship.kind])
    if relationship.outside and not is_near(relationship.outside):
        raise AttachmentRefusedError(Reason.EXTERNAL)
