"""What is due by a day, through the API: unanswered alone, the first due first."""

from collections.abc import Iterator

import pytest
from brokers import Clock
from callers import Caller, a_caller, refusal_of
from homes import Prepared
from partner_requests import (
    CHAIR,
    NIL,
    OFFICER,
    REQUESTS,
    SCHOOL_LEAD,
    TRUST_LEAD,
    a_request,
    put,
)
from people import entered

from broker.wiring import Services
from keys import PersonId


@pytest.fixture(name="services")
def _services(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("due") / "home", Clock())
    entered(services, "Char Specimen", CHAIR.role, agency=CHAIR.agency, id_=PersonId("p-chair"))
    yield services
    services.close()


def listed(caller: Caller, due: str, which: str) -> list[str]:
    answer = caller.get(f"{REQUESTS}?due={due}").get_json()
    return [one["copy"] for one in answer[which]]


def test_each_side_sees_what_is_unanswered_and_due_by_a_day(services: Services) -> None:
    officer, school, trust = (
        a_caller(services, one, one.role) for one in (OFFICER, SCHOOL_LEAD, TRUST_LEAD)
    )
    later = {"on": "2026-03-27", "set_by": "p-chair", "function": "chair"}
    second = put(officer, a_request("Tam Later", deadline=later)).get_json()["reference"]
    first = put(officer, a_request("Tam Sooner")).get_json()["reference"]

    assert listed(school, "2026-03-22", "to_answer") == []
    assert listed(school, "2026-03-23", "to_answer") == [f"{first}.1"]
    assert listed(school, "2026-03-27", "to_answer") == [f"{first}.1", f"{second}.1"]
    assert listed(officer, "2026-03-23", "asked") == [f"{first}.1", f"{first}.2"]
    assert school.post(f"{REQUESTS}/{first}/copies/1/answer", NIL).status_code == 200
    assert listed(school, "2026-03-23", "to_answer") == []
    assert listed(officer, "2026-03-23", "asked") == [f"{first}.2"]
    assert listed(school, "2026-03-23", "asked") == []
    assert listed(trust, "2026-03-23", "to_answer") == [f"{first}.2"]


@pytest.mark.parametrize(
    "query", ["due=", "due=2026-02-30", "due=soon", "due=2026-03-23&due=2026-03-24", "late=yes"]
)
def test_what_is_no_day_or_no_parameter_is_refused(services: Services, query: str) -> None:
    answer = a_caller(services, OFFICER, OFFICER.role).get(f"{REQUESTS}?{query}")

    assert (refusal_of(answer).status, refusal_of(answer).slug) == (400, "query")
