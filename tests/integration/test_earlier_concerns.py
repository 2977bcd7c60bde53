"""Earlier concerns: found by identifiers, shown to lead and Guardian alone, opened on record."""

import os
from dataclasses import replace
from typing import Any

import pytest
from brokers import NURSE, TEACHER, a_submission, read_here
from callers import a_caller, refusal_of
from children import Children
from forks import Call as Command
from forks import called
from packs import EXAMPLES
from referrals import (
    APPROVED,
    GUARDIAN,
    REFERRED,
    assert_ledger_verifies,
    deliver,
    deliver_and_note,
    recorded,
    refer,
    submit,
)
from sqlalchemy import select, update

from broker.cases.earlier.index import marks_on
from broker.cases.earlier.read_first import UnreadEarlierError
from broker.cases.earlier.reindex import Reindexing
from broker.cases.members import case_named
from broker.cli import main
from broker.disclosures import views
from broker.domain.cases.earlier import READ_EARLIER, Call, Side
from broker.domain.cases.stages import CaseEnd
from broker.domain.errors import NothingToOpenError, RowDisagreesError, UnknownReferenceError
from broker.domain.json_values import texts
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.ledger.readings import Entrance, read_more_than
from broker.storage.rows.compared import Comparison
from broker.storage.rows.indexes.earlier import EarlierRows, earlier_call, earlier_mark
from broker.wiring import Services
from keys import AgencyId, CaseId, PersonId

LEAD = replace(NURSE, id=PersonId("p-lead"), role=Role.LEAD)
OFFICER = Person(id=PersonId("p-officer"), agency=AgencyId("northshire-police"), role=Role.POLICE)
NUMBER: dict[str, Any] = {"form__individual.nhs_number": "943 476 5919"}
SECOND = "key-00000002"
KILLED_AT = (
    "before-commit-of-earlier.marked",
    "after-commit-of-earlier.marked",
    "with-the-head-locked",
    "after-ledger_entry",
    "after-commit-of-earlier.marked",
)
"""Where what marks anew is killed, one time after another: twice once a reference is done."""


@pytest.fixture(name="services")
def _services(sqlite_broker: Services) -> Services:
    return sqlite_broker


def run(services: Services, statement: Any) -> Any:
    with services.transaction.database.transaction() as connection:
        result = connection.execute(statement)
        return [dict(row) for row in result.mappings()] if result.returns_rows else None


def marks(services: Services) -> Any:
    columns = earlier_mark.c
    return run(
        services, select(earlier_mark).order_by(columns.reference, columns.side, columns.digest)
    )


def facts_of(services: Services, reference: Reference) -> dict[str, Any]:
    with services.transaction() as tx:
        return tx.case_file(tx.disclosure(reference)).facts()


def duties_of(services: Services, reference: Reference) -> set[str]:
    with services.transaction() as tx:
        return {duty.type for duty in tx.duties.of(reference) if duty.done_on is None}


def case_of(services: Services, reference: Reference) -> CaseId:
    with services.transaction() as tx:
        return case_named(tx, reference)


def found(
    services: Services, reference: Reference, person: Person = LEAD
) -> list[tuple[str, str]]:
    listed = services.earlier.before(person, reference)
    return [(str(one.match.reference), one.match.kind.value) for one in listed]


def test_a_second_concern_about_one_person_is_recognised_shown_and_recorded(
    services: Services,
) -> None:
    first = submit(services, **NUMBER)
    second = submit(services, SECOND, **NUMBER)

    assert facts_of(services, first)["earlier"] == {"concerns": 0, "seen": "not-applicable"}
    assert facts_of(services, second)["earlier"] == {"concerns": 1, "seen": "no"}
    assert [one.reference for one in services.earlier.owed(LEAD)] == [second]
    assert found(services, second) == [(str(first), "exact")]
    opened = services.earlier.open(LEAD, second, first, Entrance.API)

    assert ("Names, and any other names used", "Zzcanary Qqcanary") in opened.words
    assert recorded(services, first)[-1] == "read"
    assert recorded(services, second)[-1] == "duty.done"
    assert services.earlier.owed(LEAD) == ()
    assert services.earlier.before(LEAD, second)[0].was_opened


def test_each_look_up_is_an_entry_that_says_nothing_of_what_was_found(services: Services) -> None:
    second = [submit(services, key, **NUMBER) for key in ("key-00000001", SECOND)][1]
    services.earlier.before(LEAD, second)

    case = case_of(services, second)
    with services.transaction() as tx:
        entries = tx.known().about("case", case)
    looked = [dict(entry.event) for entry in entries if entry.type == "earlier.looked-up"]

    assert [one["by"] for one in looked] == [NURSE.id, LEAD.id]
    assert {name for one in looked for name in one} <= {
        *("type", "id", "ts", "gw", "gw_seq", "by", "case", "agency")
    }
    assert read_more_than(services.transaction, 1) == {NURSE.id: 2}


