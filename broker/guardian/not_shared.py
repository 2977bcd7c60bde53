"""What a body did not share in a quarter: refusals, parts that stayed, days that were missed.

Codes, labels and the rules' own sentences; no word of a pack. So that not sharing is looked at as
sharing is, each stands with what would have been lawful and what became of it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from broker.disclosures.reviews import reviews_of
from broker.disclosures.what_goes import WhatGoes
from broker.domain.json_values import text
from broker.domain.model import Disclosure, Duty, Person
from broker.domain.references import Reference
from broker.domain.states import WAITING_FOR_A_GUARDIAN, State
from broker.guardian.before_opening import was_for_a_guardian
from broker.guardian.retrospective import opinions_of
from broker.storage.rows.advising import asked_between
from broker.storage.transaction import Transaction, Transactions
from keys import KeyErasedError, UnknownKeyError

LISTED: Final = 200
"""How many disclosures of a quarter are looked at, the newest first."""

_MONTHS_IN_A_QUARTER: Final = 3
_QUARTERS: Final = 4
_WRITTEN: Final = re.compile(r"(20[0-9]{2})-q([1-4])", re.ASCII)
_WENT_NOWHERE: Final = frozenset({State.REFUSED, State.RECALLED, *WAITING_FOR_A_GUARDIAN})


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Quarter:
    """A quarter of a calendar year, as London's calendar has it.

    >>> Quarter.of_day(date(2026, 3, 31)).name, Quarter(year=2026, number=1).before.name
    ('2026-q1', '2025-q4')
    """

    year: int
    number: int

    @classmethod
    def of_day(cls, day: date) -> "Quarter":
        """Return the quarter that a day is in."""
        return cls(year=day.year, number=(day.month - 1) // _MONTHS_IN_A_QUARTER + 1)

    @classmethod
    def named(cls, name: str) -> "Quarter | None":
        """Return the quarter of a name such as `2026-q1`, None for any other text."""
        written = _WRITTEN.fullmatch(name)
        return None if written is None else cls(year=int(written[1]), number=int(written[2]))

    @property
    def name(self) -> str:
        """Its name in an address."""
        return f"{self.year}-q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, (self.number - 1) * _MONTHS_IN_A_QUARTER + 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after.first - timedelta(days=1)

    @property
    def before(self) -> "Quarter":
        """The quarter before it."""
        is_first = self.number == 1
        return Quarter(
            year=self.year - is_first, number=_QUARTERS if is_first else self.number - 1
        )

    @property
    def after(self) -> "Quarter":
        """The quarter after it."""
        is_last = self.number == _QUARTERS
        return Quarter(year=self.year + is_last, number=1 if is_last else self.number + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stayed:
    """A disclosure of which all or a part stayed: why, what would be lawful, what became of it.

    `stays` says of each field why it stayed; `opinion` is `concur`, `dissent` or empty, where a
    Guardian looked back; `later` are disclosures of the same case that came after it. `is_gone`
    says that its content was erased, so that only codes are left.
    """

    disclosure: Disclosure
    why: tuple[str, ...]
    lawful_if: tuple[str, ...]
    stays: Mapping[str, str]
    opinion: str
    later: tuple[Disclosure, ...]
    by_a_guardian: bool
    is_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A day that was missed: what was due, when, and when it was done, None where it never was.

    `duty` is the code of a duty, empty where a Guardian's decision is due.
    """

    disclosure: Disclosure
    duty: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotShared:
    """What a body did not share in a quarter; `is_cut` where there is more than is looked at.

    `to_open` are those of them that a Guardian may read.
    """

    quarter: Quarter
    refused: tuple[Stayed, ...]
    in_part: tuple[Stayed, ...]
    missed: tuple[Missed, ...]
    to_open: frozenset[Reference]
    looked_at: int
    is_cut: bool


def not_shared_in(
    transaction: Transactions, guardian: Person, quarter: Quarter, today: date
) -> NotShared:
    """Return what the Guardian's body did not share of what was asked in a quarter.

    Raises `LedgerError` while the ledger is at fault.
    """
    with transaction() as tx:
        days = (quarter.first, quarter.last)
        found = asked_between(tx.connection, guardian.agency, *days, limit=LISTED + 1)
        rows = tx.agreeing(found[:LISTED])
        stayed = [
            _stayed(tx, one, rows) for one in rows if one.state not in WAITING_FOR_A_GUARDIAN
        ]
        missed = [
            late for one in rows for late in _missed(one, tx.duties.of(one.reference), today)
        ]
        to_open = frozenset(one.reference for one in rows if was_for_a_guardian(tx, one))
    return NotShared(
        quarter=quarter,
        refused=tuple(one for one in stayed if one.disclosure.outcome == "refuse"),
        in_part=tuple(
            one for one in stayed if one.stays and one.disclosure.state not in _WENT_NOWHERE
        ),
        missed=tuple(sorted(missed, key=lambda one: one.due_on)),
        to_open=to_open,
        looked_at=len(rows),
        is_cut=len(found) > LISTED,
    )


def _stayed(tx: Transaction, disclosure: Disclosure, rows: Iterable[Disclosure]) -> Stayed:
    later = tuple(
        one
        for one in rows
        if one.case == disclosure.case and one.created_at > disclosure.created_at
    )
    try:
        file = tx.case_file(disclosure)
        reviews, decision = reviews_of(file), file.decision()
        left_out = frozenset(reviews[-1].left_out) if reviews else frozenset[str]()
        what = WhatGoes.of(decision, file.pack(), left_out)
        opinions = opinions_of(file)
    except (KeyErasedError, UnknownKeyError):
        return Stayed(
            disclosure=disclosure,
            why=(),
            lawful_if=(),
            stays={},
            opinion="",
            later=later,
            by_a_guardian=disclosure.decision_number > 1,
            is_gone=True,
        )
    return Stayed(
        disclosure=disclosure,
        why=what.because,
        lawful_if=what.lawful_if,
        stays=what.stays,
        opinion=text(opinions[-1]["opinion"]) if opinions else "",
        later=later,
        by_a_guardian=bool(reviews) and reviews[-1].counts,
    )


def _missed(disclosure: Disclosure, duties: Iterable[Duty], today: date) -> Iterator[Missed]:
    """Yield what should have been done by a day, and was done later or not at all."""
    due_on = disclosure.due_on
    if disclosure.state in WAITING_FOR_A_GUARDIAN and due_on is not None and due_on < today:
        yield Missed(disclosure=disclosure, duty="", due_on=due_on, done_on=None)
    if disclosure.state is State.RECALLED:
        return
    for duty in duties:
        ended = duty.done_on or today
        if duty.due_on is not None and duty.due_on < ended:
            yield Missed(
                disclosure=disclosure, duty=duty.type, due_on=duty.due_on, done_on=duty.done_on
            )
