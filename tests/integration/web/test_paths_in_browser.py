"""The other paths in Chromium: each state holds before axe and our own checks."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from brokers import Clock, a_broker
from browsers import (
    Window,
    a_window,
    axe_faults,
    chromium,
    narrow_faults,
    needs_chromium,
    own_faults,
    served,
)
from gateways import gateway
from markup import page_client
from path_walks import (
    Pair,
    every_state_of_a_colleague,
    every_state_of_a_form_on_paper,
    every_state_of_a_report,
)
from people import BODY, with_account
from visits import Visit, cheap

from broker.domain.roles import Role

pytestmark = needs_chromium


@pytest.fixture(name="place")
def _place(tmp_path: Path) -> Generator[tuple[str, Pair]]:
    """A gateway that is served, with a writer, a lead and a manager, where leads read reports."""
    clock = Clock()
    services = a_broker(tmp_path / "home", clock)
    reports = replace(services.concerns.reports, body=BODY)
    services = replace(services, concerns=replace(services.concerns, reports=reports))
    app = gateway(cheap(services))
    with_account(services, clock, "Max Specimen", Role.MANAGER)
    writer, lead = (
        Visit(client=page_client(app), held=held, clock=clock)
        for held in (
            with_account(services, clock),
            with_account(services, clock, "Lea Specimen", Role.LEAD),
        )
    )
    with served(app) as address:
        yield address, (writer, lead)
    services.close()


def test_every_state_of_the_other_paths_holds(place: tuple[str, Pair]) -> None:
    address, people = place
    found: dict[str, list[str]] = {}

    def look(window: Window, state: str) -> None:
        found[state] = axe_faults(window.page) + own_faults(window.page)
        found[state] += narrow_faults(window.page) + window.complaints

    with (
        chromium() as browser,
        a_window(browser, address) as writing,
        a_window(browser, address) as checking,
    ):
        every_state_of_a_colleague(writing, checking, people, look)
        every_state_of_a_form_on_paper(writing, look)
        every_state_of_a_report(writing, checking, look)

    assert len(found) == 17
    assert {state: faults for state, faults in found.items() if faults} == {}
