"""A panel's meetings, its pack and one's own copy through the API, by real calls."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from brokers import NURSE
from callers import Caller, Refusal, a_caller, refusal_of
from homes import Prepared
from panels import COLE, CORA, MAX, MAY, MEETS_ON, PAT, Panel, a_panel
from werkzeug.test import TestResponse

from broker.domain.model import Person

MEETINGS = "/api/v1/meetings"
PACK = {
    "pack": "panel-pack/1",
    "statement": "The panel assesses whether a recruiter draws him in.",
    "necessity": "Without what the school saw the panel cannot assess it.",
    "proportionality": "The harm is near, and only what the school saw goes.",
    "reasons": {"concerns.event": "It shows who is with him."},
    "screened": "yes",
}
UNKNOWN = Refusal(404, "unknown-meeting")
_keys = itertools.count(1)


@dataclass
class World:
    panel: Panel
    callers: dict[str, Caller] = field(default_factory=dict)

    def as_(self, person: Person) -> Caller:
        if person.id not in self.callers:
            self.callers[person.id] = a_caller(self.panel.services, person, person.role)
        return self.callers[person.id]

    def call(self, key: str = "", **changes: Any) -> TestResponse:
        """Call the meeting of the panel's case, as its coordinator."""
        said = {
            "case": self.panel.case,
            "on": MEETS_ON.isoformat(),
            "chair": CORA.id,
            "home_area": PAT.agency,
            **changes,
        }
        named = {"Idempotency-Key": key or f"meeting-{next(_keys):04}"}
        return self.as_(COLE).post(MEETINGS, said, **named)

    def called(self, *people: Person) -> str:
        """The address of a meeting to which people say that they come."""
        base = f"{MEETINGS}/{told(self.call(), 201)['meeting']}"
        for person in people:
            asked = {"person": person.id, "as": "member"}
            told(self.as_(COLE).post(f"{base}/asked", asked))
            told(self.as_(person).post(f"{base}/answer", {"comes": True}))
        return base

    def picked(self, base: str) -> dict[str, object]:
        """A pack of all that was released."""
        released = told(self.as_(COLE).get(f"{base}/released"))["released"]
        return {**PACK, "picks": [one["pick"] for one in released]}

    def build(self, base: str, pack: dict[str, object], key: str = "") -> TestResponse:
        named = {"Idempotency-Key": key or f"pack-{next(_keys):06}"}
        return self.as_(COLE).post(f"{base}/pack", pack, **named)


