"""Asking and answering in Chromium: each state holds before axe and our own checks."""

from collections.abc import Generator
from pathlib import Path

import pytest
from brokers import Clock, a_broker
from browser_walks import fill, here, sign_in
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
from lead_walks import Pair, answer, ask, every_lead_state, to_the_lead
from markup import page_client
from people import with_account
from playwright.sync_api import Browser
from visits import Visit, cheap
from walks import AGREEING_ADULT

from broker.domain.roles import Role

pytestmark = needs_chromium


@pytest.fixture(name="browser", scope="module")
def _browser() -> Generator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(name="place")
def _place(tmp_path: Path) -> Generator[tuple[str, Pair]]:
    """A gateway that is served, with a writer, a lead and a deputy."""
    clock = Clock()
    services = a_broker(tmp_path / "home", clock)
    app = gateway(cheap(services))
    with_account(services, clock, "Dee Specimen", Role.LEAD)
    visits = [
        Visit(client=page_client(app), held=held, clock=clock)
        for held in (
            with_account(services, clock),
            with_account(services, clock, "Lea Specimen", Role.LEAD),
        )
    ]
    with served(app) as address:
        yield address, (visits[0], visits[1])
    services.close()


def test_every_state_of_asking_and_answering_holds(
    browser: Browser, place: tuple[str, Pair]
) -> None:
    address, people = place
    found: dict[str, list[str]] = {}

    def look(window: Window, state: str) -> None:
        found[state] = axe_faults(window.page) + own_faults(window.page)
        found[state] += narrow_faults(window.page) + window.complaints

    with a_window(browser, address) as writing, a_window(browser, address) as checking:
        every_lead_state(writing, checking, people, look)

    assert len(found) == 14
    assert {state: faults for state, faults in found.items() if faults} == {}


@pytest.mark.long
def test_a_lead_checks_and_the_writer_sends_without_scripts(
    browser: Browser, place: tuple[str, Pair]
) -> None:
    address, (writer, lead) = place
    with (
        a_window(browser, address, scripts=False) as writing,
        a_window(browser, address, scripts=False) as checking,
    ):
        sign_in(writing, writer)
        sign_in(checking, lead)
        base = to_the_lead(writing)
        ask(writing, "Lea Specimen")
        answer(checking, "Refer to Prevent", "He needs help from people who know him.")
        writing.open(f"{base}/lead-answer")
        assert "Your lead wants this to go" in writing.page.inner_text("h1")
        writing.open(f"{base}/ask")
        while here(writing) != "check":
            name = here(writing)
            fill(writing, AGREEING_ADULT[name])
            if name == "ask":
                writing.page.locator('#page [name="recipient"]').first.check(force=True)
            writing.go_on()
        writing.go_on()
        assert writing.path().startswith("/referrals/PRV-")
