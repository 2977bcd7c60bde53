"""Put a pack on paper: one tagged PDF (PDF/UA-1), made by typst from one template."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol, cast

from broker.domain.errors import BrokerError
from broker.domain.times import uk_time
from broker.packs.glyphs import families_for, shown, spelled
from broker.packs.rendering.document import Enclosure, PackDocument
from broker.packs.rendering.pictures import PageImage
from broker.packs.rendering.words import digests_of, words_of, written_with

if TYPE_CHECKING:
    import typst

_HERE = files("broker.packs.rendering")
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
_MOST_TRIES = 8


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

    The attachments bring their page images. The files that go along are not in it yet:
    `broker.packs.sealing.seal` embeds them. Raises `CannotRenderError`.
    """
    pages = {
        str(number): tuple(map(PageImage.of, enclosure.attachment.images))
        for number, enclosure in enumerate(enclosures, start=1)
    }
    draft = _Draft(document=document, enclosures=tuple(enclosures), pages=pages)
    # Letters that fonts have may still not go together; what the typesetter names is written out.
    together = frozenset[str]()
    import typst  # noqa: PLC0415 - slow to load, and few commands need it

    for _ in range(_MOST_TRIES):
        try:
            return draft.compiled(partial(shown, without=together))
        except typst.TypstError as error:
            refused = _NO_GLYPH.search(str(error))
            if refused is None:
                raise CannotRenderError from None
            together |= frozenset(one for one in refused[1] if not one.isascii())
    try:
        return draft.compiled(spelled)
    except typst.TypstError:
        raise CannotRenderError from None


class _Compile(Protocol):
    def __call__(self, files: Mapping[str, bytes], **options: object) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """All that a page needs, except how its letters are shown; `pages` by attachment number."""

    document: PackDocument
    enclosures: tuple[Enclosure, ...]
    pages: Mapping[str, tuple[PageImage, ...]]

    def compiled(self, showing: Callable[[str], str]) -> bytes:
        """Return the PDF, or raise `typst.TypstError`."""
        pictures = {
            f"{number}-{index}.svg": page
            for number, pages in self.pages.items()
            for index, page in enumerate(pages)
        }
        import typst  # noqa: PLC0415 - as above

        # Its own annotations leave out that the input may be files held in memory, by their names.
        compiled = cast("_Compile", typst.compile)
        template = {"main.typ": (_HERE / "pack.typ").read_bytes()}
        return compiled(
            template | {name: page.as_svg() for name, page in pictures.items()},
            root=str(_HERE),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"given": json.dumps(self._given(showing))},
            pdf_standards=["ua-1"],
            timestamp=self.document.created_at.replace(microsecond=0),  # typst takes no finer
        )

    def _given(self, showing: Callable[[str], str]) -> dict[str, object]:
        pack = written_with(showing, words_of(self.document, self.enclosures))
        return {
            "pack": pack,
            "fonts": families_for(json.dumps(pack, ensure_ascii=False)),
            "date": uk_time(self.document.created_at).timetuple()[:6],
            "digests": {
                str(number): digests_of(enclosure.attachment)
                for number, enclosure in enumerate(self.enclosures, start=1)
            },
            "pictures": {
                number: [
                    {"file": f"{number}-{index}.svg", "wide": page.wide}
                    for index, page in enumerate(pages)
                ]
                for number, pages in self.pages.items()
            },
        }


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415 - as above

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(_HERE / "fonts")],
    )
