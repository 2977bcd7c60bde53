"""An edit of a table that decides something has no effect, is named, and stops nothing else.

S2 to S8 of the list of what was once believed, and the tables that the list does not name.
"""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from brokers import NURSE, Clock
from callers import PACKS, a_caller
from referrals import ADMINISTRATOR, APPROVED, GUARDIAN, deliver, refer, submit
from sqlalchemy import delete, insert, select, update

from broker.disclosures.repeats import answered_before
from broker.domain.errors import (
    HeldError,
    LedgerDisagreesError,
    RowDisagreesError,
    RulesUnavailableError,
    UnknownReferenceError,
)
from broker.domain.model import Person, SubmissionKey
from broker.domain.references import Reference
from broker.domain.states import State
from broker.retention.legal_holds import HoldRequest
from broker.storage import tables
from broker.wiring import Services
from keys import AgencyId, PersonId
from policies import digest_of

BODY = AgencyId("northshire-police")
INTRUDER = Person(id=PersonId("p-intruder"), agency=BODY, role=NURSE.role)
LAWYER = PersonId("p-lawyer")
GARBAGE = ["", "x", "2026-99-99", "\N{SNOWMAN}"]


def run(services: Services, statement: Any) -> list[dict[str, Any]]:
    with services.transaction.database.transaction() as connection:
        result = connection.execute(statement)
        return [dict(row) for row in result.mappings()] if result.returns_rows else []


def edit(services: Services, reference: Reference, **values: Any) -> None:
    of_it = tables.disclosure.c.reference == str(reference)
    run(services, update(tables.disclosure).where(of_it).values(**values))


def named(services: Services) -> Sequence[str]:
    return services.log.differences()


def goes_on(services: Services) -> None:
    """Hold that another pack is taken in and sent."""
    other = submit(services, "key-00000099")
    services.dispatcher.dispatch()
    with services.transaction() as tx:
        assert tx.disclosure(other).state is State.SENT


def test_nothing_differs_after_all_that_people_and_the_broker_do(services: Services) -> None:
    deliver(services)
    approved = refer(services, "key-00000002")
    services.referrals.decide(approved, GUARDIAN, APPROVED)
    refused = submit(services, "key-00000003", questions__concern__harm="none")
    recalled = submit(services, "key-00000004")
    services.afterwards.recalling.recall(recalled, NURSE)
    waiting = refer(services, "key-00000005")
    held = HoldRequest(
        owner=LAWYER, until=services.retention.erasures.today(), why="A claim was announced."
    )
    services.retention.legal_holds.hold(refused, ADMINISTRATOR, held)
    services.retention.legal_holds.lift(refused, ADMINISTRATOR, LAWYER)

    assert named(services) == ()
    services.dispatcher.dispatch()
    assert named(services) == ()
    assert {approved, waiting} <= {one.reference for one in services.disclosures.own(NURSE)}


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": BODY},
        {"requester": INTRUDER.id},
        {"recipient": "northshire-channel"},
        {"purpose": "audit"},
        {"outcome": "emergency"},
        {"state": "sent"},
        {"state": "acknowledged"},
        {"judged": 2},
        {"case_id": "c-0000000000000000"},
        {"sealed_sha256": "0" * 64},
        {"state": "nowhere"},
        {"created_at": "yesterday"},
        {"due_on": "2026-99-99"},
    ],
    ids=str,
)
def test_a_disclosure_with_any_deciding_column_edited_is_neither_told_nor_moved(
    services: Services, changes: dict[str, object]
) -> None:
    reference = submit(services)
    edit(services, reference, **changes)

    for act in (
        lambda: services.afterwards.recalling.recall(reference, NURSE),
        lambda: services.disclosures.hand_over(reference, NURSE, None),
    ):
        with pytest.raises(LedgerDisagreesError):
            act()
    services.dispatcher.dispatch()

    assert list(services.home.pickup.iterdir()) == []
    assert f"disclosure/{reference}" in named(services)
    assert reference not in {one.reference for one in services.disclosures.own(NURSE)}
    goes_on(services)


def test_a_body_that_was_written_into_a_row_reads_and_lists_nothing(services: Services) -> None:
    reference = refer(services)
    edit(services, reference, sender=BODY, requester=INTRUDER.id)
    guardian = Person(id=PersonId("p-theirs"), agency=BODY, role=GUARDIAN.role)

    for person in (INTRUDER, guardian):
        with pytest.raises(UnknownReferenceError), services.transaction() as tx:
            tx.disclosure_for(reference, person)
    assert services.disclosures.own(INTRUDER) == ()
    assert services.referrals.waiting(guardian) == ()


