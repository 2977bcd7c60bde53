"""What is looked up of a person: exact identifiers, and names that sound and look alike.

Names are brought to codes that accents, apostrophes, hyphens, order and common spellings do not
change, always in pairs of two different names, and only ever together with a birthday, an address
of mail, a telephone number or a postcode. A birthday counts the same with day and month swapped.

>>> name_codes("Siân O'Neill") == name_codes("ONEILL, Sian")
True
>>> name_codes("Mohammed Khan") & name_codes("Mohammed Ali")
frozenset()
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from itertools import combinations, pairwise
from typing import Final

from broker.domain.cases.spellings import SPELLINGS


@unique
class MarkKind(StrEnum):
    """How sure a match is: an identifier of its own, or what only looks alike."""

    EXACT = "exact"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mark:
    """One thing that is looked up: what it is, and its value as it is compared."""

    kind: MarkKind
    what: str
    value: str


NAME: Final = "individual.name"
BIRTHDAY: Final = "individual.date_of_birth"
NUMBER: Final = "individual.nhs_number"
CONTACT: Final = "individual.contact"
ADDRESS: Final = "individual.address"
FIELDS: Final = (NAME, BIRTHDAY, NUMBER, CONTACT, ADDRESS)
"""The fields of the form that are looked up; no other is."""

_NHS_DIGITS: Final = 10
_NHS_MODULUS: Final = 11
_SHORTEST_REFERENCE: Final = 5
_SHORTEST_TELEPHONE: Final = 10
_MOST_NAMES: Final = 6
_MOST_CONTACTS: Final = 3
_LAST_MONTH: Final = 12

_NUMBER: Final = re.compile(r"(?<![0-9])[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])")
_MAIL: Final = re.compile(r"[^\s,;<>()]+@[^\s,;<>()]+")
_TELEPHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{8,}[0-9]")
_POSTCODE: Final = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b")
_APOSTROPHES: Final = re.compile(r"['\u2018\u2019\u02bc`\u00b4]")
_HYPHENS: Final = re.compile("[\u2010-\u2015]")
_BETWEEN: Final = re.compile(r"[^\w-]+|_")
_MARKS: Final = re.compile(r"[\W_]+")

_NO_NAMES: Final = frozenset(
    {
        *("mr", "mrs", "miss", "ms", "mx", "dr", "sir", "rev"),
        *("known", "as", "aka", "also", "or", "and", "nee", "formerly", "called", "alias", "the"),
    }
)
_PARTICLES: Final = frozenset(
    {
        *("al", "el", "bin", "ibn", "bint", "abu", "ap"),
        *("de", "da", "di", "du", "la", "le", "van", "von", "der", "den"),
    }
)
_JOINED: Final = frozenset(["o", "mc", "mac", "st"])

_SOUNDS: Final = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"ph", "f"),
        (r"ck|kh|q|x", "k"),
        (r"c(?=[aou]|[^aeiouyh]|$)", "k"),
        (r"c(?!h)", "s"),
        (r"gh", "g"),
        (r"sch|sz|sh", "š"),
        (r"dj|dz", "j"),
        (r"w|v", "v"),
        (r"z", "s"),
        (r"th", "t"),
    )
)
_VOWELS: Final = {"a": "a", "e": "i", "i": "i", "y": "i", "o": "u", "u": "u"}


def marks_of(form: Mapping[str, str]) -> frozenset[Mark]:
    """Return everything that is looked up of a form; of a form without such fields, nothing."""
    return frozenset((*_exact(form), *_alike(form)))


def name_codes(name: str) -> frozenset[str]:
    """Return codes of every pair of names in a line; of a single name, its own code."""
    words = _words(name)[:_MOST_NAMES]
    parts = [
        (frozenset({place}), code)
        for place, word in enumerate(words)
        for part in dict.fromkeys((*word, "".join(word)))
        if part not in _PARTICLES and (code := _code(part))
    ]
    # "Anne Marie" and "Annemarie", "Abdul Rahman" and "Abdulrahman" are one.
    parts += [
        (frozenset({place, place + 1}), code)
        for place, (one, other) in enumerate(pairwise(words))
        if (code := _code("".join((*one, *other))))
    ]
    pairs = (
        "+".join(sorted((code, other)))
        for (places, code), (taken, other) in combinations(parts, 2)
        if not places & taken
    )
    found = frozenset(pairs)
    return found or frozenset(code for _, code in parts)


def are_two_people(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Say whether two forms name two people: nothing that is looked up of one is of the other.

    Where a name is missing nobody can say; a single name may be of whoever bears it too.

    >>> sian = {"individual.name": "Siân O'Neill"}
    >>> are_two_people(sian, {"individual.name": "Tam Specimen"})
    True
    >>> are_two_people(sian, {"individual.name": "ONEILL, Sian"})
    False
    """
    codes, others = (name_codes(form.get(NAME, "")) for form in (one, other))
    if not codes or not others or codes & others or marks_of(one) & marks_of(other):
        return False
    words, other_words = (_each_code(form.get(NAME, "")) for form in (one, other))
    is_single = words == codes or other_words == others
    return not (is_single and words & other_words)


