"""What has changed, as somebody tells it to those who got a first disclosure; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.domain.errors import Fault
from broker.domain.json_values import is_object
from broker.domain.partner_requests.answers import BIRTHDAY, NAME, Statement
from broker.domain.questions.follows import Changed
from broker.domain.references import Reference

SAYS_IT: Final = (
    "concerns.event",
    "concerns.threats",
    "needs.other_safeguarding",
    "needs.circumstances",
    "panel.plan",
    "panel.assessment",
)
"""In which field it is said: the first of these that the purpose of the first lets go."""

ASKED_ANEW: Final = (
    "purpose_statement",
    "danger",
    "check",
    "told",
    "necessity",
    "proportionality",
)
"""What is not taken from the first, since it may be otherwise now: it is answered anew."""

WHOM: Final = frozenset({NAME, BIRTHDAY})
"""What the first says of who it is about; a wrong name is called back and not a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNotice:
    """What has changed and when, in a statement with its source, and to whom it is told.

    `about` is a disclosure of the case; `to` are the first disclosures of those who are told, all
    of them where it is empty. `form` holds fields that are not what they were, such as an address.
    `questions` are answered anew; the others stand as the first answered them.
    """

    about: Reference
    what: Changed
    statement: Statement
    to: tuple[Reference, ...]
    form: Mapping[str, str]
    questions: Mapping[str, object]
    confirmed: frozenset[str] = frozenset()


def change_faults(notice: ChangeNotice, today: date) -> Iterator[Fault]:
    """Yield what a notice lacks, each by its place."""
    statement = notice.statement
    if not statement.words.strip():
        yield Fault(place="statement.words", problem="is empty; say what has changed")
    if not statement.source.strip():
        problem = "is missing; say whose it is by role, not by name"
        yield Fault(place="statement.source", problem=problem)
    if statement.on > today:
        yield Fault(place="statement.on", problem="is in the future; tell what has happened")
    for name in ASKED_ANEW:
        if name not in notice.questions:
            problem = "is missing; it may be otherwise now, so answer it anew"
            yield Fault(place=f"questions.{name}", problem=problem)
    for field in sorted(WHOM & notice.form.keys()):
        problem = "is who the first is about; a wrong name is called back, not changed"
        yield Fault(place=f"form.{field}", problem=problem)
    for field in sorted(set(SAYS_IT) & notice.form.keys()):
        problem = "is said in the statement, with its source"
        yield Fault(place=f"form.{field}", problem=problem)


def answered_anew(first: Mapping[str, object], anew: Mapping[str, object]) -> dict[str, object]:
    """Return the answers of a first with those that are given anew in their place, part by part.

    >>> answered_anew({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"c": 4}})
    {'a': {'b': 1, 'c': 4}, 'd': 3}
    """
    merged = dict(first)
    for name, said in anew.items():
        before = first.get(name)
        merged[name] = {**before, **said} if is_object(before) and is_object(said) else said
    return merged