def test_a_requester_who_was_edited_does_not_make_an_approval_ones_own(services: Services) -> None:
    reference = refer(services)
    edit(services, reference, requester=GUARDIAN.id)

    with pytest.raises(LedgerDisagreesError):
        services.referrals.decide(reference, GUARDIAN, APPROVED)
    assert services.referrals.waiting(GUARDIAN) == ()


def test_a_disclosure_that_was_deleted_is_missed_and_its_key_stays(services: Services) -> None:
    reference = submit(services, questions__concern__harm="none")
    with services.transaction() as tx:
        case = tx.disclosure(reference).case
    for table in (tables.case_field, tables.submission_key, tables.duty, tables.disclosure):
        run(services, delete(table).where(table.c.reference == str(reference)))

    with pytest.raises(LedgerDisagreesError, match="that there is one"):
        services.afterwards.recalling.recall(reference, NURSE)
    services.retention.erasures.complete()

    assert f"disclosure/{reference}" in named(services)
    assert case in set(services.keystore.cases())
    with pytest.raises(UnknownReferenceError), services.transaction() as tx:
        tx.disclosure_for(reference, INTRUDER)


def test_the_key_of_a_case_dies_for_no_other_case(services: Services) -> None:
    gone, living = (
        submit(services, key, questions__concern__harm="none")
        for key in ("key-00000001", "key-00000002")
    )
    with services.transaction() as tx:
        of_gone, of_living = (tx.disclosure(one).case for one in (gone, living))
    services.retention.erasures.erase(of_gone, ADMINISTRATOR, "request")
    edit(services, gone, case_id=of_living)

    services.retention.erasures.complete()
    with pytest.raises(LedgerDisagreesError, match="case"):
        services.retention.erasures.erase(of_living, ADMINISTRATOR, "request")

    assert of_living in set(services.keystore.cases())
    assert f"disclosure/{gone}" in named(services)


def test_a_date_in_a_row_ends_no_case_and_no_passphrase(services: Services, clock: Clock) -> None:
    delivered, sent = deliver(services), submit(services, "key-00000002")
    services.dispatcher.dispatch()
    long_ago = "2020-01-01T00:00:00.000000Z"
    for reference in (delivered, sent):
        edit(services, reference, created_at=long_ago, changed_at=long_ago)

    assert services.retention.erasures.passphrases.destroy_expired() == 0
    assert all(one.obstacle for one in services.retention.disposals.run())

    with services.transaction() as tx:
        assert tx.disclosure(delivered).state is State.ACKNOWLEDGED
    assert services.disclosures.hand_over(sent, NURSE, None).passphrase
    clock.forward(timedelta(days=15))
    assert services.retention.erasures.passphrases.destroy_expired() == 1


def hold(services: Services, reference: Reference) -> None:
    until = services.retention.erasures.today() + timedelta(days=9)
    request = HoldRequest(owner=LAWYER, until=until, why="A claim was announced.")
    services.retention.legal_holds.hold(reference, ADMINISTRATOR, request)


@pytest.mark.parametrize(
    "statement",
    [
        delete(tables.legal_hold),
        update(tables.legal_hold).values(until="2026-03-16"),
        update(tables.legal_hold).values(lifted_at="2026-03-16T12:00:00.000000Z"),
        update(tables.legal_hold).values(case_id="c-0000000000000000"),
        update(tables.legal_hold).values(owner="p-somebody"),
    ],
    ids=["deleted", "its day", "lifted", "its case", "its owner"],
)
def test_a_hold_stands_whatever_its_row_says(services: Services, statement: Any) -> None:
    reference = submit(services, questions__concern__harm="none")
    hold(services, reference)
    run(services, statement)
    with services.transaction() as tx:
        case = tx.disclosure(reference).case

    with pytest.raises(HeldError):
        services.retention.erasures.erase(case, ADMINISTRATOR, "request")

    assert [name for name in named(services) if name.startswith("legal_hold/")]
    services.retention.legal_holds.lift(reference, ADMINISTRATOR, LAWYER)
    assert services.retention.erasures.erase(case, ADMINISTRATOR, "request")


def test_a_duty_that_only_its_row_calls_done_is_named(services: Services) -> None:
    reference = refer(services)
    services.referrals.decide(reference, GUARDIAN, APPROVED)
    owed = run(services, select(tables.duty).where(tables.duty.c.done_on.is_(None)))
    assert owed
    run(services, update(tables.duty).values(done_on="2026-03-16"))

    assert set(named(services)) == {f"duty/{reference}/{duty['type']}" for duty in owed}


