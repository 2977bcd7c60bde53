"""One word sent to one address: https with a proved name, and nowhere that is not allowed.

The name is looked up once, and the connection goes to the address that was looked at. No
redirection is followed, and of the answer nothing but its status counts.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

SECONDS: Final = 5.0
_MOST_READ: Final = 64 * 1024
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
            answer = connection.getresponse()
            answer.read(_MOST_READ)
            return answer.status in _TAKEN
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

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), SECONDS)
        self.sock = self._proved_by.wrap_socket(raw, server_hostname=self.host)
