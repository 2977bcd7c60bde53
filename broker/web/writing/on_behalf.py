"""A lead completes what somebody wrote about a colleague: what goes over into a draft of theirs.

What the writer saw stays as it was told, one step further away. Whatever is a fresh decision -
who gets it, why, and each field for HR - is filled in and waits for the lead's own yes.
"""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Final

from broker.domain.concerns.drafts import DraftText
from broker.web.journeys.answers import Answers, Value
from broker.web.journeys.answers import Kind as JourneyKind

Pages = dict[str, dict[str, Value]]


@unique
class TakenOn(StrEnum):
    """What a lead writes from a concern about a colleague; two files, and two sets of members."""

    REFERRAL = "referral"
    HR = "hr"


_SEEN: Final = ("seen", "basis", "words", "harm", "crime", "danger", "danger-unsure")
_NEXT_HAND: Final = {"first-hand": "reported", "reported": "hearsay"}
_FOR_HR: Final[Mapping[str, tuple[str, str]]] = {
    "individual.name": ("c-work", "name"),
    "education.place": ("c-work", "role"),
    "concerns.event": ("seen", "event"),
    "checks.action": ("done", "action"),
}
"""The fields that the staff process may have, each with a reason, and where they were typed."""


def journey_of(what: TakenOn) -> JourneyKind:
    """Return the journey on which a lead writes it."""
    return JourneyKind.REFERRAL if what is TakenOn.REFERRAL else JourneyKind.OTHER


def taken_over(what: TakenOn, answers: Answers, writer: str) -> DraftText:
    """Return the draft that a lead begins with; `writer` is the name of whoever wrote it.

    What stands in `typed` is shown filled in, and is asked of the lead all the same.
    """
    over: Pages = {page: dict(answers[page]) for page in _SEEN if page in answers}
    over |= _told(answers, writer)
    if what is TakenOn.REFERRAL:
        over["about"] = {"about": "person"}
        return DraftText(
            answers=over,
            typed={
                "who": {"name": [_text(answers, "c-work", "name")]},
                "where": {"place": [_text(answers, "c-work", "role")]},
                "done": {"action": [_text(answers, "done", "action")]},
            },
        )
    for_hr = {field: words for field, home in _FOR_HR.items() if (words := _text(answers, *home))}
    over["purpose"] = {"purpose": "staff-process"}
    return DraftText(
        answers=over,
        typed={
            "more": {"fields": [*for_hr]},
            **{f"field/{field}": {"text": [words]} for field, words in for_hr.items()},
        },
    )


def _told(answers: Answers, writer: str) -> Pages:
    """Return how a lead knows it: from whoever wrote it, and for what that one was told, less."""
    source = _text(answers, "source", "source")
    if not source:
        return {}
    first = writer if source == "first-hand" else _text(answers, "told-by", "who")
    return {
        "source": {**answers["source"], "source": _NEXT_HAND.get(source, source)},
        "told-by": {**answers.get("told-by", {}), "who": first},
    }


def _text(answers: Answers, page: str, question: str) -> str:
    value = answers.get(page, {}).get(question)
    return value if isinstance(value, str) else ""
