"""Before a session ends people are warned, may stay, and lose nothing that they typed."""

from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import pytest
from brokers import a_submission
from browser_walks import fill, sign_in, type_all_three
from browsers import Window, a_window, axe_faults, chromium, needs_chromium, own_faults
from people import acting, with_account
from seen_gateways import a_place, seen
from visits import Visit
from walks import AGREEING_ADULT

from broker.domain.roles import Role

pytestmark = needs_chromium
TYPED = "What would be lost. Fictitious."


@pytest.fixture(name="inside")
def _inside() -> Generator[tuple[Window, Visit]]:
    with (
        chromium() as browser,
        a_place(browser) as (address, visit),
        a_window(browser, address) as window,
    ):
        sign_in(window, visit)
        window.page.clock.install()
        yield window, visit


def wait(inside: tuple[Window, Visit], minutes: int) -> None:
    """Let time go by for the browser and the broker alike."""
    window, visit = inside
    visit.clock.forward(timedelta(minutes=minutes))
    window.page.clock.fast_forward(minutes * 60_000)
    window.page.clock.run_for(2_000)


def test_who_is_warned_may_stay_and_what_was_typed_outlives_who_does_not(
    inside: tuple[Window, Visit],
) -> None:
    window, _ = inside
    window.open("/referrals/new")
    fill(window, AGREEING_ADULT["about"])
    window.go_on()
    base = window.path().rpartition("/")[0]
    window.open(f"{base}/seen")
    window.page.locator("#story").fill(TYPED)
    dialog = window.page.get_by_role("dialog", name="You are about to be signed out")
    assert "signed out after 15 minutes" in window.page.inner_text("footer")

    wait(inside, 9)
    assert not dialog.is_visible()
    wait(inside, 2)
    assert dialog.is_visible()
    assert window.page.evaluate("document.activeElement.id") == "timeout-stay"
    assert axe_faults(window.page) == []
    with window.page.expect_response("**/stay*"):
        window.page.keyboard.press("Escape")
    assert not dialog.is_visible()
    wait(inside, 9)
    assert window.page.locator("#story").input_value() == TYPED

    with window.page.expect_navigation():
        wait(inside, 7)
    assert "What you typed is safe." in window.page.inner_text("main")
    assert TYPED not in window.page.content()
    sign_in(window, inside[1])
    window.open(f"{base}/seen")
    assert window.page.locator("#story").input_value() == TYPED
    assert own_faults(window.page) == []
    assert window.complaints == []


@pytest.mark.long
def test_what_was_typed_on_a_page_that_saves_nothing_is_back_after_signing_in(
    tmp_path: Path,
) -> None:
    with chromium() as browser, seen(browser, tmp_path) as place:
        visit = place.visit(with_account(place.services, place.clock))
        sender = acting(visit.held, Role.PRACTITIONER)
        reference = place.services.disclosures.submit(a_submission(place.services), sender)
        stop = f"/referrals/{reference}/stop"
        with place.window() as window:
            sign_in(window, visit)
            window.page.clock.install()
            # Nothing was typed: nothing waits afterwards.
            window.open(stop)
            with window.page.expect_navigation():
                wait((window, visit), 16)
            assert window.path() == "/sign-in"
            sign_in(window, visit)
            assert "What you typed before waits" not in window.page.inner_text("main")

            window.open(stop)
            fill(window, {"why": "recipient", "said": TYPED})
            with window.page.expect_navigation():
                wait((window, visit), 16)
            assert "What you typed is safe." in window.page.inner_text("main")
            assert TYPED not in window.page.content()
            assert axe_faults(window.page) == []
            with window.page.expect_navigation():
                window.page.get_by_role("button", name="Sign in").click()
            type_all_three(window, visit)
            assert window.path() == "/typed"
            assert TYPED in window.page.inner_text("main")
            assert own_faults(window.page) == []
            window.press("Send it now, as you typed it")
            assert window.path() == f"/referrals/{reference}"
            assert "Nobody can open it" in window.page.inner_text("main")
            assert window.complaints == []
