"""Options made of the lists that several pages share."""

from broker.web.journeys.pages.word_lists import YES_NO, YES_NO_UNKNOWN
from broker.web.journeys.shapes import Condition, Kind, Option, Question, always


def options(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    """Return an option for each code and its label."""
    return tuple(Option(code=code, label=label) for code, label in pairs)


def yes_no(name: str, label: str, missing: str, *facts: str, hint: str = "") -> Question:
    """Return a question that must be answered yes or no."""
    return Question(
        id=name,
        kind=Kind.RADIOS,
        label=label,
        hint=hint,
        options=options(*YES_NO),
        facts=facts,
        must=always,
        missing=missing,
    )


def yes_no_unknown(
    name: str,
    label: str,
    missing: str,
    *facts: str,
    hint: str = "",
    shown: Condition = always,
) -> Question:
    """Return a question that must be answered yes, no or "I do not know", where it is shown."""
    return Question(
        id=name,
        kind=Kind.RADIOS,
        label=label,
        hint=hint,
        options=options(*YES_NO_UNKNOWN),
        facts=facts,
        must=always,
        missing=missing,
        when=shown,
    )
