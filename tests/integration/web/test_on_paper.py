"""What is made to be printed fits the paper that it is kept on."""

from pathlib import Path

import pytest
from browsers import chromium, needs_chromium
from page_groups import GROUPS
from seen_gateways import seen

from broker.packs.opening import pages_in

pytestmark = [needs_chromium, pytest.mark.long]


def test_whom_to_ring_is_one_printed_page(tmp_path: Path) -> None:
    made = next(group.made for group in GROUPS if group.name == "public")
    with chromium() as browser, seen(browser, tmp_path, made) as place, place.window() as window:
        window.open("/channels")
        printed = window.page.pdf(format="A4")

    assert pages_in(printed) == 1
