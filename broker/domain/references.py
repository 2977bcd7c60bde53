"""References that survive a telephone: PRV-7Q4K-M2XH.

The letters before the first hyphen say what it is a reference to; the list of them is closed. Then
come eight characters of Crockford's base 32 without its vowels, the last a check over the seven
before it. The values of the characters, weighted 2 to 9 in their order, add up to a multiple of
31: a prime above every value, so one wrong character, or two that changed places, never fit.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from operator import mul
from typing import Final

from broker.domain.errors import UnknownReferenceError


@unique
class Prefix(StrEnum):
    """What a reference is to, by the letters that it begins with."""

    DISCLOSURE = "PRV"
    REQUEST = "REQ"
    CONCERN = "CON"
    BREACH = "BRE"
    MEETING = "MTG"


PREFIX: Final = Prefix.DISCLOSURE
ALPHABET: Final = "0123456789BCDFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 8
_MODULUS: Final = 31
_FIRST_WEIGHT: Final = 2
_LAST_WEIGHT: Final = _FIRST_WEIGHT + _LENGTH - 1
_WEIGHTS: Final = range(_FIRST_WEIGHT, _LAST_WEIGHT + 1)
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015]+")
_FORM: Final = re.compile(rf"[{ALPHABET}]{{{_LENGTH}}}")
_AS_WRITTEN: Final = re.compile(r"[A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4}")
"""Read twice as fast: whoever looks at a whole database reads each reference of it."""

_LOOK_ALIKES: Final = str.maketrans("OIL", "011")

Choose = Callable[[Sequence[str]], str]
"""Returns one of several characters, each as likely as any other."""


class MalformedReferenceError(UnknownReferenceError):
    """Raised when a text is no reference at all, or one with a character wrong."""

    def __init__(self, prefix: Prefix = PREFIX) -> None:
        """Say how to find the mistake; the text itself is not repeated."""
        super(UnknownReferenceError, self).__init__(
            f"This is not a whole reference. It starts with {prefix} and has eight more "
            "characters; at least one is missing or misread. Check it character by character."
        )


@dataclass(frozen=True, slots=True)
class Reference:
    """What a disclosure is called everywhere; made by `new_reference` or `parse_reference`.

    `characters` are the eight without prefix and hyphens; `str` gives the one spelling.
    """

    characters: str
    prefix: Prefix = PREFIX

    def __str__(self) -> str:
        return f"{self.prefix}-{self.characters[:4]}-{self.characters[4:]}"


def new_reference(choose: Choose = secrets.choice, *, prefix: Prefix = PREFIX) -> Reference:
    """Return a random reference, one of 21 thousand million."""
    while True:
        body = "".join(choose(ALPHABET) for _ in range(_LENGTH - 1))
        check = -_weighted(body) * pow(_LAST_WEIGHT, -1, _MODULUS) % _MODULUS
        # There are 31 remainders and 30 characters: a body without a check character is not used.
        if check < len(ALPHABET):
            return Reference(body + ALPHABET[check], prefix)


def as_characters(text: str) -> str:
    """Return the characters that `text` spells: O is read as 0, and I and L as 1.

    >>> as_characters("7q4k m2xo")
    '7Q4KM2X0'
    """
    return _letters_of(text).translate(_LOOK_ALIKES)


def parse_reference(text: str, prefix: Prefix = PREFIX) -> Reference:
    """Return the reference that `text` spells, or raise `MalformedReferenceError`.

    One that begins with other letters than `prefix` is a reference to something else.

    Case, spaces and hyphens do not matter; O is read as 0, and I and L as 1.
    """
    letters = text.replace("-", "") if _AS_WRITTEN.fullmatch(text) else _letters_of(text)
    characters = letters[len(prefix) :].translate(_LOOK_ALIKES)
    if not letters.startswith(prefix) or _FORM.fullmatch(characters) is None:
        raise MalformedReferenceError(prefix)
    if _weighted(characters) % _MODULUS:
        raise MalformedReferenceError(prefix)
    return Reference(characters, prefix)


def parse_any_reference(text: str) -> Reference:
    """Return the reference that `text` spells, whatever it is to; raises as `parse_reference`."""
    letters = _letters_of(text)
    known = next((prefix for prefix in Prefix if letters.startswith(prefix)), PREFIX)
    return parse_reference(text, known)


def _letters_of(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _weighted(characters: str) -> int:
    return sum(map(mul, _WEIGHTS, map(_VALUES.__getitem__, characters)))


_IDENTIFIER: Final = re.compile(r"[a-z0-9-]{1,64}")


def is_identifier(text: str) -> bool:
    """Say whether a text can be the opaque identifier of a person, a body, a contact or a machine.

    >>> is_identifier("p-nurse-7"), is_identifier("Nia Specimen")
    (True, False)
    """
    return _IDENTIFIER.fullmatch(text) is not None
