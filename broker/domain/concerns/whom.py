"""Whom a draft is about, by what is looked up of a person: on which page each of it stands."""

from collections.abc import Iterator, Mapping
from typing import Final

from broker.domain.cases.likeness import ADDRESS, BIRTHDAY, CONTACT, FIELDS, NAME
from broker.domain.concerns.drafts import DraftText

Home = tuple[str, str]
"""A page and a question on it."""

TYPED: Final[Mapping[str, Home]] = {
    NAME: ("who", "name"),
    BIRTHDAY: ("age", "dob"),
    ADDRESS: ("where", "address"),
    CONTACT: ("where", "contact"),
}
"""Where whoever writes a referral types it, by the field of the form."""

TYPED_IN_DANGER: Final[Mapping[str, Home]] = {
    NAME: ("now-who", "name"),
    BIRTHDAY: ("now-who", "dob"),
    ADDRESS: ("now-who", "address"),
    CONTACT: ("now-who", "contact"),
}
"""The same in an emergency."""

_OF_A_COLLEAGUE: Final[Mapping[str, Home]] = {NAME: ("c-work", "name")}


STORY: Final = "concerns.description"
STORY_HOME: Final[Home] = ("seen", "story")
"""What was seen or heard, in the words of whoever wrote it, and where it stands."""


def homes_of(field: str) -> Iterator[Home]:
    """Yield where a field may stand in a draft, the home that counts most last."""
    for typed in (TYPED, TYPED_IN_DANGER, _OF_A_COLLEAGUE):
        if field in typed:
            yield typed[field]
    yield f"field/{field}", "text"
    yield f"wording/{field}", "text"


def named_in(text: DraftText) -> Mapping[str, str]:
    """Return what is looked up of the person whom a draft is about, by field of the form.

    As the form says it that would be sent: what was worded anew stands in the place of the rest.
    """
    found: dict[str, str] = {}
    for field in FIELDS:
        for page, question in homes_of(field):
            if page in text.answers:
                found[field] = str(text.answers[page].get(question) or "")
    return {field: said for field, said in found.items() if said}


def told_in(text: DraftText) -> Mapping[str, str]:
    """Return the same with what was seen or heard, for whoever reads it as an earlier concern."""
    page, question = STORY_HOME
    story = str(text.answers.get(page, {}).get(question) or "")
    return {**named_in(text), **({STORY: story} if story else {})}
