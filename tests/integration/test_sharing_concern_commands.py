"""A concern about sharing on the command line: raised, listed, shown and settled."""

import json
from datetime import UTC, datetime
from pathlib import Path

from command_callers import run as as_somebody
from homes import Prepared
from panels import COLE, DOT, MAX, Panel, a_panel

from broker.domain.model import Person

WHY = "It leaves out what the panel needs."


def run(panel: Panel, person: Person, *arguments: str, typed: str = "") -> tuple[int, str, str]:
    """Call `broker dispute` as somebody."""
    return as_somebody(panel.services, person, "dispute", *arguments, typed=typed)


def test_one_side_raises_it_the_other_reads_it_and_it_is_taken_back(
    prepared_on_sqlite: Prepared, tmp_path: Path
) -> None:
    panel = a_panel(prepared_on_sqlite, tmp_path / "home")
    panel.clock.now = datetime.now(UTC)  # a command reads the clock of the machine
    (line,) = panel.services.partner_requests.views.put_by_us(COLE)
    copy, why = str(line.copy.name), ("--why-file", "-")
    assert "There are no concerns" in run(panel, COLE, "list")[1]

    status, told, said = run(
        panel, COLE, "open", copy, "--wrong", "too-little", *why, "--json", typed=WHY
    )

    assert (status, said) == (0, "")
    concern = json.loads(told)["concern"]
    assert concern == f"{copy}.1"
    assert run(panel, COLE, "open", copy, "--wrong", "late", *why, typed=WHY)[0] != 0
    assert WHY in run(panel, DOT, "show", concern)[1]
    assert "They shared too little. Open" in run(panel, DOT, "list")[1]
    refused = run(panel, MAX, "show", concern)
    assert refused[0] != 0
    assert WHY not in refused[1]
    settled = run(panel, DOT, "close", concern, "--outcome", "answer-stands", *why, typed=WHY)
    assert settled[0] != 0
    assert "A Guardian of either body" in settled[2]
    back = run(
        panel, COLE, "close", concern, "--outcome", "withdrawn", *why, typed="We agree now."
    )
    assert "Closed: Whoever raised it takes it back" in " ".join(back[1].split())
    assert "We agree now." in run(panel, DOT, "show", concern)[1]
    (listed,) = json.loads(run(panel, COLE, "list", "--json")[1])["concerns"]
    assert listed["outcome"] == "withdrawn"
    panel.services.close()
