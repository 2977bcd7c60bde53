"""A panel's meeting on the command line, by each of its commands, from its call to its end."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_callers import Commands, run
from homes import Prepared
from panels import COLE, CORA, MAX, MAY, PAT, Panel, a_panel

from broker.domain.times import uk_day

WRITTEN = {
    "statement": "The panel assesses what draws him in.",
    "necessity": "Without what the school saw it cannot.",
    "proportionality": "The harm is near, and only that goes.",
    "reasons": {"concerns.event": "It shows who is with him."},
    "screened": "yes",
}


@pytest.fixture(name="panel", scope="module")
def _panel(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Panel]:
    panel = a_panel(prepared_on_sqlite, tmp_path_factory.mktemp("meetings") / "home")
    panel.clock.now = datetime.now(UTC)  # a command reads the clock of the machine
    yield panel
    panel.services.close()


@pytest.fixture(name="meeting")
def _meeting(panel: Panel) -> Commands:
    return Commands(panel.services, "meeting")


def is_called(panel: Panel, meeting: Commands) -> str:
    """Call a meeting for today to which the police come; return its reference."""
    today = uk_day(datetime.now(UTC)).isoformat()
    how = ("--on", today, "--chair", CORA.id, "--home-area", PAT.agency)
    called = str(meeting.told(COLE, "call", panel.case, *how)["meeting"])
    meeting.told(COLE, "ask", called, PAT.id, "--as", "member")
    meeting.told(PAT, "answer", called, "--comes")
    return called


def test_a_meeting_goes_its_whole_way_by_commands(
    panel: Panel, meeting: Commands, tmp_path: Path
) -> None:
    called = is_called(panel, meeting)
    meeting.told(COLE, "ask", called, MAY.id, "--as", "member")
    assert called in meeting.words(MAY, "list")
    told = meeting.told(MAY, "delegate", called, MAX.id)
    attends = {one["person"]: one["attends"] for one in told["asked"]}
    assert attends == {
        CORA.id: "coming",
        PAT.id: "coming",
        MAY.id: "apologies",
        MAX.id: "asked",
    }
    meeting.told(COLE, "note", called, MAX.id, "coming")
    assert "waits for the pack since" in meeting.words(MAX, "pack", "ask", called)
    assert "Its pack is asked for" in meeting.words(COLE, "list")

    released = meeting.told(COLE, "pack", "released", called)["released"]
    picks = [one["pick"] for one in released]
    document = tmp_path / "pack.json"
    document.write_text(json.dumps({**WRITTEN, "pack": "panel-pack/1", "picks": picks}))
    foreseen = meeting.words(COLE, "pack", "build", called, str(document), "--preview")
    assert "they read" in foreseen
    assert "pack none yet" in meeting.words(COLE, "show", called)
    built = meeting.words(COLE, "pack", "build", called, str(document))
    assert "Built. It waits for the chair" in built
    read = meeting.words(CORA, "pack", "read", called)
    assert "He left early twice" in read
    seen = ("--seen", read.rpartition("seen ")[2])
    other = run(panel.services, CORA, "meeting", "pack", "approve", called, "--seen", "0" * 32)
    assert (other[0] != 0, "Read it again, and approve what you read" in other[2]) == (True, True)
    assert "Approved. Copies open" in meeting.words(CORA, "pack", "approve", called, *seen)
    copy = meeting.words(MAX, "copy", called)
    assert "Copy 4" in copy
    assert "He left early twice" in copy

    assert "held" in meeting.words(CORA, "hold", called)
    assert "closed" in meeting.words(COLE, "close", called)


def test_a_pack_is_withdrawn_and_a_meeting_cancelled_by_commands(
    panel: Panel, meeting: Commands
) -> None:
    called = is_called(panel, meeting)
    about = next(one for one in panel.panels.views.listed(COLE) if str(one.reference) == called)
    panel.panels.packs.build(about.reference, COLE, panel.wanted(about))

    assert "Withdrawn. No copy opens" in meeting.words(COLE, "pack", "withdraw", called)
    assert meeting.told(COLE, "cancel", called)["state"] == "cancelled"
