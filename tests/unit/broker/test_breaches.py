"""What a breach record lacks and what is late about it follow from its steps and the clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broker.domain.breaches.record import (
    CHOICES,
    Breach,
    Cause,
    Kind,
    Late,
    Said,
    Step,
    Written,
)
from broker.domain.breaches.words import ASKED, CAUSES, CHOICES_IN_WORDS, KINDS, LATE, STEPS
from broker.domain.references import Prefix, new_reference, parse_reference
from keys import AgencyId, PersonId

OPENED = datetime(2026, 3, 16, 12, tzinfo=UTC)
CERTAIN = OPENED + timedelta(hours=2)
BREACH = Breach(
    id=parse_reference(str(new_reference(prefix=Prefix.BREACH)), Prefix.BREACH),
    about=None,
    agency=AgencyId("northshire-trust"),
    cause=Cause.WRONG_RECIPIENT,
    kind=Kind.BREACH,
    opened_by=PersonId("p-nurse"),
    opened_at=OPENED,
)
KNOWN = replace(BREACH, steps={Step.CERTAIN: Written(choice="breach", at=CERTAIN)})
HOUR = timedelta(hours=1)


def written(**choices: str) -> Breach:
    """The record that is known to be one, with these steps written an hour after certainty."""
    steps = {Step(name): Written(choice=one or None, at=CERTAIN) for name, one in choices.items()}
    return replace(KNOWN, steps={**KNOWN.steps, **steps})


WHOLE = {"contained": "", "risk": "none", "regulator": "not-reported", "person": "told"}


def test_the_clock_runs_for_72_hours_from_certainty_and_not_before() -> None:
    assert BREACH.report_due_at is None
    assert KNOWN.report_due_at == CERTAIN + timedelta(hours=72)
    assert not KNOWN.is_late_report(CERTAIN + timedelta(hours=72))
    assert KNOWN.is_late_report(CERTAIN + timedelta(hours=72, seconds=1))
    assert not BREACH.is_late_report(CERTAIN + timedelta(days=9))


def test_what_is_certain_to_be_a_near_miss_has_no_clock() -> None:
    miss = replace(
        BREACH,
        kind=Kind.NEAR_MISS,
        steps={Step.CERTAIN: Written(choice="near-miss", at=CERTAIN)},
    )

    assert miss.report_due_at is None
    assert miss.lacks() == (Step.CONTAINED, Step.LESSON)
    assert miss.late(CERTAIN + timedelta(days=9)) == ()


@pytest.mark.parametrize(
    ("choices", "lacks"),
    [
        ({}, ("contained", "risk", "regulator", "person", "lesson")),
        ({**WHOLE, "lesson": ""}, ()),
        ({**WHOLE, "lesson": "", "risk": "risk"}, ("regulator",)),
        ({**WHOLE, "lesson": "", "risk": "high", "regulator": "reported"}, ()),
        ({"regulator": "not-reported"}, ("contained", "risk", "person", "lesson")),
    ],
)
def test_a_risk_to_people_is_reported_and_everything_else_is_answered(
    choices: dict[str, str], lacks: tuple[str, ...]
) -> None:
    assert written(**choices).lacks() == tuple(map(Step, lacks))


@pytest.mark.parametrize(
    ("breach", "after", "late"),
    [
        (BREACH, 23 * HOUR, ()),
        (BREACH, 24 * HOUR, (Late.UNCERTAIN,)),
        (KNOWN, 49 * HOUR, ()),
        (KNOWN, 50 * HOUR, (Late.REPORT_SOON,)),
        (KNOWN, 74 * HOUR, (Late.REPORT_SOON, Late.REPORT_LATE)),
        (KNOWN, 98 * HOUR, (Late.REPORT_SOON, Late.REPORT_LATE, Late.REPORT_LATER)),
        (written(**WHOLE), 98 * HOUR, ()),
        (written(risk="high", regulator="reported"), 73 * HOUR, ()),
        (written(risk="high", regulator="reported"), 74 * HOUR, (Late.PERSON_LATE,)),
        (written(risk="high", regulator="reported", person="told"), 74 * HOUR, ()),
        (written(**WHOLE), timedelta(days=28), (Late.NOT_CLOSED,)),
        (replace(BREACH, closed_at=OPENED), timedelta(days=99), ()),
    ],
)
def test_what_is_late_climbs_and_ends_when_it_is_written(
    breach: Breach, after: timedelta, late: tuple[Late, ...]
) -> None:
    assert breach.late(OPENED + after) == late


def test_each_code_has_its_words() -> None:
    for codes, words in ((Kind, KINDS), (Cause, CAUSES), (Step, STEPS), (Step, ASKED)):
        assert set(codes) == set(words)
    assert set(Late) == set(LATE)
    assert {step: set(found) for step, found in CHOICES.items()} == {
        step: set(found) for step, found in CHOICES_IN_WORDS.items()
    }


def test_what_was_said_is_not_shown_by_mistake() -> None:
    assert "Zzcanary" not in repr(Said(step=Step.LESSON, words="Zzcanary was told"))
