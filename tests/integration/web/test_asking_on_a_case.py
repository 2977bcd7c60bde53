"""Bodies are asked in pages on a case that somebody works on, until its pack is filled."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from homes import Prepared
from panel_visits import PanelVisits
from panels import COLE, CORA, PAT, TIM, a_panel
from request_walks import ANSWERING, ASKING, walked
from visits import three
from walks import problems_in

from broker.domain.cases.stages import CaseEnd, CaseKind
from broker.domain.panels.meetings import AskedAs
from broker.domain.references import Prefix, parse_reference
from broker.domain.roles import Role
from keys import CaseId

FOR_THE_PANEL = {
    **ASKING,
    "ask": {"for": "panel-assessment", "what": "The panel assesses what draws him in."},
    "day": {**three("on", "23 3 2026"), "by": "coordinator/p-cole"},
}


@dataclass
class World(PanelVisits):
    """A panel with a second case, on which nobody was asked yet."""

    case: CaseId = field(kw_only=True)


@pytest.fixture(name="world", scope="module")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    panel = a_panel(prepared_on_sqlite, tmp_path_factory.mktemp("asking") / "home")
    case = panel.services.cases.open(COLE, CaseKind.CHANNEL).id
    panel.services.cases.add_member(COLE, case, CORA.id, Role.CHAIR)
    yield World(panel=panel, case=case)
    panel.services.close()


def test_a_coordinator_fills_a_pack_from_pages_alone(world: World) -> None:
    cole, tim = world.as_(COLE), world.as_(TIM)
    cole.get("/meetings/new")
    meets = {"chair": CORA.id, "home_area": PAT.agency, **three("on", "20 3 2026")}
    base = cole.send("/meetings/new", case=world.case, **meets).location
    meeting = parse_reference(base.rpartition("/")[2], Prefix.MEETING)
    world.panel.panels.meetings.ask(meeting, COLE, PAT.id, AskedAs.MEMBER)
    world.panel.panels.meetings.answer(meeting, PAT, comes=True)
    empty = cole.get(f"{base}/pack").text
    assert "Nothing was released to this panel yet" in empty
    (asks,) = re.findall(r'href="(/requests/new[^"]*)"', empty)
    assert asks in cole.get(base).text

    assert "You ask on this case. Opened on 16 March 2026" in cole.get(asks).text
    last = walked(cole, cole.send(asks).location, FOR_THE_PANEL)
    assert "Opened on 16 March 2026. What they answer belongs to it." in cole.get(last).text
    receipt = cole.send(last, _action="continue").location
    copy = f"/requests/{receipt.split('/')[2]}/1"
    tim.get(copy)
    last = walked(tim, tim.send(f"{copy}/answer").location, ANSWERING)
    tim.get(last)
    assert tim.send(last, _action="continue").status_code == 303
    world.panel.services.dispatcher.dispatch()

    shown = cole.get(f"{base}/pack").text
    assert "He came with a man nobody knew." in shown
    built = cole.send(
        f"{base}/pack",
        picks=re.findall(r'name="picks"[^>]* value="([^"]+)"', shown),
        statement="The panel assesses it.",
        necessity="Less would not do.",
        proportionality="The harm is near.",
        screened="yes",
        **{"reason-concerns.event": "It shows who is with him."},
    )
    assert built.location == base, problems_in(built)
    assert "/requests/new?on=PRV-" in cole.get(copy).text


def test_nobody_asks_on_a_case_that_is_not_theirs_or_is_closed(world: World) -> None:
    services, pat, cole = world.panel.services, world.as_(PAT), world.as_(COLE)
    meeting = world.panel.called()
    other = services.cases.open(COLE, CaseKind.CHANNEL).id

    for named in (str(meeting.reference), world.panel.case, "c-nothing", "MTG-1010-000P", ""):
        pat.get("/requests/new")
        assert pat.send(f"/requests/new?on={named}").status_code == 404, named
        assert pat.get(f"/requests/new?on={named}").status_code == 404, named
    services.cases.close(COLE, other, CaseEnd.NO_FURTHER_ACTION)
    assert cole.get(f"/requests/new?on={other}").status_code == 409


def test_without_a_case_the_last_look_says_that_one_is_opened(world: World) -> None:
    pat = world.as_(PAT)
    pat.get("/requests/new")

    day = {**three("on", "23 3 2026"), "by": "chair/p-cora"}
    last = walked(pat, pat.send("/requests/new").location, {**ASKING, "day": day})

    assert "A case of its own, which is opened with it." in pat.get(last).text
