"""What is written with a later step is kept locked, and its entry commits to it."""

from dataclasses import replace

import pytest
from brokers import NURSE, TEACHER, a_submission

from broker.domain.errors import (
    LeadNeededError,
    NotAllowedError,
    UnknownReferenceError,
    WrongStateError,
)
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.ledger.readings import Entrance
from broker.storage.case_file import Part
from broker.wiring import Services
from keys import PersonId


@pytest.fixture(name="told")
def _told(sqlite_broker: Services) -> Reference:
    reference = sqlite_broker.disclosures.submit(
        a_submission(
            sqlite_broker,
            questions__told__status="no",
            questions__told__telling_raises_risk="no",
            questions__told__reason="He had left before we could. Fictitious.",
        ),
        NURSE,
    )
    sqlite_broker.dispatcher.dispatch()
    sqlite_broker.disclosures.hand_over(reference, NURSE, None)
    return reference


def opened(services: Services, reference: Reference, part: Part) -> list[tuple[str, object]]:
    """Return what the case keeps of a part, each with the type of the entry that commits to it."""
    found: list[tuple[str, object]] = []
    with services.transaction() as tx:
        names = [
            name
            for name in tx.case_file(tx.disclosure(reference)).fields()
            if name.startswith(f"{part}/")
        ]
    for name in names:
        opening = services.openings.open(reference, name, NURSE, Entrance.CLI)
        with services.transaction() as tx:
            entry = tx.about(reference)[-2]
        found.append((entry.type, opening.value))
    return found


def test_who_said_that_it_opened_is_kept_locked(sqlite_broker: Services, told: Reference) -> None:
    sqlite_broker.disclosures.acknowledge(told, NURSE, "Desk officer, Prevent team")

    assert opened(sqlite_broker, told, Part.SPOKEN_TO) == [
        ("acknowledged", "Desk officer, Prevent team")
    ]


def test_why_it_was_stopped_is_kept_locked(sqlite_broker: Services, told: Reference) -> None:
    stood = sqlite_broker.afterwards.recalling.recall(told, NURSE, "Wrong person")

    assert stood is State.TOLD
    assert opened(sqlite_broker, told, Part.WHY_RECALLED) == [("retraction.asked", "Wrong person")]


def test_how_a_duty_went_is_kept_locked(sqlite_broker: Services, told: Reference) -> None:
    sqlite_broker.disclosures.finish(told, NURSE, "tell-the-person", "At noon, on the ward.")

    assert opened(sqlite_broker, told, Part.OF_A_DUTY) == [("duty.done", "At noon, on the ward.")]


def test_a_duty_is_given_up_once_and_with_a_reason(
    sqlite_broker: Services, told: Reference
) -> None:
    flow, why = sqlite_broker.disclosures, "They left without an address."
    with pytest.raises(NotAllowedError, match="A reason in words"):
        flow.give_up(told, NURSE, "tell-the-person", "no")
    with pytest.raises(NotAllowedError, match="Acknowledge the disclosure"):
        flow.give_up(told, NURSE, "confirm-receipt", why)

    flow.give_up(told, NURSE, "tell-the-person", why)

    assert opened(sqlite_broker, told, Part.OF_A_DUTY) == [("duty.given-up", why)]
    with pytest.raises(WrongStateError, match="No such duty is open"):
        flow.give_up(told, NURSE, "tell-the-person", why)


def test_nobody_but_the_lead_tells_the_words_a_third_time(
    sqlite_broker: Services, told: Reference
) -> None:
    flow = sqlite_broker.disclosures
    flow.hand_over(told, NURSE, "The line was cut off.")

    with pytest.raises(LeadNeededError):
        flow.hand_over(told, NURSE, "The line was cut off again.")

    lead = replace(NURSE, id=PersonId("p-lead"), role=Role.LEAD)
    assert flow.hand_over(told, lead, "Their screen was locked.").revealed_before
    elsewhere = replace(lead, agency=TEACHER.agency)
    with pytest.raises(UnknownReferenceError):
        flow.hand_over(told, elsewhere, "Their screen was locked.")
