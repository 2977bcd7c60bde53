"""Whole journeys in Chromium: who is referred, what comes between, and what must not be lost."""

from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import pytest
from browser_walks import fill, here, sign_in, walk
from browsers import Window, a_window, chromium, free_port, needs_chromium, served
from case_walks import A_PHOTO, NO_PHOTO, attach, every_state_of_an_emergency
from gateways import gateway
from openid_providers import a_provider, now, with_provider
from page_groups import of_a_lead
from people import with_account
from playwright.sync_api import Browser, FilePayload
from seen_gateways import Seen, seen
from visits import Visit, cheap
from walks import A_CHILD, AGREEING_ADULT

from broker.domain.roles import Role

pytestmark = [needs_chromium, pytest.mark.long]

STORY = "Typed at the end of a long shift. Fictitious."


@pytest.fixture(name="browser", scope="module")
def _browser() -> Generator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(name="place")
def _place(browser: Browser, tmp_path: Path) -> Generator[Seen]:
    with seen(browser, tmp_path) as place:
        yield place


@pytest.fixture(name="writer")
def _writer(place: Seen) -> Visit:
    return place.visit(with_account(place.services, place.clock))


def nowhere(_window: Window, _state: str) -> None:
    """Look at nothing: the journey alone is of interest."""


def begun(window: Window, writer: Visit) -> str:
    """Begin a referral, and return its address."""
    sign_in(window, writer)
    window.open("/referrals/new")
    fill(window, AGREEING_ADULT["about"])
    window.go_on()
    return window.path().rpartition("/")[0]


def sent_references(window: Window) -> set[str]:
    """Return what the list of referrals names."""
    window.open("/referrals")
    found = window.page.locator('main a[href^="/referrals/PRV-"]').all()
    return {str(one.get_attribute("href")).split("/")[2] for one in found}


def test_a_child_is_referred(place: Seen, writer: Visit) -> None:
    with place.window() as window:
        sign_in(window, writer)
        pages = list(walk(window, A_CHILD, "/referrals/new", nowhere))
        window.go_on()

        assert "family" in pages
        assert window.path().endswith("/sent")
        assert len(sent_references(window)) == 1


def test_an_emergency_is_sent_and_leads_to_its_record(place: Seen, writer: Visit) -> None:
    states: list[str] = []
    with place.window() as window:
        every_state_of_an_emergency(window, writer, lambda _window, state: states.append(state))

    assert states[-2:] == ["now-sent", "now-record"]


def test_a_second_concern_is_read_by_the_lead(place: Seen) -> None:
    states: list[str] = []

    of_a_lead(place, lambda _window, state: states.append(state))

    assert {"check-repeat", "check-unread-error", "earlier", "earlier-one"} <= set(states)


def test_a_draft_is_resumed_in_another_browser(place: Seen, writer: Visit) -> None:
    with place.window() as ward, place.window() as office:
        base = begun(ward, writer)
        ward.open(f"{base}/seen")
        ward.page.locator("#story").fill(STORY)
        ward.press("Save and come back later")
        sign_in(office, writer)
        office.open("/referrals")
        with office.page.expect_navigation():
            office.page.locator(f'main a[href="{base}"]').first.click()
        office.open(f"{base}/seen")

        assert office.page.locator("#story").input_value() == STORY


def test_a_session_that_ends_while_somebody_types_loses_nothing(
    place: Seen, writer: Visit
) -> None:
    with place.window() as window:
        base = begun(window, writer)
        window.open(f"{base}/seen")
        window.page.locator("#story").fill(STORY)
        place.clock.forward(timedelta(minutes=16))
        window.go_on()

        assert "What you typed is safe." in window.page.inner_text("main")
        assert STORY not in window.page.content()
        sign_in(window, writer)
        window.open(f"{base}/seen")
        assert window.page.locator("#story").input_value() == STORY


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_double_click_sends_one_referral(
    place: Seen, writer: Visit, browser: Browser, *, scripts: bool
) -> None:
    with a_window(browser, place.address, scripts=scripts) as window:
        sign_in(window, writer)
        for _ in walk(window, AGREEING_ADULT, "/referrals/new", nowhere):
            pass
        button = '.govuk-button-group button[value="continue"]'
        window.page.locator(button).dblclick(no_wait_after=True)
        window.page.wait_for_url("**/sent")

        assert len(sent_references(window)) == 1
    with place.services.transaction() as tx:
        assert sum(one.type == "received" for one in tx.ledger.entries()) == 1


