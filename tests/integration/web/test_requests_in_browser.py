"""Asking and answering in Chromium: axe and our own checks find nothing on any of the pages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from brokers import Clock, a_token
from browser_walks import fill, sign_in
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
from callers import Caller
from gateways import gateway
from homes import Prepared
from markup import page_client
from partner_requests import OFFICER, a_request, put
from people import entered, with_account
from portal_walks import a_portal_of, code_typed
from portals import a_broker_with_portal
from visits import Visit, cheap

from broker.domain.roles import Role
from broker.wiring import Services
from keys import AgencyId, PersonId

pytestmark = needs_chromium


@pytest.fixture(name="services", scope="module")
def _services(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("asked") / "home", Clock())
    council = AgencyId("northshire-council")
    entered(services, "Char Specimen", Role.CHAIR, agency=council, id_=PersonId("p-chair"))
    yield services
    services.close()


def is_put(services: Services) -> str:
    token = a_token(services, replace(OFFICER, role=Role.POLICE), Role.POLICE)
    answer = put(Caller(client=gateway(services).test_client(), token=token), a_request())
    assert answer.json is not None
    return str(answer.json["reference"])


def look(window: Window) -> None:
    assert (window.path(), axe_faults(window.page), own_faults(window.page)) == (
        window.path(),
        [],
        [],
    )


def test_a_lead_answers_a_late_request_that_nothing_is_held(services: Services) -> None:
    clock = services.clock
    assert isinstance(clock, Clock)
    reference = is_put(services)
    clock.forward(timedelta(days=8))
    held = with_account(services, clock, "Lea Specimen", Role.LEAD)
    app = gateway(cheap(services))
    lead = Visit(client=page_client(app), held=held, clock=clock)
    with (
        served(app) as address,
        chromium() as browser,
        a_window(browser, address) as window,
    ):
        sign_in(window, lead)
        for path in ("", f"/{reference}/2", f"/{reference}/2/return", f"/{reference}/2/time"):
            window.open(f"/requests{path}")
            look(window)
        window.open(f"/requests/{reference}/2/concern")
        look(window)
        window.press("Raise it")
        look(window)
        fill(window, {"wrong": "too-broad", "why": "It asks for everything since September."})
        window.press("Raise it")
        look(window)
        window.press("Close it")
        look(window)
        window.open("/sharing-concerns")
        look(window)
        window.open(f"/requests/{reference}/2")
        assert "Late" in window.page.inner_text("main")
        window.press("Answer")
        look(window)
        fill(window, {"held": "no"})
        window.go_on()
        look(window)
        window.go_on()
        look(window)
        assert "Nothing was shared" in window.page.inner_text("main")
        assert narrow_faults(window.page) == []
        assert window.complaints == []


def test_a_reader_without_an_account_answers_a_question_on_its_page(tmp_path: Path) -> None:
    police = AgencyId("northshire-police")
    services = a_broker_with_portal(tmp_path / "home", Clock(), sealed_to=(police,))
    with (
        a_portal_of(services) as address,
        chromium() as browser,
        a_window(browser, address) as window,
    ):
        code_typed(window, services)
        with window.page.expect_download():
            window.page.locator("#fetch").click()
        window.press("Answer it here")
        # Whom to ring stands in the page itself: a reader has no menu of help.
        assert axe_faults(window.page) == []
        fill(window, {"held": "no"})
        window.go_on()
        window.press("Send the answer")
        assert "They read that you hold nothing." in window.page.inner_text("main")
    services.close()
