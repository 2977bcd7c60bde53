"""Agreements, changes, notices to the region and cover, each by its commands."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_submission
from changes import a_change
from command_callers import Commands
from homes import Prepared
from people import Held, with_guardian
from regions import with_region

from broker.domain.model import Person
from broker.domain.partner_requests.notices import NoticeKind
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.wiring import Services
from keys import PersonId

LEAD = Person(id=PersonId("p-lead"), agency=NURSE.agency, role=Role.LEAD)
PANEL = ("--kind", NoticeKind.PANEL.value)


@dataclass
class World:
    services: Services
    first: Reference
    second: Reference
    guardians: tuple[Held, Held]


@pytest.fixture(name="world", scope="module")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A broker from which two referrals went to the police, and two Guardians of their sender."""
    clock = Clock()
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("case") / "home", clock)
    clock.now = datetime.now(UTC) - timedelta(minutes=5)
    submissions = (a_submission(services, f"key-{number:08}") for number in (1, 2))
    first, second = (services.disclosures.submit(one, NURSE) for one in submissions)
    services.dispatcher.dispatch()
    gus, gwen = (
        with_guardian(services, clock, name) for name in ("Gus Specimen", "Gwen Specimen")
    )
    with_region(services)
    clock.now = datetime.now(UTC)  # a command reads the clock of the machine
    yield World(services, first, second, (gus, gwen))
    services.close()


def test_what_somebody_agreed_to_is_recorded_shown_and_taken_back(world: World) -> None:
    agreement, case = Commands(world.services, "agreement"), str(world.first)
    today = uk_day(datetime.now(UTC))
    days = ("--on", str(today), "--until", str(today + timedelta(days=60)))
    scope = ("--recipient", "police", "--purpose", "referral")

    given = agreement.told(NURSE, "set", case, "share", "given", "--by", "person", *days, *scope)
    assert given["status"] == "given"
    assert "share given, by person" in agreement.words(NURSE, "show", case)
    seen = ("--seen", str(given["version"]))
    taken_back = agreement.words(NURSE, "withdraw", case, "share", *seen)

    assert "Taken back. 1 notice is prepared." in taken_back
    assert f"{case}: " in taken_back


def test_a_change_is_shown_and_then_told_to_who_got_the_first(
    world: World, tmp_path: Path
) -> None:
    change, about = Commands(world.services, "change"), str(world.second)
    document = tmp_path / "change.json"
    document.write_text(json.dumps(a_change()))

    assert "northshire-prevent" in change.words(NURSE, "readers", about)
    shown = change.words(NURSE, "notify", about, str(document), "--preview")
    assert "Nothing was kept or sent." in shown
    (told,) = change.told(NURSE, "notify", about, str(document))["told"]
    again = change.told(NURSE, "notify", about, str(document))

    assert told["mailbox"] == "northshire-prevent"
    assert [one["reference"] for one in again["told"]] == [told["reference"]]


def test_a_lead_decides_whom_the_region_hears_of(world: World) -> None:
    notice = Commands(world.services, "notice")
    waiting = notice.words(LEAD, "list")
    assert all(str(one) in waiting for one in (world.first, world.second))

    assert "told on" in notice.words(LEAD, "approve", str(world.first), *PANEL)
    assert "left out" in notice.words(LEAD, "leave-out", str(world.second), *PANEL)
    decided = notice.told(LEAD, "list")["decided"]
    assert {one["about"] for one in decided} == {str(world.first), str(world.second)}


def test_a_guardian_hands_over_to_a_deputy_for_named_days(world: World) -> None:
    cover, (gus, gwen) = Commands(world.services, "cover"), world.guardians
    today = uk_day(datetime.now(UTC))
    assert "Nobody covers for anybody." in cover.words(gus.token, "list")

    days = ("--from", str(today), "--until", str(today + timedelta(days=2)))
    cover.told(gus.token, "set", "--deputy", gwen.person, *days)

    covered = cover.words(gwen.token, "list")
    assert f"{gwen.person} for {gus.person}, {today} to" in covered
