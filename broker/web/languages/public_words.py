"""The texts of the pages that need no sign-in: taken from their templates, titles and channels."""

from calendar import month_name
from functools import cache
from importlib.resources import files

from jinja2.ext import extract_from_ast

from broker.web.channels import preset
from broker.web.languages.catalogue import (
    LANGUAGES,
    Catalogue,
    Standing,
    catalogue_of,
    standing_of,
)
from broker.web.languages.po import PoFile, Translated, read, written
from broker.web.rendering import environment

TITLES = {
    "start": "Are you worried about someone?",
    "now": "Ring 999 now",
    "channels": "Whom you can ring",
    "advice": "Talk to someone first",
    "colleague": "A worry about a colleague",
    "places": "A place, event, leaflet, speaker or website",
    "help": "Help",
    "privacy": "Privacy",
    "cookies": "Cookies",
    "hidden": "Your work is saved",
}
"""The title of each page that can be shown in another language, by its address."""

_SHARED = ("layout.html",)


@cache
def public_words() -> tuple[str, ...]:
    """Return every English text of these pages, each once, in the order in which they stand."""
    templates = (*_SHARED, *(f"public/{name}.html" for name in TITLES))
    found = [text for template in templates for text in _marked_in(template)]
    found += TITLES.values()
    found += [text for one in preset() for text in (one.title, one.note) if text]
    found += [name for name in month_name if name]
    return tuple(dict.fromkeys(found))


@cache
def offered() -> tuple[Catalogue, ...]:
    """Return the languages in which these pages can be read beside English."""
    found = (catalogue_of(kept(language), public_words()) for language in LANGUAGES)
    return tuple(one for one in found if one is not None)


def standing(file: PoFile) -> Standing:
    """Return how far a translation of these pages is."""
    return standing_of(file, public_words())


def kept(language: str) -> PoFile:
    """Return the translation that came with this release."""
    path = files("broker.web.languages") / language / "public.po"
    return read(path.read_text(encoding="utf-8"))


def for_translators(language: str) -> str:
    """Return the file to be translated: every text, with what is translated already."""
    before = kept(language)
    known = before.by_english()
    texts = tuple(known.get(one, Translated(english=one, text="")) for one in public_words())
    return written(PoFile(language=language, translator=before.translator, texts=texts))


def _marked_in(template: str) -> list[str]:
    """Return the texts that a template marks to be translated."""
    found = environment()
    source, _, _ = found.loader.get_source(found, template) if found.loader else ("", None, None)
    # What is filled in stands beside a text, as None.
    calls = (said for _, _, said in extract_from_ast(found.parse(source), babel_style=True))
    texts = (said if isinstance(said, str | None) else said[0] for said in calls)
    return [text for text in texts if text is not None]