def test_other_rules_under_a_version_that_decided_judge_and_explain_nothing(
    services: Services,
) -> None:
    version = services.rulebooks.in_force().version
    ((_, other),) = [(version, b'{"format":"rulebook/1"}')]
    run(services, update(tables.rulebook).values(bundle=other))
    services.rulebooks.rules._read.clear()

    with pytest.raises(RulesUnavailableError, match="not what its version says"):
        submit(services)

    assert f"rulebook/{version}" in named(services)


def test_an_activation_that_was_copied_puts_no_older_rules_in_force(services: Services) -> None:
    run(services, insert(tables.rulebook).values(version=digest_of(b"old"), bundle=b"old"))
    (row,) = run(services, select(tables.activation))
    del row["id"]
    run(services, insert(tables.activation).values(**{**row, "version": digest_of(b"old")}))

    assert services.rulebooks.in_force().version == row["version"]
    assert set(named(services)) == {"activation", f"rulebook/{digest_of(b'old')}"}
    goes_on(services)


def test_without_the_row_of_the_newest_activation_nothing_is_judged(services: Services) -> None:
    run(services, delete(tables.activation))

    with pytest.raises(RowDisagreesError, match="activation"):
        submit(services)
    assert named(services) == ("activation",)


def test_a_queued_step_that_no_entry_lets_go_is_named_and_sends_nothing(
    services: Services,
) -> None:
    reference = refer(services)
    run(
        services,
        insert(tables.outbox).values(
            reference=str(reference), step="send", attempts=0, due_at="2026-01-01T00:00:00.000000Z"
        ),
    )

    services.dispatcher.dispatch()

    assert list(services.home.pickup.iterdir()) == []
    assert named(services) == (f"outbox/{reference}",)
    goes_on(services)


def test_a_queued_step_that_was_deleted_is_named(services: Services) -> None:
    reference = submit(services)
    run(services, delete(tables.outbox))

    assert named(services) == (f"outbox/{reference}",)


def test_a_key_that_was_bound_to_anothers_disclosure_swallows_no_pack(services: Services) -> None:
    submit(services)
    run(services, update(tables.submission_key).values(agency=BODY, person=INTRUDER.id))
    assert [name for name in named(services) if name.startswith("submission_key/")]
    (row,) = run(services, select(tables.submission_key))
    used = SubmissionKey(key=row["key"], body=row["body"])
    refused = pytest.raises(LedgerDisagreesError, match="submitted before")
    with services.transaction() as tx, refused:
        answered_before(tx, used, INTRUDER)


def test_rows_of_two_disclosures_that_changed_places_are_both_refused(services: Services) -> None:
    one, two = submit(services), refer(services, "key-00000002")
    table = tables.disclosure
    first, second = (
        run(services, select(table).where(table.c.reference == str(which)))[0]
        for which in (one, two)
    )
    for which, row in ((one, second), (two, first)):
        edit(services, which, **{name: row[name] for name in row if name != "reference"})

    services.dispatcher.dispatch()

    assert list(services.home.pickup.iterdir()) == []
    assert {f"disclosure/{which}" for which in (one, two)} <= set(named(services))


def test_the_api_says_who_must_look(services: Services) -> None:
    nurse, reference = a_caller(services), submit(services)
    edit(services, reference, recipient="northshire-channel")

    answer = nurse.get(f"{PACKS}/{reference}")

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["type"].endswith("ledger-disagrees")
    assert "northshire-channel" not in json.dumps(answer.json)


EDITS: dict[str, Callable[[str], Any]] = {
    "mailbox": lambda text: update(tables.mailbox).values(verified_on=text[:10]),
    "agency": lambda text: update(tables.agency).values(suitability_until=text[:10]),
    "activation": lambda text: update(tables.activation).values(activated_at=text),
    "disclosure": lambda text: update(tables.disclosure).values(changed_at=text),
    "hold": lambda text: update(tables.legal_hold).values(until=text[:10]),
    "duty": lambda text: update(tables.duty).values(due_on=text[:10], done_on=text[:10]),
    "outbox": lambda text: update(tables.outbox).values(due_at=text),
}


@pytest.mark.parametrize("table", EDITS)
def test_no_edit_makes_the_comparison_crash(services: Services, table: str) -> None:
    submit(services)
    hold(services, deliver(services, "key-00000002"))
    for text in GARBAGE:
        run(services, EDITS[table](text))

        named(services)
