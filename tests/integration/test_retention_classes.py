"""For how long a body keeps each kind of case, and for how long it remembers."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from brokers import NURSE, TEACHER, Clock, a_submission
from referrals import deliver_and_note, recorded
from sqlalchemy import update

from broker.cases.members import case_named
from broker.domain.cases.retention_classes import RetentionClass
from broker.domain.cases.stages import CaseKind
from broker.domain.errors import NotAllowedError, RowDisagreesError, WrongStateError
from broker.domain.model import Person
from broker.domain.people.errors import TwoPeopleNeededError
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.retention.disposal import CLOCK
from broker.storage.rows.keeping.retention_classes import retention_class
from broker.wiring import Services
from keys import CaseId, PersonId

OFFICER = replace(NURSE, id=PersonId("p-ig"), role=Role.IG)
OTHER = replace(OFFICER, id=PersonId("p-ig-2"))
LEAD = replace(NURSE, id=PersonId("p-lead"), role=Role.LEAD)
NUMBER: dict[str, Any] = {"form__individual.nhs_number": "943 476 5919"}


@pytest.fixture(name="services")
def _services(sqlite_broker: Services) -> Services:
    return sqlite_broker


def periods(**changes: Any) -> RetentionClass:
    usual = RetentionClass(
        agency=OFFICER.agency,
        kind=CaseKind.CONCERN,
        delivered=10,
        undelivered=60,
        memory=90,
        basis="Records policy 4.2",
        owner=PersonId("p-owner"),
        review_on=date(2026, 12, 1),
        set_by=OFFICER.id,
        second=None,
    )
    return replace(usual, **changes)


def case_of(services: Services, reference: Reference) -> CaseId:
    with services.transaction() as tx:
        return case_named(tx, reference)


def test_a_shorter_period_takes_one_person_and_holds_for_the_cases_of_the_body_alone(
    services: Services, clock: Clock
) -> None:
    reference = deliver_and_note(services)
    before = services.retention.disposals.ending(within_days=11)

    services.retention.classes.set(periods(), OFFICER, None)
    clock.forward(timedelta(days=10))
    gone = services.retention.disposals.run()

    assert before == ()
    assert [one.kept.references for one in gone] == [(reference,)]
    assert recorded(services, reference)[-1] == "erased"
    assert services.retention.classes.of_body(TEACHER.agency) == ()


def test_a_longer_period_takes_two_different_people_of_the_body(services: Services) -> None:
    longer = periods(delivered=31, undelivered=1_095, memory=1_095)
    foreign = replace(OTHER, agency=TEACHER.agency)

    for second in (None, OFFICER, foreign):
        with pytest.raises(TwoPeopleNeededError):
            services.retention.classes.set(longer, OFFICER, second)
    kept = services.retention.classes.set(longer, OFFICER, OTHER)

    assert (kept.set_by, kept.second) == (OFFICER.id, OTHER.id)
    assert services.retention.classes.of_body(OFFICER.agency) == (kept,)
    shorter = services.retention.classes.set(replace(longer, delivered=30), OFFICER, None)
    with pytest.raises(TwoPeopleNeededError):
        services.retention.classes.set(longer, OFFICER, None)
    assert shorter.version == 2


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"basis": "  "}, id="on nothing"),
        pytest.param({"review_on": date(2027, 3, 20)}, id="looked at too late"),
        pytest.param({"review_on": date(2026, 3, 16)}, id="looked at today"),
        pytest.param({"delivered": 0}, id="no time at all"),
        pytest.param({"undelivered": 3_661}, id="words for more than ten years"),
        pytest.param({"memory": 100_000}, id="memory for ever"),
    ],
)
def test_a_period_is_finite_rests_on_something_and_is_looked_at_within_a_year(
    services: Services, changes: dict[str, Any]
) -> None:
    with pytest.raises(NotAllowedError):
        services.retention.classes.set(periods(**changes), OFFICER, OTHER)


def test_a_period_that_somebody_edited_erases_nothing(services: Services, clock: Clock) -> None:
    reference = deliver_and_note(services)
    services.retention.classes.set(periods(), OFFICER, None)
    with services.transaction.database.transaction() as connection:
        connection.execute(update(retention_class).values(delivered=1))
    clock.forward(timedelta(days=30))

    (due,) = services.retention.disposals.run()

    assert due.obstacle is not None
    assert "retention_class" in due.obstacle
    assert recorded(services, reference)[-1] == "duty.done"
    with pytest.raises(RowDisagreesError):
        services.retention.classes.set(periods(), OFFICER, None)


def found_by_a_second(services: Services, key: str, person: Person = NURSE) -> int:
    submission = a_submission(services, key, **NUMBER)
    reference = services.disclosures.submit(submission, person)
    with services.transaction() as tx:
        facts: Any = tx.case_file(tx.disclosure(reference)).facts()
    count: int = facts["earlier"]["concerns"]
    return count


def test_a_memory_ends_by_itself_once_its_class_says_so_and_not_before(
    services: Services, clock: Clock
) -> None:
    reference = deliver_and_note(services, **NUMBER)
    case = case_of(services, reference)
    services.retention.classes.set(periods(), OFFICER, None)
    clock.forward(timedelta(days=10))
    services.retention.disposals.run()

    memories = services.retention.memories
    clock.forward(timedelta(days=89))
    assert memories.due().over == ()
    clock.forward(timedelta(days=1))
    assert memories.end_over(memories.due().over, CLOCK) == 1

    with services.transaction() as tx:
        assert tx.known().about("case", case)[-1].type == "memory.ended"
    assert found_by_a_second(services, "key-00000002") == 0


def test_a_lead_ends_a_memory_and_nobody_ends_one_whose_words_are_there(
    services: Services, clock: Clock
) -> None:
    reference = deliver_and_note(services, **NUMBER)
    with pytest.raises(WrongStateError, match="still there"):
        services.retention.memories.end(LEAD, str(reference))
    clock.forward(timedelta(days=30))
    services.retention.disposals.run()
    assert found_by_a_second(services, "key-00000002") == 1

    services.retention.memories.end(LEAD, str(reference))

    assert services.earlier.before(LEAD, services.disclosures.own(NURSE)[0].reference) == ()
