"""A language that pages can be shown in: offered only where a person translated all of it."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from broker.web.languages.po import PoFile

_HELD = re.compile(r"%\([a-z_]+\)s|%%|<[^>]*>")
"""What a translation must hold as its English does: what is filled in, and the marks of HTML."""

LANGUAGES: Mapping[str, str] = {"cy": "Cymraeg"}
"""Every language that there is a file for, by its code, in its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The texts of one language, every one of them."""

    language: str
    texts: Mapping[str, str]

    def of(self, english: str) -> str:
        """Return a text in this language; what is not of these pages stays as it is."""
        return self.texts.get(english, english)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a translation is: who answers for it, and what is wrong with it, in words."""

    language: str
    translator: str
    faults: tuple[str, ...]

    @property
    def is_begun(self) -> bool:
        """Whether somebody has set out to translate it."""
        return bool(self.translator)

    @property
    def is_offered(self) -> bool:
        """Whether people may choose it: half a language is none."""
        return self.is_begun and not self.faults


def standing_of(file: PoFile, needed: Collection[str]) -> Standing:
    """Return how far a file translates the texts that its pages need."""
    known = file.by_english()
    faults: list[str] = []
    for english in needed:
        one = known.get(english)
        if one is None or not one.text.strip():
            faults.append(f"not translated: {english}")
        elif one.is_fuzzy:
            faults.append(f"guessed by a program, and nobody has looked at it: {english}")
        elif Counter(_HELD.findall(one.text)) != Counter(_HELD.findall(english)):
            faults.append(f"what is filled in, or marked, is not the same: {english}")
    faults += [f"no page says this any more: {english}" for english in known.keys() - set(needed)]
    if file.language not in LANGUAGES:
        faults.append("the file does not say which language it is in (Language)")
    return Standing(language=file.language, translator=file.translator, faults=tuple(faults))


def catalogue_of(file: PoFile, needed: Collection[str]) -> Catalogue | None:
    """Return what pages are shown in, None where it is not whole or nobody answers for it."""
    if not standing_of(file, needed).is_offered:
        return None
    texts = {english: one.text for english, one in file.by_english().items()}
    return Catalogue(language=file.language, texts=texts)
