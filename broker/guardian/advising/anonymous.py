"""Whether a question holds what a case says of whom it is about: a name, a day, a number, a place.

It is compared with the case's own fields, so that what nobody wrote there is not found: the
Guardian is asked all the same whether somebody could guess who it is.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

_OF_PEOPLE: Final = ("individual.", "family.", "noticed_by.", "referrer.", "education.place")
_SAID_OF_MANY: Final = frozenset(
    {
        "individual.gender",
        "individual.language",
        "individual.nationality",
        "individual.ethnicity",
        "individual.religion",
        "individual.immigration_status",
        "individual.approximate_age",
        "noticed_by.anonymous",
        "family.implicated",
    }
)
"""Fields whose words many people share: they name nobody by themselves."""

_ORDINARY_WORDS: Final = (
    "about after also and another any are aunt avenue been before brother child children "
    "close college contact does email evening example father first for former friend from "
    "girl had has have her here him his home house known lane live lives man mother mum nhs "
    "nobody none not nurse old one only out parent parents partner person phone place "
    "referrer road row school seen she sister social some son stays street teacher team "
    "that the their them there they this trust two uncle unknown was were when where which "
    "who with woman work worker works years yes young "
    "am an as at be by do go he if in is it me mr ms my no of on or so to up us we "
)
_ORDINARY: Final = frozenset(_ORDINARY_WORDS.split())
"""Words of such fields that say nothing of anybody."""

_FEWEST_LETTERS: Final = 2
_FEWEST_DIGITS: Final = 4


def gives_away(question: str, form: Mapping[str, str]) -> bool:
    """Say whether a question holds a word, a number or a day of the fields about people.

    >>> gives_away("What happens after a referral?", {"individual.name": "Jo Invented"})
    False
    >>> gives_away("What about invented, born 31/1/1979?", {"individual.name": "Jo Invented"})
    True
    """
    asked = _plain(question)
    words, digits = set(re.findall(r"\w+", asked)), re.sub(r"\D", "", question)
    for field, text in form.items():
        if not field.startswith(_OF_PEOPLE) or field in _SAID_OF_MANY:
            continue
        if words & set(_telling_words(text)):
            return True
        if any(number in digits for number in _numbers(text)):
            return True
        if any(day in asked for day in _days(text)):
            return True
    return False


def _plain(text: str) -> str:
    """Return a text without accents and capital letters."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _telling_words(text: str) -> Iterator[str]:
    for word in re.findall(r"[^\W\d_]+", _plain(text)):
        if len(word) >= _FEWEST_LETTERS and word not in _ORDINARY:
            yield word


def _numbers(text: str) -> Iterator[str]:
    for written in re.findall(r"\d[\d ()-]*\d", text):
        digits = re.sub(r"\D", "", written)
        if len(digits) >= _FEWEST_DIGITS:
            yield digits


def _days(text: str) -> Iterator[str]:
    """Yield how people write a day that stands there as 1979-01-31."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return
    month = f"{day:%B}".casefold()
    for year in (f"{day:%Y}", f"{day:%y}"):
        for mark in ("/", ".", "-"):
            yield f"{day.day}{mark}{day.month}{mark}{year}"
            yield f"{day.day:02}{mark}{day.month:02}{mark}{year}"
    yield from (f"{day.day} {month}", f"{month} {day.day}", f"{day.day} {month[:3]}")
