"""The same on the command line and through the API: what waits, what is in it, and the answer."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from brokers import Clock, a_token
from callers import Caller, refusal_of
from command_callers import run as as_somebody
from concerns import NO, REASON, WORRY, Team, a_team, begun, put_to
from gateways import gateway
from packs import EXAMPLES
from referrals import submit

from broker.domain.concerns.drafts import DraftText
from broker.domain.model import Person
from broker.wiring import Services


@dataclass(frozen=True)
class World:
    services: Services
    team: Team
    reference: str


@pytest.fixture(name="world")
def _world(sqlite_broker: Services, clock: Clock) -> World:
    clock.now = datetime.now(UTC)  # a command reads the clock of the machine
    team = a_team(sqlite_broker)
    concern = put_to(sqlite_broker, begun(sqlite_broker, team).row.id, team)
    return World(services=sqlite_broker, team=team, reference=str(concern.reference))


def run(world: World, person: Person, *arguments: str, typed: str = "") -> tuple[int, str, str]:
    """Call `broker` as somebody."""
    return as_somebody(world.services, person, *arguments, typed=typed)


def test_a_lead_lists_reads_and_answers_on_the_command_line(world: World) -> None:
    lead = world.team.lead

    listed = json.loads(run(world, lead, "concern", "list", "--json")[1])
    read = run(world, lead, "concern", "show", world.reference)[1]
    answered = run(
        world,
        lead,
        *(
            "concern",
            "check",
            world.reference,
            "--advice",
            "refer",
            "--reason-file",
            "-",
            "--json",
        ),
        typed=REASON,
    )
    mine = json.loads(run(world, world.team.writer, "list", "--json")[1])

    assert [one["reference"] for one in listed["waiting"]] == [world.reference]
    assert "Zzcanary said something." in read
    assert json.loads(answered[1])["stage"] == "sharing"
    assert mine["drafts"][0]["concern"]["stage"] == "sharing"
    assert "Nothing is waiting for you." in run(world, lead, "concern", "list")[1]
    assert "sharing" in run(world, world.team.writer, "list")[1]


def test_a_lead_opens_what_was_before_and_answers_on_the_command_line(world: World) -> None:
    lead, services = world.team.lead, world.services
    about = {"form__individual.name": "Siân O'Neill", "form__individual.contact": "01632 960 777"}
    before = str(submit(services, **about))
    typed = {"who": {"name": "ONEILL, Sian"}, "where": {"contact": "01632 960777"}}
    text = DraftText(answers={**WORRY.answers, **typed})
    concern = put_to(services, begun(services, world.team, text).row.id, world.team)
    reference = str(concern.reference)
    check = ("concern", "check", reference, "--advice", "nothing-more", "--reason-file", "-")

    shown = run(world, lead, "concern", "show", reference)[1]
    listed = json.loads(run(world, lead, "concern", "show", reference, "--json")[1])
    code, _, refused = run(world, lead, *check, typed=NO)
    again = run(world, lead, "earlier", "list", reference)[1]
    opened = run(world, lead, "earlier", "show", reference, before)[1]
    answered = run(world, lead, *check, typed=NO)

    line = f"{before} 2"
    assert "Earlier concerns about this person" in shown
    assert line in shown
    assert line in again
    assert [one["reference"] for one in listed["earlier"]] == [before]
    assert code == 1
    assert f"Open each first: {before}." in refused
    assert "Siân O'Neill" in opened
    assert answered[0] == 0
    assert "you have opened it" in run(world, lead, "earlier", "list", reference)[1]
    assert run(world, world.team.writer, "earlier", "list", reference)[0] != 0


def test_a_pack_is_tried_without_being_kept_and_one_that_was_sent_is_read(world: World) -> None:
    nurse = world.team.writer
    pack = str(EXAMPLES / "5-emergency.json")

    tried = run(world, nurse, "refer", pack, "--try")
    assert "outcome       Emergency. Ring 999 now." in tried[1]
    assert json.loads(run(world, nurse, "list", "--json")[1])["disclosures"] == []

    reference = json.loads(run(world, nurse, "refer", pack, "--json")[1])["reference"]
    shown = json.loads(run(world, nurse, "show", reference, "--json")[1])
    assert shown["pack"]["form"] == json.loads(Path(pack).read_text())["form"]
    read = run(world, nurse, "show", reference)[1]
    assert reference in read
    assert shown["pack"]["recipient"] not in read
    assert "to            Northshire Example Police, Prevent team" in read
    assert "for           Emergency disclosure" in read


def test_a_trial_looks_at_the_files_as_sending_would(world: World, tmp_path: Path) -> None:
    nurse, pack = world.team.writer, str(EXAMPLES / "1-permitted.json")
    note = tmp_path / "lesson-note.txt"

    def tried(*more: str) -> tuple[int, str, str]:
        return run(world, nurse, "refer", pack, "--try", *more)

    note.touch()
    empty = tried("--attach", str(note))
    note.write_bytes("It cost \u00a35.".encode("cp1252"))
    sound = tried("--attach", str(note))
    other = tried("--attach", str(EXAMPLES / "clinic-letter.txt"))

    assert (empty[0], "attachments[0]: This file is empty" in empty[2]) == (1, True)
    assert (sound[0], "attachment 1: This text was not plain UTF-8" in sound[1]) == (0, True)
    assert (other[0], "attachments[0].name: came without a file" in other[2]) == (1, True)
    assert "files         They were not looked at." in tried()[1]
    assert "were not looked at" not in sound[1]


def caller(world: World, person: Person) -> Caller:
    return Caller(
        client=gateway(world.services).test_client(),
        token=a_token(world.services, person, person.role),
    )


def test_a_lead_answers_through_the_api(world: World) -> None:
    lead = caller(world, world.team.lead)
    path = f"/api/v1/concerns/{world.reference}"

    listed: Any = json.loads(lead.get("/api/v1/concerns").get_data())
    read: Any = json.loads(lead.get(path).get_data())
    body = {"advice": "refer", "also": ["early-help"], "reason": REASON}
    answered: Any = json.loads(lead.post(f"{path}/check", body).get_data())

    assert [one["reference"] for one in listed["waiting"]] == [world.reference]
    assert read["answers"]["seen"]["story"] == "Zzcanary said something."
    assert (answered["stage"], answered["checks"][0]["also"]) == ("sharing", ["early-help"])
    other = {**body, "advice": "nothing-more"}
    assert refusal_of(lead.post(f"{path}/check", other)).slug == "answered-already"


def test_a_faulty_answer_names_every_fault(world: World) -> None:
    lead = caller(world, world.team.lead)
    body = {"advice": "perhaps", "also": ["police"], "why": "x"}

    refused = refusal_of(lead.post(f"/api/v1/concerns/{world.reference}/check", body))

    assert (refused.status, refused.slug) == (422, "faulty-document")
    assert set(refused.places) == {"advice", "also[0]", "reason", "document"}


def test_a_concern_of_others_and_one_that_is_none_are_answered_alike(world: World) -> None:
    deputy = caller(world, world.team.deputy)

    foreign = deputy.get(f"/api/v1/concerns/{world.reference}")
    absent = deputy.get("/api/v1/concerns/CON-1010-000P")

    assert refusal_of(foreign) == refusal_of(absent)
    assert foreign.status_code == 404
    assert caller(world, world.team.writer).get("/api/v1/concerns").status_code == 403


def test_a_trial_tells_what_the_page_could_not_show(world: World) -> None:
    pack = json.loads((EXAMPLES / "5-emergency.json").read_text())
    pack["form"]["individual.name"] += " \U00010082"
    path = world.services.home.path / "pack.json"
    path.write_text(json.dumps(pack))

    tried = run(world, world.team.writer, "refer", str(path), "--try")

    assert "cannot print  Names, and any other names used" in tried[1]
    assert "U+10082" in tried[1]
