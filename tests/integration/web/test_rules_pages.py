"""The rules in a browser: to be read aloud, what changed, and the law that they rest on."""

import shutil
from pathlib import Path

import pytest
from brokers import KEEPER_OF_KEYS, Clock
from referrals import GUARDIAN
from visits import Visit, signed_in

from broker.domain.roles import Role
from broker.wiring import Services
from policies import Rulebook
from policies.tools.card_pages import card_pages

RULES = Path(__file__).parents[3] / "policies" / "rulebook"


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock, Role.ASSURANCE)


def reworded(folder: Path) -> Rulebook:
    """Return rules of which one sentence is another."""
    shutil.copytree(RULES, folder)
    card = folder / "rules" / "R02-requester.toml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("Only people we know", "Only somebody we know"), encoding="utf-8")
    return Rulebook.read(folder)


def test_every_card_is_a_page_in_the_words_of_the_guide(visit: Visit) -> None:
    listed = visit.get("/rules").text

    for page in card_pages(Rulebook.shipped()):
        assert f'href="/rules/{page.rule}"' in listed
    shown = visit.get("/rules/R02").text
    assert "Only people we know" in shown
    assert visit.get("/rules/R99").status_code == 404


def test_what_changed_since_the_rules_before_is_shown_line_by_line(
    sqlite_broker: Services, visit: Visit, tmp_path: Path
) -> None:
    assert "No other rules were in force here before" in visit.get("/rules/changes").text

    sqlite_broker.rulebooks.activate(reworded(tmp_path / "rules"), GUARDIAN, KEEPER_OF_KEYS)

    told = visit.get("/rules/changes").text
    assert "<del>Only people we know" in told
    assert "<ins>Only somebody we know" in told
    assert "wording alone" in told
    assert "R02" in told
    assert "R03" not in told
    assert GUARDIAN.id in visit.get("/rules").text


def test_the_law_says_how_it_was_read_and_whether_it_is_in_force_on_a_day(visit: Visit) -> None:
    today = visit.get("/law").text
    assert "Read by nobody yet" in today
    assert "Terrorism Act 2000 s38B" in today
    assert "Not looked at for 12 months" not in today

    later = visit.get("/law?on=2028-01-01").text

    assert "Not looked at for 12 months" in later
    assert visit.get("/law?on=yesterday").status_code == 422
