"""Pages in a browser: axe and our own checks find nothing, and whole journeys can be walked."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from after_walks import every_state_after
from browser_walks import every_public_state, every_state_inside, fill, here, sign_in, walk
from browsers import (
    NARROW,
    WIDE,
    Window,
    a_window,
    axe_faults,
    chromium,
    narrow_faults,
    needs_chromium,
    own_faults,
)
from keyboards import Keys
from people import PASSWORD
from playwright.sync_api import Browser
from seen_gateways import a_place
from visits import Visit
from walks import AGREEING_ADULT, EMERGENCY, REFUSED_ADULT

pytestmark = needs_chromium

ENLARGED = (320, 256)
"""What 1280 by 1024 is, enlarged four times."""


@dataclass(frozen=True)
class Place:
    """A broker that is served, somebody with an account, and a browser before it."""

    address: str
    visit: Visit
    browser: Browser


@pytest.fixture(scope="module", name="place")
def _place() -> Generator[Place]:
    with chromium() as browser, a_place(browser) as (address, visit):
        yield Place(address, visit, browser)


@pytest.fixture(name="window")
def _window(place: Place) -> Generator[Window]:
    with a_window(place.browser, place.address) as window:
        yield window
        assert window.complaints == []


def test_every_state_of_the_pages_holds_before_axe_and_our_own_checks(place: Place) -> None:
    found: dict[str, list[str]] = {}

    def look(window: Window, state: str) -> None:
        faults = [*axe_faults(window.page), *own_faults(window.page), *narrow_faults(window.page)]
        if faults:
            found[state] = faults

    with a_window(place.browser, place.address) as window:
        every_public_state(window, look)
        every_state_inside(window, place.visit, look)

    assert found == {}


@pytest.mark.long
@pytest.mark.parametrize("forced", ["none", "active"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_state_holds_at_every_width_and_in_forced_colours(
    place: Place, size: tuple[int, int], forced: str
) -> None:
    found: dict[str, list[str]] = {}

    def look(window: Window, state: str) -> None:
        if faults := [*axe_faults(window.page), *own_faults(window.page)]:
            found[state] = faults

    with a_window(place.browser, place.address, size=size) as window:
        window.page.emulate_media(forced_colors="active" if forced == "active" else "none")
        every_public_state(window, look)
        every_state_inside(window, place.visit, look)

    assert found == {}


def test_every_state_after_sending_holds_before_axe_and_our_own_checks(place: Place) -> None:
    found: dict[str, list[str]] = {}

    def look(window: Window, state: str) -> None:
        faults = [*axe_faults(window.page), *own_faults(window.page), *narrow_faults(window.page)]
        if faults:
            found[state] = faults

    with a_window(place.browser, place.address) as window:
        every_state_after(window, place.visit, look)

    assert found == {}


@pytest.mark.long
def test_a_referral_is_sent_rung_told_and_closed_without_scripts(place: Place) -> None:
    seen: list[str] = []
    with a_window(place.browser, place.address, scripts=False) as window:
        every_state_after(window, place.visit, lambda _window, state: seen.append(state))

    assert seen[-4:] == ["record-opened", "record-note", "record-messages", "record-stop"]


def test_an_adult_who_refuses_is_referred_without_scripts(place: Place) -> None:
    with a_window(place.browser, place.address, scripts=False) as window:
        sign_in(window, place.visit)
        pages = list(walk(window, REFUSED_ADULT, "/referrals/new", lambda _window, _name: None))
        window.go_on()

        assert pages[-1] == "check"
        assert window.path().endswith("/sent")
        assert window.page.get_by_text("Nobody can decide this for you here").is_visible()


def test_an_emergency_is_sent_by_keyboard_alone(window: Window, place: Place) -> None:
    sign_in(window, place.visit)
    window.open("/now/call")
    keys, go_on = Keys(window.page), window.page.locator('main button[value="continue"]')
    while (name := here(window)) != "now-check":
        keys.fill_all(EMERGENCY[name])
        keys.press(go_on.inner_text())
    keys.press(go_on.inner_text())

    assert window.path().endswith("/sent")


@pytest.mark.long
def test_a_plain_referral_is_sent_by_tab_space_arrows_and_enter_alone(
    window: Window, place: Place
) -> None:
    keys, go_on = Keys(window.page), window.page.locator('main button[value="continue"]')
    window.open("/start")
    keys.press("Start")
    place.visit.clock.forward(timedelta(seconds=30))
    typed = (place.visit.held.address, PASSWORD, place.visit.held.code(place.visit.clock))
    for name, value in zip(("address", "password", "code"), typed, strict=True):
        keys.fill(name, value)
    keys.press("Sign in")
    assert here(window) == "about"
    while (name := here(window)) != "check":
        keys.fill_all(AGREEING_ADULT[name])
        if name == "ask":
            keys.fill("recipient", keys.page.locator('[name="recipient"]').first.input_value())
        keys.press(go_on.inner_text())
    keys.press(go_on.inner_text())

    assert window.path().endswith("/sent")


def test_the_enter_key_in_a_field_goes_on_and_does_not_hide(window: Window, place: Place) -> None:
    sign_in(window, place.visit)
    window.open("/referrals/new")
    fill(window, AGREEING_ADULT["about"])
    window.go_on()
    base = window.path().rpartition("/")[0]
    window.open(f"{base}/who")
    window.page.locator("#name").fill("Alex Fictitious")
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")

    assert window.path() == f"{base}/age"


def test_shift_three_times_hides_the_screen_and_back_shows_signing_in(
    window: Window, place: Place
) -> None:
    sign_in(window, place.visit)
    window.open("/referrals/new")
    fill(window, AGREEING_ADULT["about"])
    window.go_on()
    base = window.path().rpartition("/")[0]
    window.open(f"{base}/seen")
    window.page.locator("#story").fill("What nobody else may read. Fictitious.")
    with window.page.expect_navigation():
        for _ in range(3):
            window.page.keyboard.press("Shift")

    assert window.path() == "/hidden"
    window.page.go_back()
    assert "What nobody else may read" not in window.page.content()
    assert window.path() == "/sign-in"
    sign_in(window, place.visit)
    window.open(f"{base}/seen")
    assert window.page.locator("#story").input_value() == "What nobody else may read. Fictitious."


def test_shift_with_another_key_between_hides_nothing(window: Window, place: Place) -> None:
    sign_in(window, place.visit)
    for key in ("Shift", "Shift", "a", "Shift"):
        window.page.keyboard.press(key)

    assert window.path() == "/referrals"


def test_the_summary_of_errors_is_focused_and_leads_to_its_fields(window: Window) -> None:
    window.open("/sign-in")
    window.press("Sign in")

    focused = "document.activeElement.className"
    assert "govuk-error-summary" in str(window.page.evaluate(focused))
    window.page.get_by_role("link", name="Enter your password").click()
    assert window.page.evaluate("document.activeElement.id") == "password"


def test_codes_and_passwords_can_be_pasted(window: Window) -> None:
    window.open("/sign-in")
    for field in ("password", "code"):
        window.page.locator(f"#{field}").focus()
        window.page.evaluate(
            "document.activeElement.dispatchEvent(new ClipboardEvent('paste', {cancelable: true}))"
            " || (document.body.dataset.refused = 'yes')"
        )
        window.page.keyboard.insert_text("123456")
        assert window.page.locator(f"#{field}").input_value() == "123456"
    assert window.page.evaluate("document.body.dataset.refused || ''") == ""


@pytest.mark.long
def test_a_screen_enlarged_four_times_shows_the_page_and_not_its_header_alone(
    place: Place,
) -> None:
    low: dict[str, float] = {}
    with a_window(place.browser, place.address, size=ENLARGED) as window:
        sign_in(window, place.visit)
        for path in ("/start", "/referrals", "/referrals/new", "/account", "/ledger"):
            window.open(path)
            heading = window.page.locator("h1").bounding_box()
            assert heading is not None
            if heading["y"] > ENLARGED[1] / 2:
                low[path] = heading["y"]
        window.page.get_by_role("link", name="Your pages").click()
        assert window.page.get_by_role("navigation", name="Your pages").is_visible()

    assert low == {}
