"""A device of Chromium's own that makes passkeys, and answers for a user who is always there."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from browsers import Window
from playwright.sync_api import CDPSession


@dataclass(frozen=True)
class VirtualDevice:
    """The device of one window."""

    session: CDPSession
    name: str

    def verify_nobody(self) -> None:
        """From now on its user fails to show that it is them."""
        self.session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.name, "isUserVerified": False}
        )


@contextmanager
def a_device(window: Window) -> Generator[VirtualDevice]:
    """Give a window a device that keeps passkeys and knows its user."""
    session = window.page.context.new_cdp_session(window.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield VirtualDevice(session, str(added["authenticatorId"]))
    session.detach()