def test_what_is_only_tried_looks_nothing_up(services: Services) -> None:
    submit(services, **NUMBER)
    before = len(run(services, select(earlier_mark)))
    pack = read_here(services, **NUMBER)

    judgement = services.disclosures.preview(pack, NURSE)

    assert judgement.facts["earlier"] == {"concerns": 0, "seen": "not-applicable"}
    assert len(run(services, select(earlier_mark))) == before


def test_a_practitioner_sees_no_list_no_finding_and_no_duty(services: Services) -> None:
    submit(services, **NUMBER)
    second = submit(services, SECOND, **NUMBER)
    told = views.view_of(services.disclosures, services.receipts, second, NURSE).document()

    assert READ_EARLIER in duties_of(services, second)
    assert "R43" not in str(told)
    assert READ_EARLIER not in str(told)
    for field in ("facts/1", "findings/1", "obligations/1", "decision/1"):
        with pytest.raises(NothingToOpenError):
            services.openings.open(second, field, NURSE, Entrance.API)
    assert services.openings.open(second, "findings/1", GUARDIAN, Entrance.API).field
    assert refusal_of(a_caller(services).get(f"/api/v1/earlier/{second}")).status == 403


@pytest.mark.parametrize(
    "person",
    [replace(LEAD, agency=TEACHER.agency), replace(GUARDIAN, agency=TEACHER.agency)],
)
def test_another_body_is_answered_as_if_it_were_absent(services: Services, person: Person) -> None:
    first = submit(services, **NUMBER)
    second = submit(services, SECOND, **NUMBER)

    for act in (
        lambda: services.earlier.before(person, second),
        lambda: services.earlier.open(person, second, first, Entrance.API),
        lambda: services.earlier.call(person, second, first, Call.SAME),
    ):
        with pytest.raises(UnknownReferenceError):
            act()


def test_nothing_is_opened_from_a_list_on_which_it_does_not_stand(services: Services) -> None:
    first = submit(services, **NUMBER)
    other = submit(services, SECOND, **{"form__individual.name": "Tam Specimen"})

    with pytest.raises(UnknownReferenceError):
        services.earlier.open(LEAD, other, first, Entrance.API)
    # What came later is no earlier concern of what came before it.
    assert found(services, first) == []


def test_a_look_alike_is_shown_and_counts_once_somebody_confirms_it(services: Services) -> None:
    first = submit(services)
    second = refer(services, SECOND, **{"form__individual.name": "QQCANARY, Zzcanary"})
    assert facts_of(services, second)["earlier"]["concerns"] == 0
    assert found(services, second) == [(str(first), "alike")]

    services.earlier.call(LEAD, second, first, Call.SAME)
    services.earlier.open(GUARDIAN, second, first, Entrance.CLI)
    decide(services, second)

    assert facts_of(services, second)["earlier"] == {"concerns": 1, "seen": "yes"}


def decide(services: Services, reference: Reference) -> None:
    services.referrals.decide(reference, GUARDIAN, APPROVED)


def test_a_guardian_who_has_not_opened_it_has_not_seen_it(services: Services) -> None:
    submit(services, **NUMBER)
    second = refer(services, SECOND, **NUMBER)

    decide(services, second)

    assert facts_of(services, second)["earlier"] == {"concerns": 1, "seen": "no"}


REFUSED = replace(APPROVED, verdict="refuse", public_interest={})


def test_nobody_refuses_a_second_concern_without_having_opened_what_came_before(
    services: Services,
) -> None:
    first = submit(services, **NUMBER)
    second = refer(services, SECOND, **NUMBER)
    services.earlier.before(GUARDIAN, second)

    with pytest.raises(UnreadEarlierError, match=str(first)):
        services.referrals.decide(second, GUARDIAN, REFUSED)
    services.earlier.open(GUARDIAN, second, first, Entrance.CLI)
    after = services.referrals.decide(second, GUARDIAN, REFUSED)

    assert after.state is State.REFUSED
    assert recorded(services, first)[-1] == "read"


@pytest.mark.parametrize("call", [None, Call.ANOTHER])
def test_what_is_another_person_or_only_looks_alike_is_not_waited_for(
    services: Services, call: Call | None
) -> None:
    shared = {} if call is None else NUMBER
    first = submit(services, **shared)
    second = refer(services, SECOND, **shared)
    if call is not None:
        services.earlier.call(LEAD, second, first, call)

    assert services.referrals.decide(second, GUARDIAN, REFUSED).state is State.REFUSED


