"""Days in forms: three fields that people fill, into a day or what is wrong; pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from broker.web.forms.problems import Problem

PARTS: Final = ("day", "month", "year")
_WIDTHS: Final = {"day": "2", "month": "2", "year": "4"}
_LONGEST: Final = 4


def day_typed(form: Mapping[str, str], name: str) -> dict[str, str]:
    """Return what was typed in the three fields of a day, by their names."""
    return {f"{name}-{part}": form.get(f"{name}-{part}", "").strip() for part in PARTS}


def typed_of_day(name: str, value: date | None) -> dict[str, str]:
    """Return a day as it stands in its three fields."""
    if value is None:
        return {f"{name}-{part}": "" for part in PARTS}
    return {f"{name}-{part}": str(getattr(value, part)) for part in PARTS}


def day_in(typed: Mapping[str, str], name: str) -> date | None:
    """Return the day that was typed, None for none or where `day_problem` finds a fault."""
    parts = [typed.get(f"{name}-{part}", "") for part in PARTS]
    if not all(part.isascii() and part.isdecimal() and len(part) <= _LONGEST for part in parts):
        return None
    number = {part: int(text) for part, text in zip(PARTS, parts, strict=True)}
    try:
        return date(number["year"], number["month"], number["day"])
    except ValueError:
        return None


def day_problem(typed: Mapping[str, str], name: str, label: str) -> Problem | None:
    """Return what is wrong with a day, None where it is one or all three fields are empty."""
    is_empty = not any(typed.get(f"{name}-{part}") for part in PARTS)
    if is_empty or day_in(typed, name) is not None:
        return None
    return Problem(field=f"{name}-day", message=f"{label} must be a day, such as 27 3 2027")


def day_params(
    typed: Mapping[str, str], name: str, problems: Iterable[Problem]
) -> dict[str, object]:
    """Return the parameters of the macro that shows a day, but for its label."""
    wrong = [one for one in problems if one.field == f"{name}-day"]
    return {
        "id": name,
        "namePrefix": name,
        "items": [
            {
                "name": part,
                "label": part.capitalize(),
                "value": typed.get(f"{name}-{part}", ""),
                "classes": f"govuk-input--width-{_WIDTHS[part]}"
                + (" govuk-input--error" if wrong else ""),
            }
            for part in PARTS
        ],
        "errorMessage": {"text": wrong[0].message} if wrong else None,
    }


def later_day(typed: Mapping[str, str], name: str, today: date, ask: str) -> date | Problem:
    """Return a day later than today; `ask` is what to enter, where it is not one."""
    if (problem := day_problem(typed, name, "It")) is not None:
        return problem
    day = day_in(typed, name)
    if day is None or day <= today:
        return Problem(field=f"{name}-day", message=f"{ask}, later than today")
    return day
