"""How many requests are worked on at a time; whoever comes beyond is told so at once.

A line without end would keep everybody waiting until nobody's answer was of use any more.
"""

import threading
from typing import Final

from flask import Flask, current_app, g

from broker.access.passwords import AT_HAND
from broker.api.health import health
from broker.domain.errors import OverloadedError
from broker.packs.sandbox.sandbox import READERS, WAITING

REFUSING: Final = 4
"""How many threads are kept free to tell the others so."""

_KEY = "broker-admission"


def places(threads: int) -> int:
    """Return how many requests are worked on at a time where `threads` is set.

    Whoever waits for a file to be read, or for a password to be compared, must not keep the
    others from their turn.
    """
    return threads + READERS + WAITING + AT_HAND


class Admission:
    """The places of one process, and how many requests were turned away; for many threads."""

    def __init__(self, places: int) -> None:
        """Begin with every place free."""
        self._places = places
        self._lock = threading.Lock()
        self._taken = 0
        self._refused = 0

    @property
    def taken(self) -> int:
        """How many requests are worked on now."""
        return self._taken

    @property
    def refused(self) -> int:
        """How many requests were turned away since the process began."""
        return self._refused

    def enter(self) -> None:
        """Take a place, to be given back by `leave`, or raise `OverloadedError`."""
        with self._lock:
            if self._taken >= self._places:
                self._refused += 1
                raise OverloadedError
            self._taken += 1

    def leave(self) -> None:
        """Give a place back."""
        with self._lock:
            self._taken -= 1


def keep_places(app: Flask, admission: Admission) -> None:
    """Have every request of `app` from now on take a place, but those about its health."""
    app.extensions[_KEY] = admission


def enter() -> None:
    """Before a request that costs something: take a place; raises `OverloadedError`."""
    admission().enter()
    g.has_place = True


def leave() -> None:
    """After a request: give its place back, if it had one."""
    if g.pop("has_place", False):
        admission().leave()


def admission() -> Admission:
    """Return the places of the current application."""
    found = current_app.extensions[_KEY]
    if not isinstance(found, Admission):
        raise TypeError(_KEY)
    return found


def is_about_health(blueprint: str | None) -> bool:
    """Say whether a request asks how the gateway is, which is answered whatever the load."""
    return blueprint == health.name
