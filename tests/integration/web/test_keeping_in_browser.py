"""The pages of keepers and administrators in a browser: axe and our own checks find nothing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from brokers import Clock, a_broker
from browser_walks import every_directory_state, every_people_state
from browsers import (
    WIDE,
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
from people import BODY, Held, cheaply, opened, with_account
from visits import Visit, cheap

from broker.domain.roles import Role
from broker.operations.first_people import enter_administrators
from broker.registers.people import NewPerson
from broker.wiring import Services

pytestmark = needs_chromium


def a_keeper(services: Services, clock: Clock) -> Held:
    return with_account(services, clock, "Kit Specimen", Role.KEEPER)


def an_administrator(services: Services, clock: Clock) -> Held:
    named = [
        NewPerson(agency=BODY, name=f"{short} Pattern", contact=f"{short}@{BODY}.example")
        for short in ("ada", "ben")
    ]
    first, _ = enter_administrators(services, named)
    held = opened(cheaply(services), first.code, clock)
    clock.forward(timedelta(minutes=1))
    return held


@pytest.mark.parametrize(
    ("somebody", "walk"),
    [
        pytest.param(a_keeper, every_directory_state, id="keeper"),
        pytest.param(an_administrator, every_people_state, id="administrator"),
    ],
)
def test_every_state_holds_before_axe_and_our_own_checks(
    tmp_path: Path,
    clock: Clock,
    somebody: Callable[[Services, Clock], Held],
    walk: Callable[[Window, Visit, Callable[[Window, str], None]], None],
) -> None:
    services = a_broker(tmp_path / "home", clock)
    app = gateway(cheap(services))
    visit = Visit(client=page_client(app), held=somebody(services, clock), clock=clock)
    found: dict[str, list[str]] = {}

    def look(window: Window, state: str) -> None:
        faults = [*axe_faults(window.page), *own_faults(window.page), *narrow_faults(window.page)]
        if faults:
            found[state] = faults

    with (
        chromium() as browser,
        served(app) as address,
        a_window(browser, address, size=WIDE) as window,
    ):
        walk(window, visit, look)
    services.close()
    assert found == {}
