"""A supervisor sees where the team's work stands, and nothing of what stands in it."""

from datetime import timedelta

import pytest
from brokers import NURSE, Clock
from gateways import gateway
from markup import page_client
from people import entered, with_account
from referrals import submit
from visits import Visit, cheap, signed_in, three

from audit.errors import BrokenLedgerError, Rule
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.wiring import Services

SAID = "We spoke about the mood after the march."


@pytest.fixture(name="reference")
def _reference(sqlite_broker: Services) -> Reference:
    reference = submit(sqlite_broker)
    sqlite_broker.dispatcher.dispatch()
    return reference


@pytest.fixture(name="supervisor")
def _supervisor(sqlite_broker: Services, clock: Clock, reference: Reference) -> Visit:
    assert str(reference)
    entered(sqlite_broker, "Nurse Specimen", id_=NURSE.id)
    clock.forward(timedelta(days=40))
    return signed_in(sqlite_broker, clock, Role.SUPERVISOR)


def test_a_supervisor_sees_references_stages_and_late_duties_without_content(
    supervisor: Visit, reference: Reference
) -> None:
    told = supervisor.get("/supervision").text

    assert str(reference) in told
    assert "Nurse Specimen" in told
    assert "p-nurse" not in told
    assert "It was sent. Its sender rings them" in told
    assert " late</strong> since" in told
    assert "Tam Specimen" not in told
    assert supervisor.get(f"/referrals/{reference}").status_code == 403
    assert supervisor.get("/ledger").status_code == 403


def test_nobody_writes_a_note_without_having_read_that_the_record_is_broken(
    sqlite_broker: Services, supervisor: Visit
) -> None:
    whole = [supervisor.get(path).text for path in ("/supervision", "/supervision/new")]
    broken = BrokenLedgerError("an entry is not as written", first_bad=2, rule=Rule.ENTRY)

    sqlite_broker.transaction.faults.note(broken)

    told = "The record is broken. Until that is put right nothing is decided"
    assert not any(told in page for page in whole)
    for path in ("/supervision", "/supervision/new"):
        assert told in supervisor.get(path).text


def test_a_note_holds_the_five_prompts_sealed_and_the_record_says_that_they_met(
    sqlite_broker: Services, supervisor: Visit
) -> None:
    page = supervisor.get("/supervision/new")
    assert page.text.count("<textarea") == 5
    empty = supervisor.send("/supervision/new", **three("next", "1 1 2020")).text
    assert "Enter what was said, for one at least" in empty
    assert "Enter when you meet again" in empty

    answer = supervisor.send("/supervision/new", mood=SAID, **three("next", "1 6 2026"))

    assert answer.headers["Location"] == "/supervision"
    assert "You meet again on 1 June 2026" in supervisor.get("/supervision").text
    with sqlite_broker.transaction() as tx:
        *_, last = tx.ledger.entries()
        (note,) = tx.connection.exec_driver_sql("SELECT words FROM supervision_note").all()
    assert (last.event["type"], last.event["next"]) == ("supervised", "2026-06-01")
    assert SAID.encode() not in bytes(note[0])
    assert SAID in supervisor.get("/supervision/notes").text
    with sqlite_broker.transaction() as tx:
        *_, last = tx.ledger.entries()
    assert (last.event["type"], last.event["by"]) == ("read", supervisor.held.person)
    assert sqlite_broker.log.differences() == ()


def test_another_supervisor_reads_no_note_of_the_first(
    sqlite_broker: Services, clock: Clock, supervisor: Visit
) -> None:
    supervisor.get("/supervision/new")
    supervisor.send("/supervision/new", mood=SAID, **three("next", "1 6 2026"))
    clock.forward(timedelta(seconds=30))

    held = with_account(sqlite_broker, clock, "Sol Specimen", Role.SUPERVISOR)
    other = Visit(client=page_client(gateway(cheap(sqlite_broker))), held=held, clock=clock)
    other.sign_in()

    assert SAID not in other.get("/supervision/notes").text
