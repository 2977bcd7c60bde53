"""The facts of one request, checked: holding a `Facts` proves that every fact is good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Each fact by its place (`concern.harm`), read as its kind; the vocabulary vouches."""

    values: Mapping[str, Any]

    def word(self, place: str) -> str:
        """Return a fact that holds one word, an identifier or text."""
        word: str = self.values[place]
        return word

    def words(self, place: str) -> frozenset[str]:
        """Return a fact that holds a list of words or fields."""
        words: frozenset[str] = self.values[place]
        return words

    def day(self, place: str) -> date | None:
        """Return a fact that holds a day, or None where none is known."""
        day: date | None = self.values[place]
        return day

    def age_range(self) -> tuple[int, int] | None:
        """Return the lowest and highest age the person may have, where only that is known."""
        ages: tuple[int, int] | None = self.values["subject.approximate_age"]
        return ages

    def reasons(self) -> Mapping[str, str]:
        """Return the written reasons for fields beyond the minimum, by field."""
        reasons: Mapping[str, str] = self.values["reasons_for_extra_fields"]
        return reasons

    def today(self) -> date:
        """Return the day judged, as a calendar in London shows it."""
        moment: datetime = self.values["asked_at"]
        return moment.date()
