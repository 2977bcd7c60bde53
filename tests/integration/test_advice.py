"""Advice is filed beside a decision and approves nothing; cover grants nothing and ends."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from brokers import NURSE, TEACHER, Clock
from callers import a_caller
from people import FIRST, acting, with_guardian
from referrals import APPROVED, GUARDIAN, assert_ledger_verifies, recorded, refer
from sqlalchemy import update

from broker.domain.errors import (
    FaultyDocumentError,
    NotAllowedError,
    RowDisagreesError,
    WrongStateError,
)
from broker.domain.guardians.advice import Adviser, UnknownAdviceError
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.registers.checkers import colleagues
from broker.storage.rows.advising import advice as advice_table
from broker.wiring import Services
from keys import AgencyId, PersonId

IG = Person(id=PersonId("p-ig"), agency=NURSE.agency, role=Role.IG)
POLICE = Person(
    id=PersonId("p-police-lead"), agency=AgencyId("northshire-police"), role=Role.POLICE_LEAD
)


@pytest.fixture(name="reference")
def _reference(sqlite_broker: Services) -> Reference:
    return refer(sqlite_broker)


def test_advice_is_asked_answered_and_filed_and_approves_nothing(
    sqlite_broker: Services, reference: Reference
) -> None:
    advices = sqlite_broker.advising.advices
    asked = advices.ask(reference, GUARDIAN, Adviser.IG, "Is the basis the right one?")
    again = advices.ask(reference, GUARDIAN, Adviser.IG, "Is the basis the right one?")
    read = advices.read(asked.id, IG, Entrance.API)
    advices.answer(asked.id, IG, "It is, and the notice covers it.")
    advices.answer(asked.id, IG, "It is, and the notice covers it.")

    assert (again.id, asked.due_on) == (asked.id, date(2026, 3, 18))
    assert read.question == "Is the basis the right one?"
    (filed,) = advices.about(reference, GUARDIAN)
    assert (filed.answer, filed.advice.answered_by) == ("It is, and the notice covers it.", IG.id)
    assert [one.reference for one in sqlite_broker.referrals.waiting(GUARDIAN)] == [reference]
    assert recorded(sqlite_broker, reference)[2:] == ["advice.asked", "read", "advice.given"]
    with pytest.raises(WrongStateError, match="answered before"):
        advices.answer(asked.id, GUARDIAN, "They told me otherwise.")
    assert_ledger_verifies(sqlite_broker)


def test_the_police_lead_is_asked_without_a_name_and_told_no_reference(
    sqlite_broker: Services, reference: Reference
) -> None:
    advices = sqlite_broker.advising.advices
    with pytest.raises(FaultyDocumentError) as refused:
        advices.ask(reference, GUARDIAN, Adviser.POLICE_LEAD, "What of Zzcanary?")
    assert "Zzcanary" not in str(refused.value)
    asked = advices.ask(reference, GUARDIAN, Adviser.POLICE_LEAD, "How soon can you see one?")

    told = a_caller(sqlite_broker, POLICE, Role.POLICE_LEAD).get("/api/v1/advice").json
    assert told is not None
    assert [one["id"] for one in told["advice"]] == [asked.id]
    assert "reference" not in told["advice"][0]
    assert recorded(sqlite_broker, reference)[2:] == ["advice.asked"]
    assert asked.due_on == date(2026, 3, 17)


@pytest.mark.parametrize(
    "person",
    [
        replace(IG, agency=TEACHER.agency),
        replace(POLICE, role=Role.POLICE),
        replace(GUARDIAN, agency=TEACHER.agency),
        NURSE,
    ],
)
def test_nobody_else_sees_or_answers_it(
    sqlite_broker: Services, reference: Reference, person: Person
) -> None:
    asked = sqlite_broker.advising.advices.ask(reference, GUARDIAN, Adviser.IG, "Is it lawful?")

    for act in (
        lambda: sqlite_broker.advising.advices.read(asked.id, person, Entrance.API),
        lambda: sqlite_broker.advising.advices.answer(asked.id, person, "Yes, it is."),
    ):
        with pytest.raises(UnknownAdviceError):
            act()


def test_whoever_submitted_it_neither_asks_nor_answers(
    sqlite_broker: Services, reference: Reference
) -> None:
    own = replace(GUARDIAN, id=NURSE.id)
    with pytest.raises(NotAllowedError, match="Ask a deputy"):
        sqlite_broker.advising.advices.ask(reference, own, Adviser.IG, "Is it lawful?")
    asked = sqlite_broker.advising.advices.ask(reference, GUARDIAN, Adviser.IG, "Is it lawful?")
    with pytest.raises(NotAllowedError, match="does not advise"):
        sqlite_broker.advising.advices.answer(asked.id, replace(IG, id=NURSE.id), "It is.")
    with pytest.raises(NotAllowedError, match="needs words"):
        sqlite_broker.advising.advices.answer(asked.id, IG, "  ")
    sqlite_broker.referrals.decide(reference, GUARDIAN, replace(APPROVED, verdict="refuse"))
    with pytest.raises(WrongStateError):
        sqlite_broker.advising.advices.ask(reference, GUARDIAN, Adviser.LEGAL, "Was that right?")


def test_a_row_of_advice_that_somebody_edited_is_not_believed(
    sqlite_broker: Services, reference: Reference
) -> None:
    asked = sqlite_broker.advising.advices.ask(reference, GUARDIAN, Adviser.IG, "Is it lawful?")
    with sqlite_broker.transaction.database.transaction() as connection:
        connection.execute(update(advice_table).values(asked_body=TEACHER.agency))

    with pytest.raises(RowDisagreesError):
        sqlite_broker.advising.advices.read(asked.id, IG, Entrance.API)


def test_a_deputy_covers_for_named_days_and_it_ends_by_itself(
    sqlite_broker: Services, clock: Clock
) -> None:
    gus = acting(with_guardian(sqlite_broker, clock, "Gus Specimen"), Role.GUARDIAN)
    gwen = acting(with_guardian(sqlite_broker, clock, "Gwen Specimen"), Role.GUARDIAN)
    covers, today = sqlite_broker.advising.covers, date(2026, 3, 16)

    cover = covers.set(gus, gwen.id, today, today + timedelta(days=29))
    again = covers.set(gus, gwen.id, today, today + timedelta(days=29))

    assert again.id == cover.id
    assert covers.deputies(gus) == (gwen.id,)
    assert [one.deputy for one in covers.standing(gwen)] == [gwen.id]
    clock.forward(timedelta(days=30))
    assert covers.standing(gus) == ()
    assert_ledger_verifies(sqlite_broker)


def test_what_is_told_to_guardians_goes_to_the_deputy_while_they_cover_and_to_both_after(
    sqlite_broker: Services, clock: Clock
) -> None:
    gus = acting(with_guardian(sqlite_broker, clock, "Gus Specimen"), Role.GUARDIAN)
    gwen = acting(with_guardian(sqlite_broker, clock, "Gwen Specimen"), Role.GUARDIAN)
    today = date(2026, 3, 16)
    sqlite_broker.advising.covers.set(gus, gwen.id, today, today + timedelta(days=1))

    def hears(day: date) -> set[PersonId]:
        with sqlite_broker.transaction() as tx:
            return {one.person for one in colleagues(tx, gus.agency, (Role.GUARDIAN,), day)}

    assert hears(today) == hears(today + timedelta(days=1)) == {gwen.id}
    assert hears(today + timedelta(days=2)) == {gus.id, gwen.id}


def test_where_the_deputy_is_gone_the_guardian_is_told_all_the_same(
    sqlite_broker: Services, clock: Clock
) -> None:
    gus = acting(with_guardian(sqlite_broker, clock, "Gus Specimen"), Role.GUARDIAN)
    gwen = acting(with_guardian(sqlite_broker, clock, "Gwen Specimen"), Role.GUARDIAN)
    today = date(2026, 3, 16)
    sqlite_broker.advising.covers.set(gus, gwen.id, today, today)
    sqlite_broker.access.people.disable(gwen.id, FIRST)

    with sqlite_broker.transaction() as tx:
        found = colleagues(tx, gus.agency, (Role.GUARDIAN,), today)

    assert [one.person for one in found] == [gus.id]


@pytest.mark.parametrize(
    ("deputy", "days", "place"),
    [
        pytest.param("gwen", (0, 30), "last", id="31 days"),
        pytest.param("gwen", (-1, 2), "first", id="from yesterday"),
        pytest.param("gwen", (5, 4), "last", id="ends before it begins"),
        pytest.param("gus", (0, 1), "deputy", id="oneself"),
        pytest.param("p-first", (0, 1), "deputy", id="who is no Guardian"),
        pytest.param("gwen", (10, 12), "first", id="overlaps"),
    ],
)
def test_a_cover_that_cannot_be_is_refused(
    sqlite_broker: Services, clock: Clock, deputy: str, days: tuple[int, int], place: str
) -> None:
    gus = acting(with_guardian(sqlite_broker, clock, "Gus Specimen"), Role.GUARDIAN)
    gwen = acting(with_guardian(sqlite_broker, clock, "Gwen Specimen"), Role.GUARDIAN)
    today = date(2026, 3, 16)
    sqlite_broker.advising.covers.set(
        gus, gwen.id, today + timedelta(days=11), today + timedelta(days=11)
    )
    known = {"gus": gus.id, "gwen": gwen.id}

    with pytest.raises(FaultyDocumentError) as refused:
        sqlite_broker.advising.covers.set(
            gus,
            known.get(deputy, PersonId(deputy)),
            today + timedelta(days=days[0]),
            today + timedelta(days=days[1]),
        )

    assert place in {fault.place for fault in refused.value.faults}
    assert len(sqlite_broker.advising.covers.standing(gus)) == 1


def test_advice_and_cover_by_the_api(sqlite_broker: Services, reference: Reference) -> None:
    guardian = a_caller(sqlite_broker, GUARDIAN, Role.GUARDIAN)
    asked = guardian.post(
        f"/api/v1/reviews/{reference}/advice", {"of": "legal", "question": "Is it lawful?"}
    )
    assert asked.status_code == 201
    assert asked.json is not None
    id_ = asked.json["id"]
    told = guardian.post(f"/api/v1/advice/{id_}/answer", {"answer": "Counsel says that it is."})
    shown = guardian.get(f"/api/v1/advice/{id_}").json
    faulty = guardian.post(
        "/api/v1/cover", {"deputy": "p-deputy", "first": "2026-02-30", "last": "2026-03-20"}
    )

    assert told.status_code == 200
    assert shown is not None
    assert (shown["reference"], shown["answer"]) == (str(reference), "Counsel says that it is.")
    assert faulty.status_code == 422
    assert guardian.get("/api/v1/cover").json == {"cover": []}
