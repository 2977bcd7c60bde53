"""`broker policy as-of`: the same facts on the day before and after a change of law."""

import json
import shutil
from collections.abc import Mapping
from importlib.resources import as_file
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broker.cli import broker
from policies.tools.cases import changed

COMMENCEMENT = """off-until-commencement = true

[children-act-16la.commencement]
day = "2026-09-30"
source = "Made-up Commencement Order 2026"
entered-by = "p-lawyer"
entered-on = "2026-08-01"
"""


@pytest.fixture(name="rules")
def _rules(folder: Traversable, tmp_path: Path) -> Path:
    """Return a folder of rules in which somebody has entered that the duty to share began."""
    with as_file(folder) as shipped:
        copy = Path(shutil.copytree(shipped, tmp_path / "rules"))
    law = copy / "law.toml"
    law.write_text(law.read_text("utf-8").replace("off-until-commencement = true", COMMENCEMENT))
    return copy


@pytest.fixture(name="facts")
def _facts(bases: Mapping[str, dict[str, object]], tmp_path: Path) -> Path:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(changed(bases["bound"], {"concern.observed_on": "2026-09-20"})))
    return facts


def _as_of(*arguments: str) -> Result:
    return CliRunner().invoke(broker, ["policy", "as-of", *arguments])


@pytest.mark.parametrize(
    ("day", "outcome"),
    [("2026-09-29", "refuse"), ("2026-10-01", "refer")],
    ids=["before", "after"],
)
def test_the_same_facts_get_the_answer_of_the_day(
    day: str, outcome: str, rules: Path, facts: Path
) -> None:
    answer = json.loads(_as_of(day, str(facts), "--rules", str(rules), "--json").output)

    assert answer["day"] == day
    assert answer["decision"]["outcome"] == outcome
    assert ("Children Act 2004 s16LA" in answer["in_force"]) == (outcome == "refer")


def test_a_day_is_told_in_words(rules: Path, facts: Path) -> None:
    told = _as_of("2028-01-01", str(facts), "--rules", str(rules)).output
    alone = _as_of("2028-01-01").output

    assert "not looked at for 12 months" in told
    assert "read by nobody" in told
    assert "This waits" in told
    assert "off until commencement Children Act 2004 s16LA" in alone
    assert "This waits" not in alone


def test_law_that_nobody_looked_at_is_shown_by_the_check_and_is_no_fault(rules: Path) -> None:
    law = rules / "law.toml"
    law.write_text(law.read_text("utf-8").replace("2026-10-31", "2020-10-31"))

    checked = CliRunner().invoke(broker, ["policy", "check", str(rules)])

    assert checked.exit_code == 0
    assert "not looked at for 12 months" in checked.output
    assert "Everything is in order." in checked.output
