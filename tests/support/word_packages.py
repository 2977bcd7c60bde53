"""Word files for tests, built part by part; every word in them is made up."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

FINDINGS = Path(__file__).parent.parent / "fixtures" / "findings"

TYPES = "[Content_Types].xml"
BODY = "word/document.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OPENXML = "http://schemas.openxmlformats.org/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": _OPENXML + "wordprocessingml/2006/main",
        "r": OFFICE,
        "a": _OPENXML + "drawingml/2006/main",
        "wp": _OPENXML + "drawingml/2006/wordprocessingDrawing",
        "pic": _OPENXML + "drawingml/2006/picture",
        "c": _OPENXML + "drawingml/2006/chart",
        "dgm": _OPENXML + "drawingml/2006/diagram",
        "m": _OPENXML + "officeDocument/2006/math",
        "mc": _OPENXML + "markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "w14": _MICROSOFT + "word/2010/wordml",
        "w16se": _MICROSOFT + "word/2015/wordml/symex",
        "wps": _MICROSOFT + "word/2010/wordprocessingShape",
        "wpi": _MICROSOFT + "word/2010/wordprocessingInk",
        "zz": "http://example.invalid/unknown",
    }.items()
)
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A relationship of the main part; `outside` makes it one to elsewhere."""

    kind: str
    target: str
    outside: bool = False
    identifier: str = ""


def part(root: str, inside: str, prefix: str = "w") -> bytes:
    return f"<{prefix}:{root} {NAMESPACES}>{inside}</{prefix}:{root}>".encode()


def paragraph(text: str, *, run: str = "", style: str = "", properties: str = "") -> str:
    """A paragraph of one run; `run` and `properties` are what stands in rPr and pPr."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f"<w:p><w:pPr>{styled}{properties}</w:pPr>"
        f'<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def field(instruction: str, result: str = "", form: str = "") -> str:
    """A field of runs; `result` is their markup and `form` what a form field says."""
    data = f"<w:ffData>{form}</w:ffData>" if form else ""
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>{shown}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def table(*rows: Sequence[str], style: str = "") -> str:
    """A table of cells that hold paragraphs, or any other markup."""
    named = f'<w:tblStyle w:val="{style}"/>' if style else ""
    written = "".join(
        f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows
    )
    return f"<w:tbl><w:tblPr>{named}</w:tblPr>{written}</w:tbl>"


def relationships(entries: Sequence[Related]) -> bytes:
    lines = ""
    for number, one in enumerate(entries, start=1):
        mode = ' TargetMode="External"' if one.outside else ""
        lines += (
            f'<Relationship Id="{one.identifier or f"rId{number}"}" Type="{OFFICE}/{one.kind}" '
            f'Target="{one.target}"{mode}/>'
        )
    namespace = _OPENXML + "package/2006/relationships"
    return f'<Relationships xmlns="{namespace}">{lines}</Relationships>'.encode()


def content_types(overrides: Mapping[str, str]) -> bytes:
    lines = "".join(
        f'<Override PartName="/{name}" ContentType="{media}"/>'
        for name, media in overrides.items()
    )
    return (
        f'<Types xmlns="{_OPENXML}package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{lines}</Types>"
    ).encode()


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return buffer.getvalue()


def a_docx(
    body: str = "",
    *,
    related: Sequence[Related] = (),
    types: Mapping[str, str] | None = None,
    background: str = "",
    **beside: str,
) -> bytes:
    """A Word file of one body.

    `beside` are the inner markup of the main part's styles, numbering, settings, footnotes,
    endnotes and comments; `related` names further relationships, to be joined with `with_parts`.
    """
    kinds = [Related(kind=kind, target=f"{kind}.xml", identifier=kind) for kind in beside]
    parts = {
        TYPES: content_types({BODY: _MAIN_TYPE, **(types or {})}),
        "_rels/.rels": relationships([Related(kind="officeDocument", target=BODY)]),
        BODY: part("document", f"{background}<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": relationships([*related, *kinds]),
        **{f"word/{kind}.xml": part(kind, inner) for kind, inner in beside.items()},
    }
    return zipped(parts)


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same file with parts added, or others in their place."""
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        own = {name: container.read(name) for name in container.namelist()}
    return zipped({**own, **parts})


def a_picture(colour: str = "navy", form: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, form)
    return buffer.getvalue()


def drawing(inner: str, extent: str = 'cx="914400" cy="914400"', described: str = "") -> str:
    """A run with a drawing in line; `described` are further attributes of its description."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent {extent}/><wp:docPr id="1" name="a" {described}/>'
        f"<a:graphic><a:graphicData>{inner}</a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></w:r>"
    )


def picture(identifier: str, crop: str = "") -> str:
    return drawing(
        f'<pic:pic><pic:blipFill><a:blip r:embed="{identifier}"/>{crop}</pic:blipFill></pic:pic>'
    )


def text_box(inner: str, fill: str = "") -> str:
    return drawing(
        f"<wps:wsp><wps:spPr>{fill}</wps:spPr><wps:txbx><w:txbxContent>{inner}"
        "</w:txbxContent></wps:txbx></wps:wsp>"
    )
