"""The record, the rules and supervision before axe and our own checks, wide and narrow."""

from datetime import timedelta
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_broker
from browser_walks import (
    RECORD_STATES,
    RULES_IN_FORCE_STATES,
    SUPERVISION_STATES,
    every_breach_state,
    every_of,
)
from browsers import NARROW, WIDE, Window, a_window, axe_faults, chromium, own_faults, served
from gateways import gateway
from markup import page_client
from people import with_account, with_guardian
from referrals import refer, submit
from visits import Visit, cheap

from broker.disclosures.breaches.opening import Noticed
from broker.domain.breaches.record import Cause, Kind
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.ledger.explorer.standing import ON_HOST
from broker.wiring import Services


def late_breach(services: Services, clock: Clock, about: Reference) -> None:
    """Open a record whose 72 hours are over."""
    services.afterwards.breaches.open(
        Noticed(
            kind=Kind.BREACH,
            cause=Cause.WRONG_RECIPIENT,
            words="It went to the inbox of another team.",
            about=about,
            certain_at=clock() - timedelta(hours=73),
        ),
        NURSE,
    )


@pytest.mark.long
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_state_of_those_who_look_over_the_work_holds(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    clock, found = Clock(), dict[str, list[str]]()
    services = a_broker(tmp_path / "home", clock)
    refer(services)
    late_breach(services, clock, submit(services, "key-00000002"))
    app = gateway(cheap(services))
    client = page_client(app)
    people = (
        (with_account(services, clock, "Ana Specimen", Role.AUDITOR), RECORD_STATES),
        (with_account(services, clock, "Sue Specimen", Role.SUPERVISOR), SUPERVISION_STATES),
        (with_guardian(services, clock), RULES_IN_FORCE_STATES),
    )
    ig = with_account(services, clock, "Ida Specimen", Role.IG)
    services.explorer.standings.check(ON_HOST)

    def look(window: Window, state: str) -> None:
        if faults := [*axe_faults(window.page), *own_faults(window.page)]:
            found[state] = faults

    with chromium() as browser, served(app) as address:
        for held, states in people:
            visit = Visit(client=client, held=held, clock=clock)
            with a_window(browser, address, size=size) as window:
                every_of(window, visit, look, states)
        visit = Visit(client=client, held=ig, clock=clock)
        with a_window(browser, address, size=size) as window:
            every_breach_state(window, visit, look)
    services.close()

    assert found == {}
