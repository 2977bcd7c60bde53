"""Every criterion of WCAG 2.2, levels A and AA, has a check that exists, and is told as it is."""

import re
from importlib.resources import files
from pathlib import Path

from broker.web.accessibility.criteria import as_markdown, criteria

ROOT = Path(__file__).parents[2]
ACCESSIBILITY = ROOT / "docs" / "accessibility"
SINCE_2_2 = {"2.4.11", "2.5.7", "2.5.8", "3.2.6", "3.3.7", "3.3.8"}


def test_all_55_criteria_are_there_once() -> None:
    numbers = [one.number for one in criteria()]

    assert len(numbers) == len({*numbers}) == 55
    assert {*numbers} > SINCE_2_2
    assert "4.1.1" not in numbers


def test_every_criterion_is_looked_at_or_says_why_not() -> None:
    assert [one.number for one in criteria() if bool(one.none) == _is_looked_at(one)] == []


def _is_looked_at(one: object) -> bool:
    return any(getattr(one, name) for name in ("axe", "own", "manual"))


def test_what_is_said_to_look_at_a_criterion_exists() -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    script = (ACCESSIBILITY / "manual-tests.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", script, re.MULTILINE)
    for one in criteria():
        if one.axe:
            assert f'"wcag{one.number.replace(".", "")}"' in axe, one.number
        if one.own:
            assert (ROOT / one.own).is_file(), one.number
        if one.manual:
            assert one.manual in headings, one.number


def test_a_script_for_people_says_when_it_was_tried() -> None:
    script = (ACCESSIBILITY / "manual-tests.md").read_text(encoding="utf-8")
    parts = script.split("\n## ")[1:]

    assert [part.partition("\n")[0] for part in parts if "\nTried: " not in part] == []


def test_the_table_is_the_one_that_the_pages_show() -> None:
    assert (ACCESSIBILITY / "criteria.md").read_text(encoding="utf-8") == as_markdown()
