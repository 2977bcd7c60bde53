"""Before a session ends people are warned, may stay, and lose nothing that they typed."""

from collections.abc import Generator
from datetime import timedelta

import pytest
from browser_walks import fill, sign_in
from browsers import Window, a_window, axe_faults, chromium, needs_chromium, own_faults
from seen_gateways import a_place
from visits import Visit
from walks import AGREEING_ADULT

pytestmark = needs_chromium
TYPED = "What would be lost. Fictitious."


@pytest.fixture(scope="module", name="inside")
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
