"""One word sent to one address: https with a proved name, and nowhere that is not allowed.

The name is looked up once, and the connection goes to the address that was looked at. No
redirection is followed, and of the answer nothing but its status is read.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

SECONDS: Final = 5.0
"""How long a word may take from the connection to the status of its answer."""

_HTTPS: Final = 443
_TAKEN: Final = range(200, 300)

Resolve: TypeAlias = Callable[[str, int], tuple[str, ...]]
"""Looks up the addresses of a host."""


def addresses_of(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a host, as the system looks them up."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(str(entry[4][0]) for entry in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPost:
    """Sends words; besides public addresses those of `networks` are allowed.

    `authority` is the file of the certificates that are believed, None for the host's own.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    authority: Path | None = None
    resolve: Resolve = addresses_of

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Say whether the receiver took a word; whatever goes wrong, it did not."""
        try:
            return self._sent(url, headers, body)
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def _sent(self, url: str, headers: Mapping[str, str], body: bytes) -> bool:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _HTTPS
        addresses = self.resolve(host, port)
        if not addresses or not all(map(self._is_allowed, addresses)):
            return False
        connection = _Pinned(host, port, addresses[0], self._context())
        try:
            connection.request("POST", parts.path or "/", body, dict(headers))
            status = connection.getresponse().status
            return status in _TAKEN and not connection.was_cut
        finally:
            connection.close()

    def _is_allowed(self, address: str) -> bool:
        found = ip_address(address)
        return found.is_global or any(found in network for network in self.networks)

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(
            cafile=None if self.authority is None else str(self.authority)
        )
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


class _Pinned(http.client.HTTPSConnection):
    """A connection to an address that was looked at, under the name that must be proved."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=SECONDS, context=context)
        self._address = address
        self._proved_by = context
        self._over: threading.Timer | None = None
        self.was_cut = False

    def connect(self) -> None:
        until = time.monotonic() + SECONDS
        raw = socket.create_connection((self._address, self.port), SECONDS)
        self.sock = self._proved_by.wrap_socket(
            raw, server_hostname=self.host, do_handshake_on_connect=False
        )
        # Each wait has its end by the socket; whoever sends a byte now and then has one by this.
        self._over = threading.Timer(until - time.monotonic(), self._cut, (self.sock,))
        self._over.daemon = True
        self._over.start()
        self.sock.do_handshake()

    def close(self) -> None:
        if self._over is not None:
            self._over.cancel()
        super().close()

    def _cut(self, waited_on: ssl.SSLSocket) -> None:
        """End the connection under whoever waits for it."""
        self.was_cut = True
        with suppress(OSError):
            socket.socket.shutdown(waited_on, socket.SHUT_RDWR)
