"""Every state of every group of people before axe and our own checks, wide and in forced colours.

And what machines rarely look for: no identifier stands where a name belongs.
"""

from collections.abc import Generator
from pathlib import Path

import pytest
from browsers import Window, axe_faults, chromium, narrow_faults, needs_chromium, own_faults
from identifiers import identifiers_shown
from page_groups import GROUPS, Group
from playwright.sync_api import Browser
from seen_gateways import seen

pytestmark = [needs_chromium, pytest.mark.long]

HELP_ELSEWHERE = "help is not in its place"


@pytest.fixture(name="browser", scope="module")
def _browser() -> Generator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("group", GROUPS, ids=[group.name for group in GROUPS])
def test_every_state_holds_wide_narrow_and_in_forced_colours(
    browser: Browser, tmp_path: Path, group: Group
) -> None:
    found: dict[str, list[str]] = {}

    def look(window: Window, state: str) -> None:
        faults = [*axe_faults(window.page), *own_faults(window.page), *narrow_faults(window.page)]
        if window.address != place.address:
            # A portal's reader has no account here: whom to ring stands in the page itself.
            faults = [one for one in faults if one != HELP_ELSEWHERE]
        window.page.emulate_media(forced_colors="active")
        faults += [f"forced colours: {one}" for one in axe_faults(window.page)]
        window.page.emulate_media(forced_colors="none")
        faults += [*identifiers_shown(place, window), *window.complaints]
        if faults:
            found[state] = faults

    with seen(browser, tmp_path, group.made) as place:
        group.walk(place, look)

    assert found == {}
