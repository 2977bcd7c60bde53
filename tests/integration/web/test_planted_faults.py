"""Faults planted into a page: each is named by the check that looks for it, and by no luck."""

from collections.abc import Generator

import pytest
from browsers import (
    Window,
    a_window,
    axe_faults,
    chromium,
    narrow_faults,
    needs_chromium,
    own_faults,
)
from markup import markup_faults
from planted_faults import BY_AXE, BY_OWN_CHECKS
from seen_gateways import a_place

pytestmark = [needs_chromium, pytest.mark.long]


@pytest.fixture(scope="module", name="window")
def _window() -> Generator[Window]:
    with (
        chromium() as browser,
        a_place(browser) as (address, _visit),
        a_window(browser, address) as window,
    ):
        yield window


def test_the_page_into_which_faults_are_planted_has_none(window: Window) -> None:
    window.open("/sign-in")

    assert len(BY_AXE) + len(BY_OWN_CHECKS) >= 30
    assert axe_faults(window.page) == []
    assert own_faults(window.page) == []
    assert narrow_faults(window.page) == []
    assert markup_faults(window.page.content()) == []


def test_every_planted_fault_is_found(window: Window) -> None:
    missed: list[str] = []
    for planted in (*BY_AXE, *BY_OWN_CHECKS):
        window.open("/sign-in")
        if not planted.is_found(window.page):
            missed.append(planted.name)

    assert missed == []
