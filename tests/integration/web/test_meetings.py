"""A panel meets in a browser: called, asked, packed, approved, each opening their own copy."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from homes import Prepared
from markup import page_client
from panels import COLE, CORA, MAX, MAY, PAT, Panel, a_panel
from people import FIRST, cheaply, opened
from visits import Visit, cheap

from broker.app import create_app
from broker.domain.model import Person


@dataclass
class World:
    panel: Panel
    visits: dict[str, Visit]

    def as_(self, person: Person) -> Visit:
        """The browser of somebody who has signed in."""
        if person.id not in self.visits:
            services, clock = self.panel.services, self.panel.clock
            access = cheaply(services)
            code = access.accounts.invite(person.id, replace(FIRST, agency=person.agency))
            held = opened(access, code, clock)
            clock.forward(timedelta(minutes=1))
            client = page_client(create_app(cheap(services)))
            self.visits[person.id] = Visit(client=client, held=held, clock=clock)
            assert self.visits[person.id].sign_in().status_code == 303
        return self.visits[person.id]


@pytest.fixture(name="world", scope="module")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    panel = a_panel(prepared_on_sqlite, tmp_path_factory.mktemp("meetings") / "home")
    yield World(panel=panel, visits={})
    panel.services.close()


def is_called(world: World, *people: Person) -> str:
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


def test_a_panel_meets_and_each_opens_a_copy_with_their_own_name(world: World) -> None:
    base = is_called(world, PAT, MAY)
    cole, cora, may = (world.as_(one) for one in (COLE, CORA, MAY))

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
    assert cole.send(f"{base}/pack", picks=picks, **written).location == base
    assert may.get(f"{base}/copy").status_code == 409
    assert "Approve the pack" in cora.get(base).text
    assert cora.send(f"{base}/pack/approve").location == base

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
    assert "Copy 3, opened: 1" in cole.get(base).text


def test_what_is_wrong_is_said_beside_its_field(world: World) -> None:
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


def test_apologies_a_delegate_and_a_meeting_that_is_cancelled(world: World) -> None:
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


def test_a_meeting_is_opened_on_its_day_and_closed(world: World) -> None:
    base, cora = is_called(world, PAT), world.as_(CORA)
    cora.get(base)
    assert cora.send(f"{base}/hold").status_code == 409
    cora.get(base)
    assert world.as_(COLE).send(f"{base}/pack/withdraw").location == base
    assert cora.send(f"{base}/close").status_code == 409
