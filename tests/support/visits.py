"""Somebody at a browser, played by a test client: signs in, reads forms, sends them."""

import base64
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from brokers import Clock
from gateways import gateway
from markup import PageClient, page_client
from people import PASSWORD, Held, cheaply, with_account
from werkzeug.test import TestResponse

from broker.access.app_codes import STEP_SECONDS, code_of
from broker.access.assembled import relying_party
from broker.domain.roles import Role
from broker.wiring import Services

_TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')


@dataclass
class Visit:
    """A browser with its cookies, looking at the pages of a broker."""

    client: PageClient
    held: Held
    clock: Clock
    last: TestResponse = field(init=False, repr=False)

    def get(self, path: str) -> TestResponse:
        self.last = self.client.get(path)
        return self.last

    def send(self, path: str, /, **typed: Any) -> TestResponse:
        """Send a form with the token of the page that was looked at last."""
        token = _TOKEN.search(self.last.text)
        fields = {"_csrf": token[1] if token else "", **typed}
        answer = self.client.post(path, data=fields)
        if answer.status_code != 303:
            self.last = answer
        return answer

    def sign_in(self, page: str = "/sign-in", /, **typed: str) -> TestResponse:
        """Sign in as whoever holds the account; the clock goes on, since a code counts once."""
        self.clock.now = self.clock.now.replace(second=0)
        self.get(page)
        known = {
            "address": self.held.address,
            "password": PASSWORD,
            "code": self.held.code(self.clock),
        }
        return self.send("/sign-in", **{**known, **typed})

    def give_code(self, led: TestResponse) -> str:
        """Give the code that an answer leads to, with a new one of the app; return where next."""
        location = led.headers["Location"]
        assert location.startswith("/code?"), location
        self.clock.forward(timedelta(seconds=STEP_SECONDS))
        self.get(location)
        to = code_asked(led)
        answer = self.send("/code", code=self.held.code(self.clock), to=to)
        assert answer.status_code == 303
        return answer.headers["Location"]


def code_asked(led: TestResponse) -> str:
    """Return where the page "Your code" leads on to, to which an answer leads."""
    split = urlsplit(led.headers["Location"])
    assert split.path == "/code"
    return parse_qs(split.query)["to"][0]


def code_for(services: Services, secret: str, clock: Clock) -> str:
    """Return what an app shows now that was set up from a one-time link."""
    text = services.access.accounts.welcome(secret).app_secret
    app = base64.b32decode(text + "=" * (-len(text) % 8))
    return code_of(app, int(clock().timestamp()) // STEP_SECONDS)


def cheap(services: Services) -> Services:
    """Return the services with passwords that cost nothing."""
    return replace(services, access=cheaply(services))


def speaking_at(services: Services, port: int) -> Services:
    """Return the services with passkeys for pages at this port of the loopback."""
    party = relying_party(replace(services.settings, port=port))
    passkeys = replace(services.access.passkeys, party=party)
    return replace(services, access=replace(services.access, passkeys=passkeys))


def a_visit(services: Services, clock: Clock, *roles: Role) -> Visit:
    """Return the browser of somebody with an account, not yet signed in."""
    held = with_account(services, clock, "Mira Specimen", *roles)
    return Visit(client=page_client(gateway(cheap(services))), held=held, clock=clock)


def signed_in(services: Services, clock: Clock, *roles: Role) -> Visit:
    """Return the browser of somebody who has signed in."""
    visit = a_visit(services, clock, *roles)
    assert visit.sign_in().status_code == 303
    return visit


def three(name: str, day: str) -> dict[str, str]:
    """Return a day as it is typed in its three fields: "16 3 2027"."""
    parts = zip(("day", "month", "year"), day.split(), strict=True)
    return {f"{name}-{part}": value for part, value in parts}
