"""Take a picture of every state of the pages of every group: wide, narrow, in forced colours.

    PYTHONPATH=tests/support python tests/support/screenshots.py FOLDER [GROUP ...]

`make screenshots` does. For people to look at: machines find only some of what is wrong. Beside
each wide picture lie its words. Pages that no picture shows are named at the end.
"""

import logging
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from browsers import NARROW, WIDE, Window, chromium, narrow_faults
from identifiers import identifiers_shown
from page_groups import GROUPS, Group
from playwright.sync_api import Browser, Page
from seen_gateways import Seen, seen
from werkzeug.exceptions import HTTPException

from broker.access.table import pages
from broker.logs import configure


def take(browser: Browser, folder: Path, group: Group) -> set[str]:
    """Take the pictures of a group into a folder of its own, and return the pages they show."""
    into, shown, taken = folder / group.name, set[str](), list[str]()
    into.mkdir(parents=True, exist_ok=True)

    def look(window: Window, state: str) -> None:
        taken.append(state)
        name = f"{len(taken):02}-{state.replace('/', '-')}"
        pictures(window.page, into, name)
        said = [*identifiers_shown(place, window), *narrow_faults(window.page)]
        words = window.page.inner_text("body")
        (into / f"{name}.txt").write_text("\n".join((state, *said, words)), "utf-8")
        if window.address == place.address and (call := called(place, window.path())):
            shown.add(call)

    with tempfile.TemporaryDirectory() as home, seen(browser, Path(home), group.made) as place:
        group.walk(place, look)
    sys.stdout.write(f"{group.name}: {len(taken)} states in {into}\n")
    return shown


def pictures(page: Page, into: Path, name: str) -> None:
    """Take a page as it looks wide, narrow and in forced colours."""
    page.screenshot(path=into / f"{name}.wide.png", full_page=True)
    page.emulate_media(forced_colors="active")
    page.screenshot(path=into / f"{name}.forced.png", full_page=True)
    page.emulate_media(forced_colors="none")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    page.screenshot(path=into / f"{name}.narrow.png", full_page=True)
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def called(place: Seen, path: str) -> str:
    """Return the row of the table of pages that a path is asked for by; none of none."""
    adapter = place.app.url_map.bind("localhost")
    try:
        rule, _ = adapter.match(path, method="GET", return_rule=True)
    except HTTPException:
        return ""
    return f"GET {rule.rule}"


def unseen(shown: Iterable[str]) -> list[str]:
    """Return the pages of the table that no picture shows; what is no page is not among them."""
    known = {row.call for row in pages().values() if row.call.startswith("GET ")}
    return sorted(known - set(shown))


def take_all(folder: Path, names: Iterable[str]) -> None:
    """Take the pictures of some groups, of all unless they are named."""
    configure("error")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    chosen, shown = [*names], set[str]()
    with chromium() as browser:
        for group in GROUPS:
            if not chosen or group.name in chosen:
                shown |= take(browser, folder, group)
    if not chosen:
        sys.stdout.write("No picture shows: " + ", ".join(unseen(shown)) + "\n")


if __name__ == "__main__":
    take_all(Path(sys.argv[1]), sys.argv[2:])