def _each_code(name: str) -> frozenset[str]:
    return frozenset(code for word in _words(name) if (code := _code("".join(word))))


def birthday_code(text: str) -> str | None:
    """Return a birthday as it is compared, day and month in either order; None for no day.

    >>> birthday_code("1991-11-02") == birthday_code("1991-02-11")
    True
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if day.day > _LAST_MONTH:
        return day.isoformat()
    first, second = sorted((day.day, day.month))
    return f"{day.year:04}-{first:02}-{second:02}"


def _exact(form: Mapping[str, str]) -> Iterator[Mark]:
    text = form.get(NUMBER, "")
    numbers = [re.sub(r"[ -]", "", found) for found in _NUMBER.findall(text)]
    valid = [number for number in numbers if _is_nhs_number(number)]
    for number in valid:
        yield Mark(kind=MarkKind.EXACT, what="nhs-number", value=number)
    reference = _MARKS.sub("", _plain(text))
    # What is neither a number nor without any digit is some office's own reference.
    if not valid and len(reference) >= _SHORTEST_REFERENCE and re.search(r"[0-9]", reference):
        yield Mark(kind=MarkKind.EXACT, what="local-reference", value=reference)


def _alike(form: Mapping[str, str]) -> Iterator[Mark]:
    codes = name_codes(form.get(NAME, ""))
    for what, value in _beside(form):
        for code in codes:
            yield Mark(kind=MarkKind.ALIKE, what=f"name-{what}", value=f"{code}|{value}")


def _beside(form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    birthday = birthday_code(form.get(BIRTHDAY, ""))
    if birthday is not None:
        yield "birthday", birthday
    contact = form.get(CONTACT, "")
    mails = (found.rstrip(".").casefold() for found in _MAIL.findall(contact))
    for mail in _first(mails):
        yield "mail", mail
    numbers = (_telephone(found) for found in _TELEPHONE.findall(_MAIL.sub(" ", contact)))
    for number in _first(one for one in numbers if len(one) >= _SHORTEST_TELEPHONE):
        yield "telephone", number
    for out, inward in _POSTCODE.findall(form.get(ADDRESS, "").upper())[:1]:
        yield "postcode", out + inward


def _first(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))[:_MOST_CONTACTS]


def _telephone(text: str) -> str:
    digits = re.sub(r"[^0-9+]", "", text)
    return re.sub(r"^(\+44|0044)0?", "0", digits)


def _is_nhs_number(number: str) -> bool:
    digits = list(map(int, number))
    weighted = sum(digit * (_NHS_DIGITS - place) for place, digit in enumerate(digits[:-1]))
    return len(set(digits)) > 1 and (_NHS_MODULUS - weighted % _NHS_MODULUS) % 11 == digits[-1]


def _plain(text: str) -> str:
    """Return a text without accents and apostrophes, in small letters."""
    joined = _HYPHENS.sub("-", _APOSTROPHES.sub("", text))
    letters = unicodedata.normalize("NFKD", joined.casefold())
    spelt = letters.replace("ß", "ss").replace("ø", "o").replace("ł", "l").replace("đ", "d")
    spelt = spelt.replace("æ", "ae").replace("œ", "oe").replace("ð", "d").replace("þ", "th")
    return "".join(letter for letter in spelt if not unicodedata.combining(letter))


def _words(name: str) -> list[tuple[str, ...]]:
    """Return the names of a line, each in its parts: "Smith-Jones" is one name of two."""
    words: list[str] = []
    for word in filter(None, _BETWEEN.split(_plain(name))):
        if words and words[-1] in _JOINED:
            words[-1] += word
        elif word not in _NO_NAMES:
            words.append(word)
    split = (tuple(filter(None, word.split("-"))) for word in dict.fromkeys(words))
    return [parts for parts in split if parts]


def _code(word: str) -> str:
    """Return how a name is compared: its line among the spellings, else how it sounds."""
    return _LINES.get(word) or _sound(word)


def _sound(word: str) -> str:
    for pattern, to in _SOUNDS:
        word = pattern.sub(to, word)
    first = next((_VOWELS[letter] for letter in word if letter in _VOWELS), "")
    rest = "".join(letter for letter in word[1:] if letter not in _VOWELS and letter != "h")
    begin = _VOWELS.get(word[:1], word[:1])
    spelt = re.sub(r"(.)\1+", r"\1", begin + rest)
    return f"{spelt}.{first}" if spelt else ""


_LINES: Final[Mapping[str, str]] = {
    _plain(word): f"={line.split()[0]}" for line in SPELLINGS for word in line.split()
}