def told(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


@pytest.fixture(name="world", scope="module")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    panel = a_panel(prepared_on_sqlite, tmp_path_factory.mktemp("meetings-api") / "home")
    yield World(panel=panel)
    panel.services.close()


def test_a_panel_meets_and_each_opens_a_copy_of_their_own(world: World) -> None:
    base = world.called(PAT, MAY)
    pack = world.picked(base)
    waits = told(world.as_(MAY).post(f"{base}/pack/asking"))
    foreseen = told(world.as_(COLE).post(f"{base}/pack-judgement", pack))
    built = told(world.build(base, pack), 201)
    early = world.as_(MAY).get(f"{base}/copy")
    unread = world.as_(CORA).post(f"{base}/pack/approval")
    other = world.as_(CORA).post(f"{base}/pack/approval", {"seen": "0" * 32})
    seen = told(world.as_(CORA).get(f"{base}/pack"))["seen"]
    approved = told(world.as_(CORA).post(f"{base}/pack/approval", {"seen": seen}))

    mine = told(world.as_(MAY).get(f"{base}/copy"))

    assert [one["person"] for one in waits["asked"] if one["asked_for_pack"]] == [MAY.id]
    assert refusal_of(world.as_(MAX).post(f"{base}/pack/asking")) == UNKNOWN
    assert foreseen["kept"] is False
    assert "concerns.event" in {one["field"] for one in foreseen["what_goes"]["goes"]}
    assert built["pack"]["state"] == "built"
    assert refusal_of(early) == Refusal(409, "copy-closed")
    assert refusal_of(unread) == Refusal(422, "faulty-document", ("seen",))
    assert refusal_of(other) == Refusal(409, "wrong-state")
    assert approved["pack"]["state"] == "approved"
    assert mine["for"]["name"] == "May Specimen"
    assert "concerns.event" in {one["field"] for one in mine["fields"]}
    assert base.rpartition("/")[2] in str(told(world.as_(MAY).get(MEETINGS)))
    shown = told(world.as_(COLE).get(base))
    assert [one["opened"] for one in shown["asked"] if one["person"] == MAY.id] == [1]
    stranger = world.as_(MAX)
    for path in ("", "/copy"):
        assert refusal_of(stranger.get(f"{base}{path}")) == UNKNOWN


def test_a_meeting_is_called_and_a_pack_built_once_by_their_keys(world: World) -> None:
    first = world.call("meeting-of-march")
    again = world.call("meeting-of-march")
    other = world.call("meeting-of-march", on="2026-03-23")
    without = world.as_(COLE).post(MEETINGS, {})
    base = world.called(PAT)
    pack = world.picked(base)
    built = told(world.build(base, pack, "pack-of-march"), 201)
    repeated = told(world.build(base, pack, "pack-of-march"), 201)
    changed = world.build(base, {**pack, "necessity": "Another reason."}, "pack-of-march")

    assert first.headers["Location"] == f"{MEETINGS}/{told(first, 201)['meeting']}"
    assert told(again, 201)["meeting"] == told(first, 201)["meeting"]
    assert refusal_of(other) == Refusal(422, "key-reused")
    assert refusal_of(without) == Refusal(428, "key-missing")
    assert repeated["pack"] == built["pack"]
    assert refusal_of(changed) == Refusal(422, "key-reused")


def test_every_fault_of_a_meeting_is_named_by_its_place(world: World) -> None:
    wrong = world.call(on="2026-03-01", chair="p-nobody", home_area="example-school")
    no_day = world.call(on="2026-02-30")
    shape = world.as_(COLE).post(
        f"{MEETINGS}/MTG-0000-0000/asked", {"person": MAY.id, "as": "chair"}
    )

    assert refusal_of(wrong) == Refusal(422, "faulty-document", ("chair", "home_area", "on"))
    assert refusal_of(no_day) == Refusal(422, "faulty-document", ("on",))
    assert refusal_of(shape).places == ("as",)


def test_nobody_who_could_come_is_named_by_its_place(world: World) -> None:
    base = world.called(PAT)
    nobody = {"person": "p-nobody"}

    asked = world.as_(COLE).post(f"{base}/asked", {**nobody, "as": "member"})
    sent = world.as_(PAT).post(f"{base}/delegate", nobody)
    noted = world.as_(COLE).post(f"{base}/note", {**nobody, "attends": "coming"})

    for answer in (asked, sent, noted):
        assert refusal_of(answer) == Refusal(422, "faulty-document", ("person",))


def test_apologies_a_delegate_a_note_and_what_comes_too_early(world: World) -> None:
    base = world.called(PAT, MAY)
    cole, cora = world.as_(COLE), world.as_(CORA)

    sent = told(world.as_(MAY).post(f"{base}/delegate", {"person": MAX.id}))
    noted = told(cole.post(f"{base}/note", {"person": PAT.id, "attends": "apologies"}))
    early = [cora.post(f"{base}/{step}") for step in ("holding", "closing")]
    early.append(cora.post(f"{base}/pack/approval", {"seen": "0" * 32}))
    told(cole.post(f"{base}/pack/withdrawal"))
    cancelled = told(cole.post(f"{base}/cancellation"))

    stands = {one["person"]: (one["as"], one["attends"]) for one in sent["asked"]}
    assert stands[MAX.id] == ("delegate", "asked")
    assert stands[MAY.id] == ("member", "apologies")
    assert noted["quorum"]["met"] is False
    assert [refusal_of(one).status for one in early] == [409] * 3
    assert cancelled["state"] == "cancelled"


def test_whoever_is_no_coordinator_or_chair_keeps_no_meeting(world: World) -> None:
    base = world.called()
    nurse, may = a_caller(world.panel.services, NURSE), world.as_(MAY)

    for caller in (nurse, may):
        assert refusal_of(caller.post(f"{base}/asked", {})).status == 403
        assert refusal_of(caller.get(f"{base}/released")).status == 403
    assert refusal_of(may.post(f"{base}/answer", {"comes": True})).slug == "unknown-meeting"
