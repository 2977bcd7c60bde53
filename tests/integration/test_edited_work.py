"""An edit of what is queued, owed or repeated stops nothing but itself, and is named.

What a row of work says in the broker's name is believed only while the broker wrote it.
"""

from datetime import timedelta
from typing import Any

import pytest
from brokers import NURSE, Clock
from concerns import WORRY
from referrals import APPROVED, GUARDIAN, refer, submit
from sqlalchemy import delete, insert, select, update
from structlog.testing import capture_logs

from broker.alarms import alarms
from broker.condition import condition
from broker.disclosures.repeats import adopt_earlier_keys, answered_before
from broker.domain.errors import KeyReusedError, LedgerDisagreesError, RowDisagreesError
from broker.domain.model import SubmissionKey
from broker.domain.references import Reference
from broker.domain.states import State
from broker.operations.housekeeping import housekeeping
from broker.storage import tables
from broker.storage.rows.drafts import draft
from broker.wiring import Services

LATE = "2999-01-01T00:00:00.000000Z"


def run(services: Services, statement: Any) -> list[dict[str, Any]]:
    with services.transaction.database.transaction() as connection:
        result = connection.execute(statement)
        return [dict(row) for row in result.mappings()] if result.returns_rows else []


def state_of(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        return tx.disclosure(reference).state


def named(services: Services) -> set[str]:
    return set(services.log.differences())


@pytest.mark.parametrize(
    "changes",
    [{"step": "x"}, {"step": "send"}, {"due_at": "x"}, {"leased_until": "x"}],
    ids=str,
)
def test_a_queued_step_that_was_edited_stops_no_other_pack(
    services: Services, changes: dict[str, object]
) -> None:
    first = submit(services)
    run(services, update(tables.outbox).values(**changes))
    assert named(services) == ({f"outbox/{first}"} if "step" in changes else set())
    other = submit(services, "key-00000002")

    services.dispatcher.dispatch()
    housekeeping(services)

    assert state_of(services, other) is State.SENT
    assert condition(services).steps == (1 if "step" in changes else 0)
    # What this release never wrote is an alarm, or had no effect at all.
    assert (state_of(services, first) is State.SENT) or alarms(services, thorough=True)


def test_a_queued_step_of_what_is_no_disclosure_stops_no_pack(services: Services) -> None:
    first = submit(services)
    (row,) = run(services, select(tables.disclosure))
    (queued,) = run(services, select(tables.outbox))
    forged = {"reference": "PRV-0000-0001"}
    run(services, insert(tables.disclosure).values({**row, **forged}))
    ahead = {"id": queued["id"] + 1, "due_at": "2020-01-01T00:00:00.000000Z"}
    run(services, insert(tables.outbox).values({**queued, **forged, **ahead}))

    services.dispatcher.dispatch()

    assert state_of(services, first) is State.SENT
    assert {"disclosure/PRV-0000-0001", "outbox/PRV-0000-0001"} <= named(services)


@pytest.mark.parametrize(
    "changes", [{"due_at": LATE}, {"leased_by": "g-other", "leased_until": LATE}], ids=str
)
def test_no_row_puts_a_pack_off_for_longer_than_any_step_waits(
    services: Services, changes: dict[str, object]
) -> None:
    reference = submit(services)
    run(services, update(tables.outbox).values(**changes))

    services.dispatcher.dispatch()

    assert state_of(services, reference) is State.SENT


@pytest.mark.parametrize("column", ["created_at", "changed_at"])
def test_a_moment_that_is_put_off_in_a_row_is_named(services: Services, column: str) -> None:
    reference = submit(services)
    services.dispatcher.dispatch()
    assert named(services) == set()

    run(services, update(tables.disclosure).values({column: "2026-03-16T12:30:00.000000Z"}))

    assert named(services) == {f"disclosure/{reference}"}


def owing(services: Services) -> Reference:
    reference = refer(services)
    services.referrals.decide(reference, GUARDIAN, APPROVED)
    assert run(services, select(tables.duty))
    return reference


@pytest.mark.parametrize(
    "statement",
    [
        delete(tables.duty),
        update(tables.duty).values(due_on="2999-01-01"),
        update(tables.duty).values(due_on=None),
        update(tables.duty).values(calendar="none"),
        update(tables.duty).values(due_on="2026-99-99"),
    ],
    ids=["deleted", "put off", "without a day", "by other days", "garbage"],
)
def test_a_duty_that_was_deleted_or_edited_is_named_and_told_to_nobody(
    services: Services, statement: Any
) -> None:
    reference = owing(services)
    with services.transaction() as tx:
        assert tx.duties.of_requester(NURSE, (), limit=9)
    run(services, statement)

    with services.transaction() as tx:
        with pytest.raises(RowDisagreesError, match="duty/"):
            tx.duties.of(reference)
        assert tx.duties.of_requester(NURSE, (), limit=9) == ()

    assert named(services) == {f"duty/{reference}"}
    assert "rows-disagree" in {alarm.code for alarm in alarms(services, thorough=True)}
    housekeeping(services)


def test_a_duty_that_was_put_in_asks_nobody_to_tell_anybody(services: Services) -> None:
    reference = submit(services, questions__concern__harm="none")
    with services.transaction() as tx:
        before = tx.duties.of(reference)
    put_in = {"reference": str(reference), "type": "tell-the-parents", "due_on": "2026-03-16"}
    assert "tell-the-parents" not in {duty.type for duty in before}
    run(services, insert(tables.duty).values(**put_in))

    with services.transaction() as tx:
        shown = {duty.type for _, duty in tx.duties.of_requester(NURSE, (), limit=99)}

    assert "tell-the-parents" not in shown
    assert f"duty/{reference}" in named(services)


def test_duties_of_two_disclosures_that_changed_places_are_refused(services: Services) -> None:
    one = owing(services)
    two = submit(services, "key-00000002", questions__concern__harm="none")
    of_one = run(services, select(tables.duty).where(tables.duty.c.reference == str(one)))
    run(services, delete(tables.duty))
    run(services, insert(tables.duty).values([{**row, "reference": str(two)} for row in of_one]))

    with services.transaction() as tx:
        for reference in (one, two):
            with pytest.raises(RowDisagreesError):
                tx.duties.of(reference)
    assert {f"duty/{one}", f"duty/{two}"} <= named(services)


@pytest.mark.parametrize("column", ["reference", "key"])
def test_a_key_that_was_bound_to_another_of_ones_own_swallows_no_pack(
    services: Services, column: str
) -> None:
    first, other = submit(services), submit(services, "key-00000002")
    of = tables.submission_key.c.reference
    rows = {row["reference"]: row for row in run(services, select(tables.submission_key))}
    mine, theirs = rows[str(first)], rows[str(other)]
    changes: dict[str, object] = {column: theirs[column]}
    if column == "key":
        changes = {"key": "key-00000009"}
    run(services, update(tables.submission_key).where(of == str(first)).values(changes))
    used = SubmissionKey(key=str(changes.get("key", mine["key"])), body=mine["body"])

    refused = pytest.raises((LedgerDisagreesError, KeyReusedError))
    with services.transaction() as tx, refused:
        answered_before(tx, used, NURSE)

    assert [name for name in named(services) if name.startswith("submission_key/")]


def test_what_was_stopped_goes_anew_whatever_a_row_says_of_its_key(services: Services) -> None:
    services.afterwards.recalling.recall(submit(services), NURSE)
    other = submit(services, "key-00000002")
    of = tables.submission_key.c
    run(
        services,
        update(tables.submission_key).where(of.key == "key-00000001").values(reference=str(other)),
    )

    with pytest.raises(LedgerDisagreesError):
        submit(services)


def test_keys_of_an_earlier_release_count_once_they_were_compared(services: Services) -> None:
    first = submit(services)
    other = submit(services, "key-00000002")
    of = tables.submission_key.c
    run(services, update(tables.submission_key).values(mac=None))
    theirs = update(tables.submission_key).where(of.reference == str(other))
    run(services, theirs.values(agency="northshire-police"))
    assert len([name for name in named(services) if name.startswith("submission_key/")]) == 2

    assert adopt_earlier_keys(services.transaction) == 1

    assert named(services) == {f"submission_key/{other}"}
    assert submit(services) == first


def test_a_row_that_nobody_can_read_stops_its_own_step_of_a_round_alone(
    services: Services, clock: Clock
) -> None:
    services.concerns.drafts.begin(NURSE, "journey/1", WORRY)
    sent = submit(services)
    services.dispatcher.dispatch()
    run(services, update(draft).values(saved_on="0"))
    clock.forward(timedelta(days=15))

    with capture_logs() as lines:
        ended = housekeeping(services)

    assert (ended.passphrases, ended.drafts) == (1, 0)
    assert state_of(services, sent) is State.EXPIRED
    assert [one["step"] for one in lines if one["event"] == "round-step-stopped"] == ["drafts"]
