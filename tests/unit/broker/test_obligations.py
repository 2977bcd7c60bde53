"""What must be kept before release, and what becomes a dated duty."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from values import a_decision, an_obligation, the_rulebook

from broker.domain.model import Duty
from broker.domain.obligations import (
    CONFIRM_RECEIPT,
    CONFIRMED_BY_THE_SENDER,
    GUARDIAN_SAMPLE,
    KEPT_BY_THE_BROKER,
    UPDATE_THE_RECORD,
    duties_of,
    is_sampled,
    note_owed,
    sample_of,
    unkept,
)
from policies import Outcome, Timing

TODAY = date(2026, 3, 16)
RECEIPT = Duty(type=CONFIRM_RECEIPT, due_on=date(2026, 3, 17), done_on=None)
NOTE = Duty(type=UPDATE_THE_RECORD, due_on=date(2026, 3, 23), done_on=None)


@pytest.mark.parametrize("type_", sorted(KEPT_BY_THE_BROKER))
def test_what_the_broker_keeps_stops_nothing(type_: str) -> None:
    decision = a_decision(obligations=(an_obligation(type_, Timing.AT_RELEASE),))

    assert unkept(decision, frozenset()) == {}


@pytest.mark.parametrize("type_", sorted(CONFIRMED_BY_THE_SENDER))
def test_what_only_a_person_keeps_stops_the_release_until_they_say_so(type_: str) -> None:
    decision = a_decision(obligations=(an_obligation(type_, Timing.BEFORE_RELEASE),))

    assert unkept(decision, frozenset()) == {type_: CONFIRMED_BY_THE_SENDER[type_]}
    assert unkept(decision, frozenset({type_})) == {}


@pytest.mark.parametrize("when", [Timing.BEFORE_RELEASE, Timing.AT_RELEASE])
def test_what_nobody_can_keep_stops_the_release_whatever_is_confirmed(when: Timing) -> None:
    decision = a_decision(obligations=(an_obligation("use-the-portal", when),))

    stopped = unkept(decision, frozenset({"use-the-portal"}))

    assert set(stopped) == {"use-the-portal"}
    assert "mailbox that takes encrypted files" in stopped["use-the-portal"]


def test_what_falls_due_later_stops_nothing() -> None:
    assert unkept(a_decision(obligations=(an_obligation("guardian-review"),)), frozenset()) == {}


def test_no_receipt_is_owed_where_nothing_goes() -> None:
    decision = a_decision(
        release=(), obligations=(an_obligation("tell-the-lead", due="same-day"),)
    )

    assert duties_of(decision, TODAY) == (Duty(type="tell-the-lead", due_on=TODAY, done_on=None),)


def test_what_goes_leaves_a_receipt_and_a_note_to_be_made() -> None:
    decision = a_decision()

    assert duties_of(decision, TODAY) == (RECEIPT, NOTE)
    assert note_owed(duties_of(decision, TODAY)) == NOTE.due_on
    assert note_owed([replace(NOTE, done_on=TODAY)]) is None


def test_no_note_is_owed_where_nobody_is_disclosed() -> None:
    assert duties_of(a_decision(), TODAY, names_nobody=True) == (RECEIPT,)


def test_a_working_day_is_noted_with_what_counted_it() -> None:
    decision = a_decision(obligations=(an_obligation("share-or-say-why", due="next-working-day"),))

    (*_, duty) = duties_of(decision, date(2026, 4, 2))

    assert duty.due_on == date(2026, 4, 7)
    assert str(duty.calendar).startswith("holidays ")


@pytest.mark.parametrize(
    ("type_", "properties", "due_on"),
    [
        pytest.param("tell-the-guardian", {}, date(2026, 3, 17), id="a day"),
        pytest.param("guardian-review", {}, date(2026, 3, 19), id="three days"),
        pytest.param("review-agreement", {}, date(2026, 3, 23), id="a week unless told"),
        pytest.param("review-agreement", {"by": "2026-05-01"}, date(2026, 5, 1), id="by a day"),
        pytest.param(
            "tell-the-person", {"tell-by": "2026-04-01"}, date(2026, 4, 1), id="told by a day"
        ),
        pytest.param("early-help", {"due": "days-7"}, date(2026, 3, 23), id="in seven days"),
        pytest.param("refer-to-social-care", {"due": "same-day"}, TODAY, id="today"),
        pytest.param("tell-the-victim", {"due": "as-written"}, date(2026, 3, 23), id="as written"),
        pytest.param("tell-the-person", {"tell-by": None}, date(2026, 3, 23), id="by no day"),
    ],
)
def test_what_falls_due_later_becomes_a_dated_duty(
    type_: str, properties: dict[str, Any], due_on: date
) -> None:
    decision = a_decision(obligations=(an_obligation(type_, **properties),))

    later = Duty(type=type_, due_on=due_on, done_on=None)
    assert duties_of(decision, TODAY) == (RECEIPT, NOTE, later)


def test_a_guardian_looks_back_at_an_emergency_the_next_day() -> None:
    decision = a_decision(
        outcome=Outcome.EMERGENCY, obligations=(an_obligation("guardian-review"),)
    )

    *_, review = duties_of(decision, TODAY)

    assert review == Duty(type="guardian-review", due_on=date(2026, 3, 17), done_on=None)


@pytest.mark.usefixtures("by_chance")
@pytest.mark.parametrize("digit", "0123456789abcdef")
def test_the_first_digit_of_the_commitment_chooses_the_sample(digit: str) -> None:
    assert is_sampled(digit + "e" * 63) == (digit in {"0", "1"})


@pytest.mark.parametrize("look_back", ["emergency", "override", "none"])
def test_what_chance_did_not_choose_adds_no_duty(look_back: str) -> None:
    assert sample_of(look_back, TODAY) == ()


def test_what_chance_chose_is_looked_back_at_within_two_weeks() -> None:
    due = Duty(type=GUARDIAN_SAMPLE, due_on=date(2026, 3, 30), done_on=None)

    assert sample_of("sample", TODAY) == (due,)


def test_what_is_kept_at_release_is_no_duty_afterwards() -> None:
    decision = a_decision(obligations=(an_obligation("seal", Timing.AT_RELEASE),))

    assert duties_of(decision, TODAY) == (RECEIPT, NOTE)


def test_every_obligation_before_release_is_kept_by_somebody_or_known_to_stop_it() -> None:
    before = {
        type_
        for type_, kind in the_rulebook().obligations.items()
        if kind.when is not Timing.AFTER_RELEASE
    }

    assert before - set(KEPT_BY_THE_BROKER) - set(CONFIRMED_BY_THE_SENDER) == {
        "ask-a-deputy",
        "use-the-portal",
    }
