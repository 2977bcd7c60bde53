"""Debian's Chromium before a gateway that really serves: what people see, pressed and measured."""

import shutil
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

CHROMIUM = shutil.which("chromium")
WIDE, NARROW = (1280, 900), (320, 640)
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# Of what holds axe would list every element: a fifth of its time, and nobody reads it.
_BREACHES = {"resultTypes": ["violations"]}
_OWN_CHECKS = (Path(__file__).parent / "own_checks.js").read_text(encoding="utf-8")

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: NOTHING IN A BROWSER IS TESTED (make system)"
)


def free_port() -> int:
    """Return a port of the loopback that nothing listens on now."""
    with socket.socket() as found:
        found.bind(("localhost", 0))
        port: int = found.getsockname()[1]
    return port


@contextmanager
def served(app: Flask, port: int = 0) -> Generator[str]:
    """Serve an application on the loopback and yield its address, by the name that pages have."""
    server = make_server("localhost", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium() -> Generator[Browser]:
    """Start Debian's Chromium; nothing is downloaded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_FLAGS])
        yield browser
        browser.close()


@dataclass
class Window:
    """A window of a browser before the gateway; what its console complains of is kept."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def path(self) -> str:
        return self.page.url.removeprefix(self.address).partition("?")[0]

    def go_on(self) -> None:
        """Press the button that goes on, whatever its words are on this page."""
        with self.page.expect_navigation():
            self.page.locator('.govuk-button-group button[value="continue"]').click()

    def press(self, name: str) -> None:
        """Press a button by its words and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()


@contextmanager
def a_window(
    browser: Browser, address: str, *, size: tuple[int, int] = WIDE, scripts: bool = True
) -> Generator[Window]:
    """Open a window with cookies of its own."""
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=scripts,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    window = Window(page=context.new_page(), address=address)

    def complain(message: ConsoleMessage) -> None:
        # The console calls it an error that a page is not there, or is shown again with faults.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            window.complaints.append(message.text)

    window.page.on("console", complain)
    window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
    yield window
    context.close()


def axe_faults(page: Page) -> list[str]:
    """Return what axe finds on a page, no rule switched off."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": [*_TAGS]}, **_BREACHES})
    return [
        f"{one['id']}: {', '.join(node['html'][:120] for node in one['nodes'])}"
        for one in found.response["violations"]
    ]


def axe_finds(page: Page, rule: str) -> bool:
    """Say whether axe finds a breach of one rule of its own."""
    found = Axe().run(page, options={"runOnly": {"type": "rule", "values": [rule]}, **_BREACHES})
    return bool(found.response["violations"])


def own_faults(page: Page) -> list[str]:
    """Return what axe does not look for: how focus shows, targets, reflow, text spacing, order,
    pasting, and help in its place.
    """
    found: list[str] = page.evaluate(_OWN_CHECKS)
    return found


def narrow_faults(page: Page) -> list[str]:
    """Return what makes a page scroll sideways at 320 px: 1280 px at 400 % (WCAG 1.4.10)."""
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    wide: list[str] = page.evaluate(
        "[...document.querySelectorAll('body *')].filter((one) => one.checkVisibility() && "
        "document.documentElement.scrollWidth > innerWidth + 1 && "
        "one.getBoundingClientRect().right > innerWidth + 1)"
        ".map((one) => one.outerHTML.slice(0, 80))"
    )
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    return [f"sideways at 320 px: {one}" for one in wide[-3:]]
