"""Whoever is given content is on the ledger before, and without an entry nothing is given."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from brokers import NURSE, TEACHER, Clock
from callers import PACKS, REVIEWS, a_caller
from referrals import (
    APPROVED,
    GUARDIAN,
    QUESTION,
    WEIGHED,
    deliver,
    guardian_calling,
    refer,
    submit,
)
from tampering import say_another_did_it

from audit.errors import BrokenLedgerError, ForeignGrowthError
from broker import logs
from broker.condition import readings_over_limit
from broker.domain.errors import UnknownReferenceError
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.ledger.readings import Entrance, readings_of
from broker.wiring import Services
from keys import PersonId

WORDS = "Who else was there?"
ANSWER = {
    "verdict": "approve",
    "public_interest": WEIGHED,
    "reason": "Harm outweighs.",
    "relation": "independent",
    "principles": [7],
}


def looks(services: Services, reference: Reference) -> list[tuple[str, str, str | None]]:
    found = readings_of(services.transaction, reference, GUARDIAN)
    return [(one.by, one.what, one.how) for one in found]


def asked(services: Services) -> Reference:
    reference = refer(services)
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    return reference


def test_each_answer_that_carries_content_is_one_entry(services: Services) -> None:
    reference = asked(services)
    nurse, guardian = a_caller(services), guardian_calling(services)
    review = f"{REVIEWS}/{reference}"

    guardian.get(review)
    nurse.get(f"{PACKS}/{reference}/questions")
    guardian.post(f"{review}/decision", {**ANSWER, "preview": True})
    guardian.post(f"{review}/decision", ANSWER)
    services.openings.open(reference, "pack", NURSE, Entrance.CLI)

    assert looks(services, reference) == [
        ("p-guardian", "pack", "api"),
        ("p-nurse", "questions", "api"),
        ("p-guardian", "files", "api"),
        ("p-guardian", "files", "api"),
        ("p-nurse", "opening", "cli"),
    ]


def test_states_and_lists_carry_no_words_and_leave_no_entry(services: Services) -> None:
    reference = asked(services)
    nurse, guardian = a_caller(services), guardian_calling(services)

    shown = [
        nurse.get(PACKS),
        nurse.get(f"{PACKS}/{reference}"),
        guardian.get(REVIEWS),
        guardian.get(f"{REVIEWS}/{reference}/readings"),
        nurse.post(f"{PACKS}/{reference}/reply", {"reply": "Nobody else, as Zzcanary said."}),
    ]

    told = " ".join(answer.get_data(as_text=True) for answer in shown)
    assert [answer.status_code for answer in shown] == [200] * 5
    assert WORDS not in told
    assert "Zzcanary" not in told
    assert looks(services, reference) == []


def test_a_passphrase_is_recorded_once_by_its_own_entry(services: Services) -> None:
    reference = deliver(services)

    assert looks(services, reference) == [("p-nurse", "passphrase", None)]


def test_the_words_are_told_at_their_own_place(services: Services) -> None:
    reference = asked(services)
    services.disclosures.reply(reference, NURSE, "Nobody else.")
    services.referrals.decide(reference, GUARDIAN, replace(APPROVED, verdict="refuse"))

    told: Any = a_caller(services).get(f"{PACKS}/{reference}/questions").json

    (question,), (review,) = told["questions"], told["reviews"]
    assert (question["question"], question["reply"]) == (WORDS, "Nobody else.")
    assert (review["verdict"], review["reason"]) == ("refuse", APPROVED.reason)


CONTENT: dict[str, Callable[[Services, Reference], object]] = {
    "referral": lambda made, ref: made.referrals.show(ref, GUARDIAN, Entrance.API),
    "preview": lambda made, ref: made.referrals.preview(ref, GUARDIAN, APPROVED, Entrance.API),
    "what goes": lambda made, ref: made.referrals.standing(ref, GUARDIAN, Entrance.API),
    "opening": lambda made, ref: made.openings.open(ref, "pack", GUARDIAN, Entrance.API),
}


@pytest.mark.parametrize("content", CONTENT.values(), ids=CONTENT)
def test_nothing_is_given_that_cannot_be_recorded(
    services: Services, content: Callable[[Services, Reference], object]
) -> None:
    reference = asked(services)
    with services.transaction.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE ledger_head SET gateways = '{}'")

    with pytest.raises(ForeignGrowthError):
        content(services, reference)


def test_words_that_cannot_be_recorded_are_in_no_answer(services: Services) -> None:
    reference = asked(services)
    nurse, guardian = a_caller(services), guardian_calling(services)
    with services.transaction.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE ledger_head SET gateways = '{}'")

    answers = [
        nurse.get(f"{PACKS}/{reference}/questions"),
        guardian.get(f"{REVIEWS}/{reference}"),
    ]

    assert all(answer.status_code >= 500 for answer in answers)
    assert WORDS not in " ".join(answer.get_data(as_text=True) for answer in answers)


@pytest.mark.parametrize(
    "stranger",
    [
        pytest.param(replace(NURSE, id=PersonId("p-colleague")), id="a colleague"),
        pytest.param(replace(GUARDIAN, agency=TEACHER.agency), id="another body's Guardian"),
    ],
)
def test_only_a_guardian_of_its_body_sees_who_looked(services: Services, stranger: Person) -> None:
    reference = asked(services)

    with pytest.raises(UnknownReferenceError):
        readings_of(services.transaction, reference, stranger)


def test_what_was_refused_to_somebody_is_no_reading(services: Services) -> None:
    reference = asked(services)
    stranger = a_caller(services, replace(NURSE, id=PersonId("p-colleague")))

    assert stranger.get(f"{PACKS}/{reference}/questions").status_code == 404
    assert looks(services, reference) == []


def test_who_reads_more_than_the_limit_in_a_day_is_counted(
    services: Services, clock: Clock
) -> None:
    reference = asked(services)
    quiet = replace(services, settings=replace(services.settings, readings_alarm=2))

    for _ in range(2):
        services.referrals.show(reference, GUARDIAN, Entrance.API)
    at_the_limit = readings_over_limit(quiet)
    services.openings.open(reference, "pack", GUARDIAN, Entrance.API)
    over = readings_over_limit(quiet)
    clock.forward(timedelta(days=1))

    assert (at_the_limit, over, readings_over_limit(quiet)) == (0, 1, 0)


def test_a_reading_that_somebody_put_down_to_another_is_not_counted_as_theirs(
    services: Services,
) -> None:
    reference = asked(services)
    questions = a_caller(services).get(f"{PACKS}/{reference}/questions")
    assert questions.status_code == 200
    with services.transaction() as tx:
        read = tx.about(reference)[-1]
    assert (read.type, read.event["by"]) == ("read", NURSE.id)
    say_another_did_it(services, read.seq)

    with pytest.raises(BrokenLedgerError):
        readings_over_limit(services)


def test_the_log_of_requests_names_who_called_by_their_identifier(
    sqlite_broker: Services,
) -> None:
    stream = StringIO()
    logs.configure("info", stream)
    caller = a_caller(sqlite_broker, NURSE, Role.PRACTITIONER)

    caller.get(PACKS)
    caller.client.get(PACKS)

    logs.drain()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [line["actor"] for line in requests] == ["p-nurse", None]


def test_a_pack_that_nobody_looked_at_says_so(services: Services) -> None:
    assert looks(services, submit(services)) == []