def test_nobody_who_may_see_them_closes_a_second_concern_without_having_opened_them(
    services: Services,
) -> None:
    first = submit(services, **NUMBER)
    second = submit(services, SECOND, **NUMBER)
    third = submit(services, "key-00000003", **NUMBER)

    with pytest.raises(UnreadEarlierError, match=str(first)):
        services.cases.close(LEAD, str(second), CaseEnd.NO_FURTHER_ACTION)
    services.earlier.open(LEAD, second, first, Entrance.API)

    closed = services.cases.close(LEAD, str(second), CaseEnd.NO_FURTHER_ACTION)
    assert closed.closed_as is CaseEnd.NO_FURTHER_ACTION
    # Whoever may see no list is told of none.
    assert services.cases.close(NURSE, str(third), CaseEnd.NO_FURTHER_ACTION).closed_as


def test_an_identifier_counts_no_more_once_somebody_says_another_person(
    services: Services,
) -> None:
    first = submit(services, **NUMBER)
    second = refer(services, SECOND, **NUMBER)

    services.earlier.call(LEAD, second, first, Call.SAME)
    services.earlier.call(LEAD, second, first, Call.ANOTHER)
    decide(services, second)

    assert facts_of(services, second)["earlier"]["concerns"] == 0
    (listed,) = services.earlier.before(LEAD, second)
    assert listed.match.call is Call.ANOTHER


def test_a_call_that_somebody_wrote_into_the_database_is_refused(services: Services) -> None:
    first = submit(services, **NUMBER)
    second = submit(services, SECOND, **NUMBER)
    services.earlier.call(LEAD, second, first, Call.SAME)

    run(services, update(earlier_call).values(call="another"))

    with pytest.raises(RowDisagreesError, match="earlier_call"):
        services.earlier.before(LEAD, second)


def test_a_digest_that_was_put_beside_another_reference_finds_nothing(services: Services) -> None:
    first = submit(services, **NUMBER)
    other = submit(services, SECOND, **{"form__individual.name": "Tam Specimen"})
    row = run(services, select(earlier_mark).where(earlier_mark.c.reference == str(first)))[0]

    run(services, earlier_mark.insert().values({**row, "reference": str(other)}))

    assert found(services, other) == []


def test_two_bodies_do_not_find_each_other_s_people(services: Services) -> None:
    submit(services, **NUMBER)
    theirs = services.disclosures.submit(a_submission(services, SECOND, **NUMBER), TEACHER)

    assert facts_of(services, theirs)["earlier"]["concerns"] == 0
    assert found(services, theirs, replace(LEAD, agency=TEACHER.agency)) == []
    rows = run(services, select(earlier_mark.c.digest))
    assert len({row["digest"] for row in rows}) == len(rows)


def test_a_recipient_sees_what_came_to_it_by_what_was_released_to_it(services: Services) -> None:
    first = deliver(services, **NUMBER)
    second = deliver(services, SECOND, **NUMBER)
    waiting = refer(services, "key-00000003", **NUMBER)

    listed = services.earlier.received_before(OFFICER, second)

    assert [one.reference for one in listed] == [first]
    assert services.earlier.received_before(OFFICER, first) == ()
    for person, reference in ((OFFICER, waiting), (replace(OFFICER, agency=NURSE.agency), first)):
        with pytest.raises(UnknownReferenceError):
            services.earlier.received_before(person, reference)


def test_a_field_that_was_not_released_finds_nobody_at_the_recipient(services: Services) -> None:
    first = deliver(services, **{"form__individual.address": "1 Row, ZZ1 2AB"})
    with services.transaction() as tx:
        file = tx.case_file(tx.disclosure(first))
        released = set(texts(file.decision()["release"]))
        form = {name: text for name, text in file.pack().form.items() if name in released}
        expected = services.earlier.index.marks(OFFICER.agency, Side.RECEIVED, form)
        kept = marks_on(tx, tx.disclosure(first), Side.RECEIVED)

    assert set(kept) == set(expected)


def test_the_words_go_and_the_memory_stays_until_somebody_asks(services: Services) -> None:
    first = deliver_and_note(services, **NUMBER)
    second = submit(services, SECOND, **NUMBER)
    services.retention.erasures.erase(case_of(services, first), PersonId("broker"), "retention")

    opened = services.earlier.open(LEAD, second, first, Entrance.API)

    assert opened.words == ()
    assert opened.concern.words_gone_on is not None
    assert opened.ended_as == "erased"


