"""Put a pack on paper: one tagged PDF (PDF/UA-1), made by typst from one template."""

import base64
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Protocol, TypeAlias, assert_never, cast
from zoneinfo import ZoneInfo

import typst
from PIL import Image

from broker.attachments import page_budget
from broker.errors import BrokerError
from broker.rendering.document import Enclosure, Entry, PackDocument
from broker.rendering.letters import shown, spelled
from broker.rendering.pictures import page_images

_HERE = files("broker.rendering")
_LONDON = ZoneInfo("Europe/London")
_NO_GLYPH = "could not be displayed"
_Words: TypeAlias = "str | list[_Words] | dict[str, _Words]"

_MEGABYTE, _KILOBYTE = 1_000_000, 1_000


class _Compile(Protocol):
    def __call__(self, files: Mapping[str, bytes], **options: object) -> bytes: ...


# typst's own annotations leave out that the input may be files held in memory, by their names.
_compile = cast("_Compile", typst.compile)


class CannotRenderError(BrokerError):
    """Raised when the document cannot be put on paper, which is a fault of the broker."""

    def __init__(self) -> None:
        """Keep typst's own words out: they quote the text."""
        super().__init__(
            "The document could not be put on paper. Nothing was sent. "
            "Tell the people who run the broker the reference of this disclosure."
        )


def render(document: PackDocument, enclosures: Sequence[Enclosure] = ()) -> bytes:
    """Return the document as a PDF, attachments as pages; the same input gives the same bytes.

    Raises `PackTooLargeError` if the attachments do not fit, `CannotRenderError` otherwise.
    """
    budget = page_budget([enclosure.attachment for enclosure in enclosures])
    pictures: dict[str, bytes] = {}
    attached = [
        _attached(number, enclosure, pictures, budget)
        for number, enclosure in enumerate(enclosures, start=1)
    ]
    words: _Words = {**_words(document), "attachments": attached}
    try:
        return _compiled(words, pictures, document.created_at, shown)
    except typst.TypstError as error:
        if _NO_GLYPH not in str(error):
            raise CannotRenderError from None
    try:
        return _compiled(words, pictures, document.created_at, spelled)
    except typst.TypstError:
        raise CannotRenderError from None


def _words(document: PackDocument) -> dict[str, _Words]:
    return {
        "reference": document.reference,
        "title": document.title,
        "purpose": document.purpose,
        "sender": document.sender,
        "recipient": document.recipient,
        "made": _uk_time(document.created_at),
        "contact": document.contact,
        "sections": [
            {"title": section.title, "entries": [_entry(entry) for entry in section.entries]}
            for section in document.sections
        ],
        "withheld": [{"label": one.label, "reason": one.reason} for one in document.withheld],
        "obligations": list(document.obligations),
    }


def _entry(entry: Entry) -> _Words:
    return {"label": entry.label, "value": entry.value, "note": entry.note}


def _uk_time(moment: datetime) -> str:
    local = moment.astimezone(_LONDON)
    return f"{local.day} {local:%B %Y at %H:%M}"


def _attached(
    number: int, enclosure: Enclosure, pictures: dict[str, bytes], budget: int
) -> _Words:
    """Describe an attachment for the template and add its page images to `pictures`."""
    attachment = enclosure.attachment
    names: list[_Words] = []
    for page, image in enumerate(page_images(attachment, budget), start=1):
        name = f"{number}-{page}.svg"
        names.append(name)
        pictures[name] = _wrapped(image)
    return {
        "number": str(number),
        "kind": attachment.kind.words,
        "name": attachment.neutral_name(number),
        "size": _size_in_words(attachment.size),
        "sha256": attachment.sha256,
        "carries": list(enclosure.carries),
        "pages": names,
        "text": attachment.text,
    }


def _size_in_words(size: int) -> str:
    if size >= _MEGABYTE:
        return f"{size / _MEGABYTE:.1f} MB"
    return f"{max(1, round(size / _KILOBYTE))} kB"


def _wrapped(jpeg: bytes) -> bytes:
    """Return the picture as SVG: files in memory must be text, and the JPEG is kept as it is."""
    with Image.open(io.BytesIO(jpeg)) as image:
        width, height = image.size
    encoded = base64.b64encode(jpeg).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{encoded}"/></svg>'
    ).encode("ascii")


def _compiled(
    words: _Words,
    pictures: Mapping[str, bytes],
    created_at: datetime,
    showing: Callable[[str], str],
) -> bytes:
    moment = created_at.astimezone(_LONDON)
    given = {"pack": _with_texts(words, showing), "date": list(moment.timetuple()[:6])}
    return _compile(
        {"main.typ": (_HERE / "pack.typ").read_bytes(), **pictures},
        root=str(_HERE),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"given": json.dumps(given)},
        pdf_standards=["ua-1"],
        timestamp=created_at,
    )


def _with_texts(words: _Words, showing: Callable[[str], str]) -> _Words:
    """Return `words` with every text in them made showable."""
    match words:
        case str():
            return showing(words)
        case dict():
            return {key: _with_texts(one, showing) for key, one in words.items()}
        case list():
            return [_with_texts(one, showing) for one in words]
        case _:
            assert_never(words)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
