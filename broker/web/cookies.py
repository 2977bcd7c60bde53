"""The two cookies of the pages: that of a session, and that of a visit before signing in."""

from dataclasses import dataclass

from werkzeug.wrappers import Response

from broker.settings import LOOPBACK_NAMES, host_name


@dataclass(frozen=True, slots=True, kw_only=True)
class CookieNames:
    """What the cookies are called, and whether a browser sends them over TLS alone."""

    session: str
    visit: str
    secure: bool


PLAIN = CookieNames(session="session", visit="visit", secure=False)
"""On the loopback: over plain HTTP a browser takes no cookie that asks for TLS."""

BOUND = CookieNames(session="__Host-session", visit="__Host-visit", secure=True)
"""Everywhere else: over TLS alone, and for this one host."""


def names_at(host: str) -> CookieNames:
    """Return the names where the pages are called as `host` (the Host header)."""
    return PLAIN if host_name(host) in LOOPBACK_NAMES else BOUND


def give(response: Response, name: str, value: str, *, secure: bool) -> None:
    """Set a cookie for this host that no script reads and no other site's form sends."""
    response.set_cookie(name, value, path="/", secure=secure, httponly=True, samesite="Lax")


def take_back(response: Response, name: str, *, secure: bool) -> None:
    """Have the browser forget a cookie."""
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")
