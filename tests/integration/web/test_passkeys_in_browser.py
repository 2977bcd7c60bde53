"""Passkeys in the pages: made, used and taken away in Chromium, under the pages' own policy."""

from collections.abc import Generator
from datetime import timedelta

import pytest
from browser_walks import sign_in
from browsers import Window, a_window, axe_faults, chromium, needs_chromium, own_faults
from playwright.sync_api import Browser
from seen_gateways import a_place
from virtual_devices import a_device
from visits import Visit

pytestmark = needs_chromium


@pytest.fixture(scope="module", name="browser")
def _browser() -> Generator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module", name="served")
def _served(browser: Browser) -> Generator[tuple[str, Visit]]:
    with a_place(browser) as place:
        yield place


def faults_of(window: Window) -> list[str]:
    return [*axe_faults(window.page), *own_faults(window.page)]


@pytest.mark.long
def test_a_passkey_is_made_signs_in_steps_up_and_is_taken_away(
    browser: Browser, served: tuple[str, Visit]
) -> None:
    address, visit = served
    with a_window(browser, address) as window, a_device(window) as device:
        sign_in(window, visit)
        window.open("/account")
        assert faults_of(window) == []
        window.open("/account/passkeys/new")
        assert faults_of(window) == []
        window.press("Make a passkey on this device")
        assert window.path() == "/account"
        assert window.page.get_by_text("Passkey ").first.is_visible()

        window.page.context.clear_cookies()
        window.open("/sign-in")
        window.page.get_by_role("link", name="Sign in with a passkey").click()
        assert faults_of(window) == []
        window.press("Use my passkey")
        assert window.path() == "/referrals"

        visit.clock.forward(timedelta(minutes=6))
        window.open("/account/passkeys/new")
        assert window.path() == "/code"
        window.page.get_by_role("link", name="Use a passkey instead").click()
        window.press("Use my passkey")
        assert window.path() == "/account/passkeys/new"
        window.press("Make a passkey on this device")
        assert "No passkey was used" in window.page.inner_text("main")
        assert faults_of(window) == []

        device.verify_nobody()
        window.open("/sign-in/passkey")
        window.press("Use my passkey")
        assert window.path() == "/sign-in/passkey"
        assert "No passkey was used" in window.page.inner_text("main")
        assert faults_of(window) == []

        sign_in(window, visit)
        window.open("/account")
        window.page.get_by_role("link", name="Remove").click()
        assert faults_of(window) == []
        window.press("Remove")
        assert "You have none." in window.page.inner_text("main")
        assert window.complaints == []


def test_without_scripts_a_passkey_page_leads_to_the_code(
    browser: Browser, served: tuple[str, Visit]
) -> None:
    with a_window(browser, served[0], scripts=False) as window:
        window.open("/sign-in/passkey")
        assert "A passkey needs scripts" in window.page.inner_text("main")
        window.press("Use my passkey")

        assert "A passkey needs scripts" in window.page.inner_text(".govuk-error-summary")
        window.page.get_by_role("link", name="Use your password and a code instead").click()
        assert window.path() == "/sign-in"
