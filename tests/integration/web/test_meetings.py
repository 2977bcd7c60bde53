"""A panel meets in a browser: called, asked, packed, approved, each opening their own copy."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from homes import Prepared
from panel_visits import PanelVisits
from panels import COLE, CORA, MAX, MAY, PAT, a_panel
from visits import Visit
from werkzeug.test import TestResponse

from broker.domain.model import Person


@pytest.fixture(name="world", scope="module")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PanelVisits]:
    panel = a_panel(prepared_on_sqlite, tmp_path_factory.mktemp("meetings") / "home")
    yield PanelVisits(panel=panel)
    panel.services.close()


def is_called(world: PanelVisits, *people: Person) -> str:
    """Call a meeting in pages, ask people who say that they come, and return its address."""
    cole = world.as_(COLE)
    cole.get("/meetings/new")
    day = {"on-day": "20", "on-month": "3", "on-year": "2026"}
    said = {"case": world.panel.case, "chair": CORA.id, "home_area": PAT.agency, **day}
    base = cole.send("/meetings/new", **said).location
    for person in people:
        cole.get(f"{base}/ask")
        asked = cole.send(f"{base}/ask", person=person.id, part="member")
        assert asked.location == base
        visit = world.as_(person)
        visit.get(base)
        assert visit.send(f"{base}/answer", comes="yes").location == base
    return base


def test_a_panel_meets_and_each_opens_a_copy_with_their_own_name(world: PanelVisits) -> None:
    base = is_called(world, PAT, MAY)
    cole, cora, may = (world.as_(one) for one in (COLE, CORA, MAY))
    assert "Ask for the pack" in may.get(base).text
    assert may.send(f"{base}/pack/ask").location == base
    waits = may.get(base).text
    assert ("You asked for it" in waits, "Ask for the pack" in waits) == (True, False)
    assert "Its pack is asked for" in cole.get("/meetings").text
    assert "<li>May Specimen, " in cole.get(base).text
    assert "The pack is asked for" not in world.as_(PAT).get(base).text

    page = cole.get(f"{base}/pack")
    picks = re.findall(r'name="picks"[^>]* value="([^"]+)"', page.text)
    assert "Seen by the form tutor, 9 March 2026" in page.text
    lacking = cole.send(f"{base}/pack", picks=picks)
    assert lacking.status_code == 422
    assert "Say why the panel needs this" in lacking.text
    written = {
        "statement": "The panel assesses it.",
        "necessity": "Less would not do.",
        "proportionality": "The harm is near.",
        "reason-concerns.event": "It shows who is with him.",
        "screened": "yes",
    }
    would_stand = cole.send(f"{base}/pack", picks=picks, _action="preview", **written)
    assert would_stand.status_code == 200
    assert "What would stand in it" in would_stand.text
    assert "There is none yet" in cole.get(base).text
    cole.get(f"{base}/pack")
    assert cole.send(f"{base}/pack", picks=picks, **written).location == base
    assert may.get(f"{base}/copy").status_code == 409
    assert approved_in_pages(cora, base).location == base

    mine = may.get(f"{base}/copy")

    assert mine.status_code == 200
    assert mine.text.count("Copy 3, for May Specimen of Northshire Example Council alone") == 2
    assert "[Seen by the form tutor, 9 March 2026] He left early twice" in mine.text
    theirs = world.as_(PAT).get(f"{base}/copy")
    assert "for Pat Specimen of Northshire Example Police alone" in theirs.text
    assert "May Specimen" not in theirs.text
    stranger = world.as_(MAX)
    for path in (base, f"{base}/copy", f"{base}/delegate"):
        assert stranger.get(path).status_code == 404
    assert "You are asked to no meeting" in stranger.get("/meetings").text
    assert stranger.send(f"{base}/pack/ask").status_code == 404
    assert "Copy 3, opened: 1" in cole.get(base).text


def approved_in_pages(cora: Visit, base: str) -> TestResponse:
    """Read the pack as its chair, and approve what was read."""
    assert "Read and approve the pack" in cora.get(base).text
    shown = cora.get(f"{base}/pack/approve").text
    assert "[Seen by the form tutor, 9 March 2026] He left early" in shown
    return cora.send(f"{base}/pack/approve", seen=seen_in(shown))


def stepped_up(visit: Visit, to: str) -> TestResponse:
    """Give a code of this moment on the page that asks for it."""
    return visit.send("/code", to=to, code=visit.held.code(visit.clock))


def seen_in(shown: str) -> str:
    """The digest of what a page shows, as its form gives it back."""
    (found,) = re.findall(r'name="seen" value="([^"]+)"', shown)
    return str(found)


def test_the_chair_reads_what_is_approved_with_a_code_of_this_moment(world: PanelVisits) -> None:
    panel, meeting = world.panel, world.panel.asked(world.panel.called(), PAT)
    base = f"/meetings/{meeting.reference}"
    cole, cora = world.as_(COLE), world.as_(CORA)
    assert cora.get(f"{base}/pack/approve").status_code == 409
    first = panel.panels.packs.build(meeting.reference, COLE, panel.wanted(meeting))

    world.panel.clock.forward(timedelta(minutes=6))
    read = cole.get(f"{base}/pack/read").text
    assert "[Seen by the form tutor, 9 March 2026] He left early" in read
    assert "Approve the pack" not in read
    with panel.services.transaction() as tx:
        readings = [one.event for one in tx.about(first.disclosure) if one.type == "read"]
    assert [(one["by"], one["what"], one["how"]) for one in readings] == [
        (COLE.id, "pack", "page")
    ]

    to_code = f"/code?to={base}/pack/approve&back={base}/pack"
    assert cora.get(f"{base}/pack/approve").location == to_code
    cora.get(base)
    assert cora.send(f"{base}/pack/approve", seen="0" * 32).location == to_code
    cora.get(to_code)
    assert stepped_up(cora, f"{base}/pack/approve").location == f"{base}/pack/approve"
    seen = seen_in(cora.get(f"{base}/pack/approve").text)
    panel.panels.packs.build(meeting.reference, COLE, panel.wanted(meeting))
    stale = cora.send(f"{base}/pack/approve", seen=seen)
    assert (stale.status_code, "nothing was approved" in stale.text) == (409, True)
    cora.clock.forward(timedelta(minutes=1))
    cora.get(to_code)
    stepped_up(cora, f"{base}/pack/approve")
    assert approved_in_pages(cora, base).location == base
    assert world.as_(MAX).get(f"{base}/pack/read").status_code == 403


def test_what_is_wrong_is_said_beside_its_field(world: PanelVisits) -> None:
    base, cole = is_called(world), world.as_(COLE)

    cole.get("/meetings/new")
    nothing = cole.send("/meetings/new")
    past = cole.send(
        "/meetings/new",
        case=world.panel.case,
        chair=CORA.id,
        home_area=PAT.agency,
        **{"on-day": "1", "on-month": "3", "on-year": "2026"},
    )
    nobody = cole.send(f"{base}/ask")
    unknown = cole.send(f"{base}/ask", person="p-nobody", part="member")

    assert [one.status_code for one in (nothing, past, nobody, unknown)] == [422] * 4
    assert "Select which case it is about" in nothing.text
    assert "This has passed" in past.text
    assert "Select as what they come" in nobody.text


def test_apologies_a_delegate_and_a_meeting_that_is_cancelled(world: PanelVisits) -> None:
    base = is_called(world, PAT, MAY)
    may, cole = world.as_(MAY), world.as_(COLE)

    may.get(f"{base}/delegate")
    assert may.send(f"{base}/delegate").status_code == 422
    assert may.send(f"{base}/delegate", person=MAX.id).location == base
    assert "comes for a colleague" in world.as_(MAX).get(base).text
    cole.get(base)
    cole.send(f"{base}/note", person=PAT.id, attends="apologies")
    assert "The police of the home area are not coming" in cole.get(base).text
    assert cole.send(f"{base}/cancel").location == base
    assert "Cancelled" in cole.get("/meetings").text


def test_a_meeting_is_opened_on_its_day_and_closed(world: PanelVisits) -> None:
    base, cora = is_called(world, PAT), world.as_(CORA)
    cora.get(base)
    assert cora.send(f"{base}/hold").status_code == 409
    cora.get(base)
    assert world.as_(COLE).send(f"{base}/pack/withdraw").location == base
    assert cora.send(f"{base}/close").status_code == 409
