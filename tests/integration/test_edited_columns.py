"""Columns that no entry says in clear: each is believed by something else, or named, or both."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from brokers import NURSE, Clock
from referrals import ADMINISTRATOR, APPROVED, GUARDIAN, QUESTION, deliver, refer, submit
from sqlalchemy import update

from broker.domain.errors import LedgerDisagreesError, RulesUnavailableError
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.storage import tables
from broker.wiring import Services
from keys import PersonId

NONE = {"questions__concern__harm": "none"}
"""What the rules refuse."""


OFFICER = replace(GUARDIAN, id=PersonId("p-officer"), role=Role.OPERATOR)


def edit(services: Services, table: Any, **values: Any) -> None:
    with services.transaction.database.transaction() as connection:
        assert connection.execute(update(table).values(**values)).rowcount > 0


def types(services: Services) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.ledger.entries()]


def test_a_message_is_sent_under_no_other_name_than_it_was_sealed_with(
    services: Services,
) -> None:
    reference = submit(services)
    services.dispatcher.dispatch()
    (sent,) = services.home.pickup.glob("*.eml")
    sent.unlink()
    edit(services, tables.disclosure, message_id="<other@broker.invalid>")

    with pytest.raises(LedgerDisagreesError, match="under which name"):
        services.disclosures.hand_over(reference, NURSE, None)
    assert services.log.differences() == (f"disclosure/{reference}",)


def asked_again(services: Services) -> Reference:
    reference = refer(services)
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    services.disclosures.reply(reference, NURSE, "Nobody else.")
    return reference


def asked(services: Services) -> Reference:
    reference = refer(services)
    services.referrals.ask(reference, GUARDIAN, QUESTION)
    return reference


def left_to_a_deputy(services: Services) -> Reference:
    reference = refer(services)
    services.referrals.decide(reference, replace(GUARDIAN, id=NURSE.id), APPROVED)
    return reference


@pytest.mark.parametrize("waiting", [refer, asked, asked_again, left_to_a_deputy])
@pytest.mark.parametrize("day", ["2026-03-19", "2026-03-15", None])
def test_a_day_that_was_put_off_for_the_guardian_is_named(
    services: Services, clock: Clock, waiting: Any, day: str | None
) -> None:
    reference = waiting(services)
    clock.forward(timedelta(hours=8))
    assert services.log.differences() == ()

    edit(services, tables.disclosure, due_on=day)

    assert services.log.differences() == (f"disclosure/{reference}",)


def test_a_day_for_what_waits_for_nobody_is_named(services: Services) -> None:
    reference = submit(services)
    edit(services, tables.disclosure, due_on="2026-03-16")

    assert services.log.differences() == (f"disclosure/{reference}",)


def test_a_review_of_what_is_kept_that_nobody_made_is_named(services: Services) -> None:
    reference = submit(services, **NONE)
    services.retention.disposals.keep(reference, ADMINISTRATOR)
    assert services.log.differences() == ()

    edit(services, tables.disclosure, reviewed_on="2026-03-17")
    assert services.log.differences() == (f"disclosure/{reference}",)
    edit(services, tables.disclosure, reviewed_on=None)
    assert services.log.differences() == (f"disclosure/{reference}",)


@pytest.mark.parametrize("sameness", [None, b"\0" * 32], ids=["taken away", "another"])
def test_what_makes_a_refused_request_the_same_again_is_named_when_it_was_edited(
    services: Services, sameness: bytes | None
) -> None:
    refused, sent = submit(services, **NONE), deliver(services, "key-00000002")
    assert services.log.differences() == ()

    edit(services, tables.disclosure, sameness=sameness)

    assert sent != refused
    assert services.log.differences() == (f"disclosure/{refused}",)


@pytest.mark.parametrize(
    "values",
    [
        {"activated_at": "2020-01-01T00:00:00.000000Z"},
        {"activated_at": "yesterday"},
        {"kid": "another"},
        {"signature": b"\0" * 64},
    ],
    ids=str,
)
def test_an_activation_counts_under_its_own_signature_alone(
    services: Services, values: dict[str, object]
) -> None:
    edit(services, tables.activation, **values)

    assert services.log.differences() == ("activation",)
    with pytest.raises((RulesUnavailableError, LedgerDisagreesError)):
        submit(services)


def test_the_end_of_rules_is_recorded_whatever_a_row_says_of_it(
    services: Services, clock: Clock
) -> None:
    last_day = clock().date()
    services.rulebooks.activate(services.rulebooks.in_force(), GUARDIAN, OFFICER, until=last_day)
    edit(services, tables.activation, expiry_recorded=True)
    clock.forward(timedelta(days=1))

    assert services.rulebooks.record_expiry()
    assert not services.rulebooks.record_expiry()

    assert types(services).count("policy.expire") == 1
