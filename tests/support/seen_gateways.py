"""A gateway that is served to a browser, and the windows before it, for people to look at."""

import tempfile
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from brokers import Clock, a_broker
from browsers import WIDE, Window, a_window, free_port, served
from flask import Flask
from gateways import gateway
from markup import page_client
from people import BODY, FIRST, Held, cheaply, opened, with_account
from playwright.sync_api import Browser
from visits import Visit, cheap, speaking_at

from broker.domain.model import Person
from broker.wiring import Services

Made = Callable[[Path, Clock], Services]
"""Sets a broker up in a home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A gateway that is served, and a browser before it."""

    services: Services
    clock: Clock
    app: Flask
    address: str
    browser: Browser
    size: tuple[int, int] = WIDE
    scripts: bool = True

    def visit(self, held: Held) -> Visit:
        """Somebody with an account, not yet signed in."""
        return Visit(client=page_client(self.app), held=held, clock=self.clock)

    def account(self, person: Person) -> Visit:
        """Open the account of somebody who is entered already."""
        access = cheaply(self.services)
        secret = access.accounts.invite(person.id, replace(FIRST, agency=person.agency))
        held = opened(access, secret, self.clock)
        return self.visit(held)

    def window(self, address: str = "") -> AbstractContextManager[Window]:
        """Open a window with cookies of its own, at this gateway unless another is named."""
        return a_window(
            self.browser, address or self.address, size=self.size, scripts=self.scripts
        )


@contextmanager
def seen(
    browser: Browser,
    folder: Path,
    made: Made = a_broker,
    *,
    size: tuple[int, int] = WIDE,
    scripts: bool = True,
) -> Generator[Seen]:
    """Serve a gateway with a home of its own, in which the leads of one body read reports."""
    clock, port = Clock(), free_port()
    services = speaking_at(made(folder / "home", clock), port)
    reports = replace(services.concerns.reports, body=BODY)
    services = replace(services, concerns=replace(services.concerns, reports=reports))
    app = gateway(cheap(services))
    with served(app, port) as address:
        yield Seen(
            services=services,
            clock=clock,
            app=app,
            address=address,
            browser=browser,
            size=size,
            scripts=scripts,
        )
    services.close()


@contextmanager
def a_place(browser: Browser) -> Generator[tuple[str, Visit]]:
    """Serve a broker of its own, and yield its address and somebody with an account."""
    with tempfile.TemporaryDirectory() as folder, seen(browser, Path(folder)) as place:
        yield place.address, place.visit(with_account(place.services, place.clock))
