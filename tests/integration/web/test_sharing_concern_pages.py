"""A concern about sharing in pages: raised from a copy, read by both Guardians, settled."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from gateways import gateway
from homes import Prepared
from markup import page_client
from panels import COLE, COUNCIL, DOT, MAX, Panel, a_panel
from people import FIRST, Held, cheaply, opened, with_guardian
from visits import Visit, cheap

from broker.domain.model import Person

WHY = "It leaves out what the panel needs."


@dataclass
class World:
    panel: Panel
    guardian: Held

    def as_(self, person: Person) -> Visit:
        """The browser of somebody who has signed in, with an account of their own."""
        services, clock = self.panel.services, self.panel.clock
        access = cheaply(services)
        code = access.accounts.invite(person.id, replace(FIRST, agency=person.agency))
        held = opened(access, code, clock)
        clock.forward(timedelta(minutes=1))
        return self.holding(held)

    def holding(self, held: Held) -> Visit:
        """The browser of somebody who has signed in, by their account."""
        services, clock = self.panel.services, self.panel.clock
        visit = Visit(client=page_client(gateway(cheap(services))), held=held, clock=clock)
        assert visit.sign_in().status_code == 303
        return visit


@pytest.fixture(name="world")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A council with a Guardian, whose question a school answered in part."""
    panel = a_panel(prepared_on_sqlite, tmp_path_factory.mktemp("sharing") / "home")
    yield World(panel=panel, guardian=with_guardian(panel.services, panel.clock, agency=COUNCIL))
    panel.services.close()


def test_it_is_raised_from_its_copy_read_by_those_it_is_for_and_settled(world: World) -> None:
    (line,) = world.panel.services.partner_requests.views.put_by_us(COLE)
    base = f"/requests/{line.copy.name.request}/{line.copy.name.number}"
    cole = world.as_(COLE)
    assert f"{base}/concern" in cole.get(base).text
    page = cole.get(f"{base}/concern").text
    assert "They shared too little" in page
    assert "They refused to share" not in page
    assert "Select what is wrong" in cole.send(f"{base}/concern").text
    short = cole.send(f"{base}/concern", wrong="too-little", why="")
    late = cole.send(f"{base}/concern", wrong="late", why=WHY)
    assert [one.status_code for one in (short, late)] == [422, 422]
    assert "cannot be raised" in late.text

    raised = cole.send(f"{base}/concern", wrong="too-little", why=WHY).location

    assert "there is nothing to raise" in cole.get(f"{base}/concern").text
    own = cole.get(raised).text
    assert "Take it back" in own
    assert f'href="{base}"' in own
    wrong = cole.send(raised, outcome="answer-stands", why=WHY)
    assert (wrong.status_code, "takes it back" in wrong.text) == (422, True)
    dot, gia = world.as_(DOT), world.holding(world.guardian)
    assert raised in dot.get("/sharing-concerns").text
    theirs = dot.get(raised).text
    assert WHY in theirs
    assert "<form" not in theirs.partition("<main")[2]
    assert world.as_(MAX).get(raised).status_code in {403, 404}
    assert "/sharing-concerns" in gia.get("/reviews").text
    gia.get(raised)
    assert "Select how it ends" in gia.send(raised).text
    assert gia.send(raised, outcome="answer-stands", why="").status_code == 422
    settled = gia.send(raised, outcome="answer-stands", why="It is about his sister.")
    assert (settled.status_code, settled.location) == (303, "/sharing-concerns")
    assert "The answer stands as it is" in gia.get("/sharing-concerns").text
    assert "It is about his sister." in cole.get(raised).text