def test_back_after_sending_sends_nothing_again(place: Seen, writer: Visit) -> None:
    with place.window() as window:
        sign_in(window, writer)
        for _ in walk(window, AGREEING_ADULT, "/referrals/new", nowhere):
            pass
        window.go_on()
        window.page.go_back()
        if window.page.locator('.govuk-button-group button[value="continue"]').count():
            window.go_on()

        assert len(sent_references(window)) == 1


def test_two_tabs_of_one_browser_overwrite_nothing(place: Seen, writer: Visit) -> None:
    with place.window() as window:
        base = begun(window, writer)
        other = Window(page=window.page.context.new_page(), address=place.address)
        for tab in (window, other):
            tab.open(f"{base}/seen")
        window.page.locator("#story").fill("What the first tab says.")
        window.press("Save and come back later")
        other.page.locator("#story").fill("What the second tab says.")
        other.press("Save and come back later")

        shown = other.page.inner_text("main")
        assert "This page was changed in another window." in shown
        assert "What the first tab says." in shown
        assert other.page.locator("#story").input_value() == "What the second tab says."
        other.press("Save and come back later")
        window.open(f"{base}/seen")
        assert window.page.locator("#story").input_value() == "What the second tab says."


def test_a_file_over_the_limit_is_refused_in_words_and_the_draft_stays(
    place: Seen, writer: Visit
) -> None:
    large = FilePayload(name="film.jpg", mimeType="image/jpeg", buffer=bytes(25_000_000))
    with place.window() as window:
        base = begun(window, writer)
        attach(window, base, large)

        assert "must be smaller than 10 MB" in window.page.inner_text("main")
        attach(window, base, A_PHOTO)
        assert window.path().endswith("/file/1/seen")


def test_a_file_that_the_gate_refuses_is_named_with_why_and_another_is_taken(
    place: Seen, writer: Visit
) -> None:
    with place.window() as window:
        base = begun(window, writer)
        attach(window, base, NO_PHOTO)

        assert window.page.title().startswith("Error:")
        assert "not what its name says" in window.page.inner_text("main")
        assert here(window) == "file/1"
        attach(window, base, A_PHOTO)
        assert window.path().endswith("/file/1/seen")


def test_somebody_signs_in_at_their_organisation_in_a_browser(
    browser: Browser, place: Seen
) -> None:
    port = free_port()
    address = f"http://localhost:{port}"
    place.clock.now = now()
    held = with_account(place.services, place.clock, "Mira Specimen", Role.PRACTITIONER)
    place.clock.now = now()
    with a_provider() as issuer:
        services = with_provider(cheap(place.services), issuer, address)
        with served(gateway(services), port), a_window(browser, address) as window:
            sign_in(window, place.visit(held))
            window.open("/account")
            _to_the_provider(window, "Join", "strong")
            assert window.path() == "/account"
            assert "You can sign in at localhost" in window.page.inner_text("main")
            window.open("/sign-out")
            window.press("Sign out")
            place.clock.now = now()
            window.open("/sign-in")
            _to_the_provider(window, "Sign in at your organisation", "strong")
            assert window.path() == "/referrals"
            window.open("/sign-out")
            window.press("Sign out")
            window.open("/sign-in")
            _to_the_provider(window, "Sign in at your organisation", "stranger")
            assert window.page.inner_text("h1") == "You are not signed in"
            assert "PRV-" not in window.page.content()


def _to_the_provider(window: Window, words: str, subject: str) -> None:
    """Follow a link to the provider, say there who one is, and come back."""
    link = window.page.locator("main a, main button").filter(has_text=words).first
    with window.page.expect_navigation():
        link.click()
    with window.page.expect_navigation(url=f"{window.address}/**"):
        window.page.get_by_role("button", name=subject, exact=True).click()