@pytest.mark.parametrize("why", ["request", "order", "error"])
def test_whoever_asks_ends_words_and_memory_together(services: Services, why: Any) -> None:
    first = deliver(services, **NUMBER)
    services.retention.erasures.erase(case_of(services, first), PersonId("p-operator"), why)

    second = submit(services, SECOND, **NUMBER)

    assert facts_of(services, second)["earlier"]["concerns"] == 0
    assert found(services, second) == []


def test_two_packs_of_one_case_are_no_earlier_concern_of_each_other(services: Services) -> None:
    first = submit(services, **NUMBER)

    second = submit(services, SECOND, case=case_of(services, first), **NUMBER)

    assert facts_of(services, second)["earlier"]["concerns"] == 0
    assert found(services, second) == []


def test_an_index_whose_rebuilding_was_killed_is_finished_by_the_next_run(
    services: Services,
) -> None:
    references = {str(submit(services, f"key-1000000{n}", **NUMBER)) for n in range(4)}
    services.dispatcher.dispatch()
    before, marked_by_now = marks(services), 0
    run(services, update(earlier_mark).values(edition=0))
    children = Children(services)

    for stop in KILLED_AT:
        children.killed_at(stop, "reindex")
        marked_by_now += stop.startswith("after-commit")
        editions = {(row["reference"], row["edition"]) for row in marks(services)}
        # Of each reference every mark is of one edition, on both sides, or it would stand twice.
        assert sorted(edition for _, edition in editions) == [
            *[0] * (len(references) - marked_by_now),
            *[1] * marked_by_now,
        ]
        assert {reference for reference, _ in editions} == references
        assert services.log.differences() == ()

    assert marked_by_now == 2
    assert children.finished("reindex") == "2"
    assert marks(services) == before
    assert children.finished("reindex") == "0"
    with services.transaction() as tx:
        entries = [entry for entry in tx.ledger.entries() if entry.type == "earlier.marked"]
    assert sorted(str(entry.reference) for entry in entries) == sorted(references)
    assert_ledger_verifies(services)


def test_marks_of_which_no_entry_speaks_are_told_of_until_they_are_made_anew(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, fresh = EarlierRows.put, submit(services, **NUMBER)

    def as_an_earlier_release(rows: EarlierRows, *given: Any) -> None:
        put(rows, *given)  # and recorded nothing of them

    with monkeypatch.context() as before:
        before.setattr(EarlierRows, "put", as_an_earlier_release)
        old = submit(services, SECOND, **NUMBER)

    assert services.log.compared() == Comparison(differing=(), unvouched=(str(old),))
    environment = {**os.environ, "BROKER_HOME": str(services.home.path)}
    _, words, _ = called(
        main,
        Command(arguments=("check",), typed="", folder=EXAMPLES.parent, environment=environment),
    )
    shown = " ".join(words.split())
    assert "none of those of 1 referral" in shown
    assert "Next: broker keys reindex" in shown
    again = Reindexing(
        transaction=services.transaction,
        index=services.earlier.index,
        forms=services.concerns.earlier.form_of,
    )
    assert again.run().renewed == 1

    assert services.log.compared() == Comparison(differing=(), unvouched=())
    assert "earlier.marked" not in recorded(services, fresh)
    assert "earlier.marked" in recorded(services, old)


def test_no_byte_of_the_person_stands_in_the_index_or_the_ledger(services: Services) -> None:
    submit(services, **NUMBER)
    with services.transaction() as tx:
        ledger = b"".join(entry.raw for entry in tx.ledger.entries())
    rows = repr(run(services, select(earlier_mark))).encode() + ledger

    for word in (b"Zzcanary", b"Qqcanary", b"zzcanary", b"9434765919", b"943 476", b"1991-11-02"):
        assert word not in rows


def test_the_api_lists_opens_and_calls(services: Services) -> None:
    first = submit(services, **NUMBER)
    second = submit(services, SECOND, **REFERRED, **NUMBER)
    lead = a_caller(services, LEAD, Role.LEAD)

    assert lead.get("/api/v1/earlier").get_json() == {"waiting": [str(second)]}
    (listed,) = lead.get(f"/api/v1/earlier/{second}").get_json()["earlier"]
    opened = lead.get(f"/api/v1/earlier/{second}/{first}").get_json()
    called = lead.post(f"/api/v1/earlier/{second}/{first}/call", {"call": "same"}).get_json()

    assert (listed["reference"], listed["match"], listed["call"]) == (str(first), "exact", None)
    assert opened["words"][0]["text"] == "Zzcanary Qqcanary"
    assert called["earlier"][0]["call"] == "same"
    assert lead.get("/api/v1/earlier").get_json() == {"waiting": []}
