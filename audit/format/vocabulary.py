"""The lists of words that an event may use and that others keep: whoever appends hands them in.

No free text fits between the words of a closed list, so nothing about a person does. The lists of
what was judged are the rules' own; this package knows what they are called, not what stands there.

>>> no_words(WordList.OUTCOMES)
frozenset()
"""

from collections.abc import Callable
from enum import StrEnum, unique
from typing import TypeAlias


@unique
class WordList(StrEnum):
    """A closed list that an event draws from, by its name in docs/formats/ledger.md."""

    OUTCOMES = "outcomes"
    PURPOSES = "purposes"
    OBLIGATIONS = "obligations"
    ROLES = "roles"
    CASE_KINDS = "case kinds"
    STAGES = "stages"
    CASE_LINKS = "case links"
    CASE_ENDS = "case ends"


Words: TypeAlias = Callable[[WordList], frozenset[str]]
"""Gives the words of a list, always the same for the same list."""


def no_words(_: WordList) -> frozenset[str]:
    """Let no word of any list in: what a ledger does to which none were handed."""
    return frozenset()
