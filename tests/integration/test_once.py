"""A call that comes twice is done once, and what is recorded is answered whatever follows."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from brokers import NURSE, Clock, a_submission, read_here
from callers import PACKS, REVIEWS, Refusal, a_caller, refusal_of
from packs import a_pack
from referrals import (
    APPROVED,
    DEPUTY,
    GUARDIAN,
    QUESTION,
    WEIGHED,
    guardian_calling,
    recorded,
    refer,
    submit,
)

from broker.api.services import install
from broker.cli import session
from broker.disclosures.repeats import SAME_PACK
from broker.domain.errors import StoreUnavailableError
from broker.domain.references import parse_reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.intake.submissions import submission_of
from broker.storage.transaction import Transaction, Transactions
from broker.wiring import Services

GROUNDS = {"relation": "independent", "principles": [7]}
DECISION = {
    **GROUNDS,
    "verdict": "approve",
    "reason": "Harm outweighs.",
    "public_interest": WEIGHED,
}


def mails(services: Services) -> int:
    services.dispatcher.dispatch()
    return len(list(services.home.pickup.glob("*.eml")))


def test_the_same_pack_under_twenty_keys_is_one_mail(services: Services) -> None:
    nurse = a_caller(services)

    answers = [nurse.submit(a_pack(), key=f"key-{number:08}") for number in range(20)]

    assert [one.status_code for one in answers] == [201, *[200] * 19]
    assert len({one.get_json()["reference"] for one in answers}) == 1
    assert answers[0].get_json()["nothing_new_because"] is None
    assert answers[1].get_json()["nothing_new_because"] == SAME_PACK
    assert mails(services) == 1


def test_the_same_pack_goes_once_more_if_it_says_why(services: Services) -> None:
    nurse = a_caller(services)
    nurse.submit(a_pack())

    again = nurse.submit(a_pack(again="The first mail was lost."), key="key-00000002")

    assert (again.status_code, again.get_json()["nothing_new_because"]) == (201, None)
    assert mails(services) == 2


def test_a_pack_with_other_words_or_a_day_later_is_no_repetition(
    services: Services, clock: Clock
) -> None:
    first = submit(services)
    other = services.disclosures.submit(
        submission_of(
            read_here(services, **{"form__concerns.source": "Seen by two of us."}),
            {},
            "key-00000002",
            services.idempotency,
            services.sandbox.inspect,
        ),
        NURSE,
    )
    clock.forward(timedelta(days=1, seconds=1))
    later = submission_of(
        read_here(services), {}, "key-00000003", services.idempotency, services.sandbox.inspect
    )

    assert len({first, other, services.disclosures.submit(later, NURSE)}) == 3


def test_what_was_stopped_can_be_submitted_again(services: Services) -> None:
    first = submit(services)
    services.afterwards.recalling.recall(first, NURSE)
    anew = submission_of(
        read_here(services), {}, "key-00000002", services.idempotency, services.sandbox.inspect
    )

    assert services.disclosures.submit(anew, NURSE) != first


def test_a_key_is_derived_from_the_pack_until_that_one_is_over(services: Services) -> None:
    keyed, flow = services.idempotency, services.disclosures
    body = a_submission(services).key.body

    first = flow.key_for(body, None, NURSE, keyed)
    submission = submission_of(read_here(services), {}, first, keyed, services.sandbox.inspect)
    reference = flow.submit(submission, NURSE)

    assert flow.key_for(body, None, NURSE, keyed) == first
    assert flow.key_for(body, "The mail was lost.", NURSE, keyed) != first
    services.afterwards.recalling.recall(reference, NURSE)
    assert flow.key_for(body, None, NURSE, keyed) != first


@pytest.mark.parametrize(
    ("step", "body", "event"),
    [
        pytest.param("decision", DECISION, "reviewed", id="decision"),
        pytest.param("question", {**GROUNDS, "question": "Who saw it?"}, "asked", id="question"),
    ],
)
def test_a_guardians_call_with_the_same_key_is_done_once(
    services: Services, step: str, body: dict[str, Any], event: str
) -> None:
    reference, guardian = refer(services), guardian_calling(services)
    path, key = f"{REVIEWS}/{reference}/{step}", {"Idempotency-Key": "key-00000001"}

    first, again = (guardian.post(path, body, **key) for _ in range(2))
    other = guardian.post(path, {**body, "principles": [6]}, **key)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.get_json()["state"] == again.get_json()["state"]
    assert recorded(services, reference).count(event) == 1
    assert refusal_of(other) == Refusal(422, "key-reused")


def test_a_reply_and_an_opinion_with_the_same_key_are_recorded_once(services: Services) -> None:
    reference, key = refer(services), {"Idempotency-Key": "key-00000777"}
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    nurse = a_caller(services)

    for _ in range(2):
        answer = nurse.post(f"{PACKS}/{reference}/reply", {"reply": "Nobody else."}, **key)
        assert answer.status_code == 200
    services.referrals.decide(reference, GUARDIAN, APPROVED)
    deputy = a_caller(services, DEPUTY, Role.GUARDIAN)
    opinion = {**GROUNDS, "opinion": "concur", "reason": "It was needed."}
    for _ in range(2):
        answer = deputy.post(f"{REVIEWS}/{reference}/opinion", opinion, **key)
        assert answer.status_code == 200

    found = recorded(services, reference)
    assert (found.count("replied"), found.count("looked-back")) == (1, 1)


def test_the_same_words_again_without_a_key_are_recorded_once(services: Services) -> None:
    reference = refer(services)

    for _ in range(2):
        services.referrals.ask(reference, GUARDIAN, QUESTION)
    for _ in range(2):
        services.disclosures.reply(reference, NURSE, "Nobody else.")
    for _ in range(2):
        services.referrals.decide(reference, GUARDIAN, APPROVED)

    found = recorded(services, reference)
    assert [found.count(one) for one in ("asked", "replied", "reviewed")] == [1, 1, 1]


@pytest.mark.parametrize("step", ["decision", "question", "opinion"])
def test_a_guardians_creating_call_needs_a_key(services: Services, step: str) -> None:
    reference = refer(services)
    bodies = {
        "decision": DECISION,
        "question": {**GROUNDS, "question": "Who saw it?"},
        "opinion": {**GROUNDS, "opinion": "concur", "reason": "It was needed."},
    }

    answer = guardian_calling(services).post(
        f"{REVIEWS}/{reference}/{step}", bodies[step], **{"Idempotency-Key": ""}
    )

    assert refusal_of(answer) == Refusal(428, "key-missing")


@dataclass(frozen=True, kw_only=True)
class FailsAfterTheFirst(Transactions):
    """Transactions on a database that goes away once the first of them is committed."""

    begun: list[None] = field(default_factory=list)

    @contextmanager
    def __call__(self) -> Generator[Transaction]:
        self.begun.append(None)
        if len(self.begun) > 1:
            raise StoreUnavailableError("The database is away.")
        with self.database.transaction() as connection:
            yield self.on(connection)

    @contextmanager
    def looking(self) -> Generator[Transaction]:
        with self() as tx:
            yield tx


def test_what_is_recorded_is_told_although_nothing_can_be_read_after_it(
    sqlite_broker: Services,
) -> None:
    services, kept = sqlite_broker, sqlite_broker.transaction
    nurse = a_caller(services)
    away = FailsAfterTheFirst(
        database=kept.database,
        keystore=kept.keystore,
        clock=kept.clock,
        gateway=kept.gateway,
        words=kept.words,
        rows=kept.rows,
        faults=kept.faults,
    )
    broken = replace(services, disclosures=replace(services.disclosures, transaction=away))
    install(nurse.client.application.extensions, broken)

    answer = nurse.submit(a_pack())

    told = answer.get_json()
    assert answer.status_code == 201
    assert (told["state"], told["receipt"]) == (None, None)
    assert "recorded and stands" in told["next_step"]
    assert answer.headers["Location"].endswith(told["reference"])
    with kept() as tx:
        stands = tx.store.disclosure(parse_reference(told["reference"]))
    assert stands.state is State.DECIDED


def test_a_head_that_cannot_be_kept_is_told_and_turns_nothing_back(
    sqlite_broker: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = sqlite_broker.transaction
    away = FailsAfterTheFirst(
        database=kept.database,
        keystore=kept.keystore,
        clock=kept.clock,
        gateway=kept.gateway,
        words=kept.words,
        rows=kept.rows,
        faults=kept.faults,
        begun=[None],
    )
    checkpoints = replace(sqlite_broker.checkpoints, transaction=away)

    session.keep_head(replace(sqlite_broker, checkpoints=checkpoints))

    assert "What this command did stands" in capsys.readouterr().err
