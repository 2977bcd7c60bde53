"""A copy that nobody answers: who hears how late it is, and that a day granted anew is chased."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from brokers import Clock
from callers import a_caller
from homes import Prepared
from partner_requests import (
    CHAIR,
    OFFICER,
    SCHOOL,
    SCHOOL_LEAD,
    TRUST_LEAD,
    a_request,
    leads_for_the_icb,
    put,
)
from people import entered
from person_notices import notices

from broker.domain.partner_requests.copies import CopyName, Lateness
from broker.domain.roles import Role
from broker.domain.times import spelled_day
from broker.wiring import Services
from keys import PersonId

DUE = date(2026, 3, 23)
GRANTED = date(2026, 3, 30)
COORDINATOR = PersonId("p-cora")


@dataclass
class Waited:
    """A request to the school alone, and the day on which it is looked at."""

    services: Services
    clock: Clock
    name: CopyName

    def on(self, day: date) -> tuple[int, list[str]]:
        """How many copies climb on a day, and who is told of it."""
        self.clock.forward(timedelta(days=(day - self.clock().date()).days))
        before = notices(self.services)
        climbed = self.services.partner_requests.chasing.chase()
        new = [one for one in notices(self.services) if one not in before]
        return climbed, [to.partition("@")[0] for to, text in new if str(self.name) in text]

    def asks_for_time(self) -> None:
        answering = self.services.partner_requests.answering
        answering.ask_for_time(self.name, SCHOOL_LEAD, GRANTED, "The tutor is away until then.")

    def is_granted(self, *, granted: bool = True) -> Lateness:
        answering = self.services.partner_requests.answering
        return answering.settle_time(self.name, CHAIR, granted=granted).lateness


@pytest.fixture(name="waited")
def _waited(prepared_on_sqlite: Prepared, tmp_path: Path) -> Iterator[Waited]:
    clock = Clock()
    services = prepared_on_sqlite.copied(tmp_path / "home", clock)
    entered(services, "Dot Specimen", Role.LEAD, agency=SCHOOL, id_=SCHOOL_LEAD.id)
    entered(services, "Chad Specimen", Role.CHAIR, agency=CHAIR.agency, id_=CHAIR.id)
    entered(services, "Cora Specimen", Role.COORDINATOR, agency=CHAIR.agency, id_=COORDINATOR)
    entered(services, "Ofi Specimen", Role.POLICE, agency=OFFICER.agency, id_=OFFICER.id)
    yield Waited(services, clock, is_put(services, CHAIR.id, "chair"))
    services.close()


def is_put(services: Services, set_by: PersonId, function: str) -> CopyName:
    day = {"on": DUE.isoformat(), "set_by": set_by, "function": function}
    wanted = a_request(deadline=day)
    wanted["bodies"] = wanted["bodies"][:1]
    answer = put(a_caller(services, OFFICER, OFFICER.role), wanted)
    assert answer.status_code == 201, answer.get_data()
    return CopyName.read(f"{answer.get_json()['reference']}.1")


def test_a_day_that_was_granted_anew_is_chased_from_its_beginning(waited: Waited) -> None:
    assert waited.on(DUE - timedelta(days=1)) == (1, ["dot.specimen"])
    waited.asks_for_time()
    assert waited.is_granted() is Lateness.NONE

    assert waited.on(GRANTED - timedelta(days=3)) == (0, [])
    assert waited.on(GRANTED - timedelta(days=2)) == (1, ["dot.specimen"])
    assert waited.on(GRANTED + timedelta(days=1)) == (1, ["dot.specimen"])
    assert waited.on(GRANTED + timedelta(days=3)) == (1, ["chad.specimen", "ofi.specimen"])
    assert waited.on(GRANTED + timedelta(days=30)) == (0, [])


def test_a_mail_says_its_day_as_people_write_it(waited: Waited) -> None:
    waited.on(DUE + timedelta(days=1))

    (said,) = [text for _, text in notices(waited.services) if str(waited.name) in text]
    assert f"It was due on {spelled_day(DUE)} and is late." in said


def test_a_day_granted_after_the_first_has_passed_is_told_late_of_itself(waited: Waited) -> None:
    waited.asks_for_time()
    assert waited.on(DUE + timedelta(days=3)) == (1, ["chad.specimen", "ofi.specimen"])
    assert waited.is_granted() is Lateness.NONE

    assert waited.on(GRANTED + timedelta(days=1)) == (1, ["dot.specimen"])
    assert waited.on(GRANTED + timedelta(days=3)) == (1, ["chad.specimen", "ofi.specimen"])


def test_a_day_that_is_not_granted_leaves_how_late_it_is(waited: Waited) -> None:
    waited.asks_for_time()
    assert waited.on(DUE + timedelta(days=1)) == (1, ["dot.specimen"])
    assert waited.is_granted(granted=False) is Lateness.LATE

    assert waited.on(DUE + timedelta(days=2)) == (0, [])


def test_days_late_the_chair_and_the_icb_s_lead_hear_where_a_coordinator_set_the_day(
    waited: Waited,
) -> None:
    leads_for_the_icb(waited.services, TRUST_LEAD.agency)
    entered(waited.services, "Ira Specimen", Role.LEAD, agency=TRUST_LEAD.agency)
    waited.name = is_put(waited.services, COORDINATOR, "coordinator")

    _, heard = waited.on(DUE + timedelta(days=3))

    assert heard == ["chad.specimen", "cora.specimen", "ira.specimen", "ofi.specimen"]
