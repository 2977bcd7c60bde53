"""Under which addresses the gateway is reached: said by its settings, never by a request.

>>> from pathlib import Path
>>> origins = Origins(own=("https://broker.example",))
>>> origins.is_address("/api/v1/cases")("https://broker.example/api/v1/cases")
True
>>> origins.is_address("/api/v1/cases")("https://broker.example/api/v1/cases?of=another")
False
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from broker.settings import Settings

TOKEN_PATH: Final = "/oauth/token"  # noqa: S105 - a path, not a secret
API_PATH: Final = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Schemes and hosts under which the gateway is reached, the first of them its name."""

    own: tuple[str, ...]

    @property
    def issuer(self) -> str:
        """Who issues access tokens (RFC 8414)."""
        return self.own[0]

    @property
    def audience(self) -> str:
        """For whom access tokens count."""
        return f"{self.issuer}{API_PATH}"

    @property
    def audiences(self) -> frozenset[str]:
        """For whom an assertion may be made: the issuer, or the address of the token endpoint."""
        return frozenset(
            audience for origin in self.own for audience in (origin, f"{origin}{TOKEN_PATH}")
        )

    def is_address(self, path: str) -> Callable[[str], bool]:
        """Return what says whether an address is that of a path here, whatever its escapes."""

        def is_it(address: str) -> bool:
            try:
                parts = urlsplit(address)
            except ValueError:
                return False
            origin = f"{parts.scheme}://{parts.netloc}"
            is_bare = address == f"{origin}{parts.path}"
            return is_bare and origin in self.own and unquote(parts.path) == path

        return is_it


def origins_of(settings: Settings) -> Origins:
    """Return the addresses of an installation: its hosts behind a proxy, else this host's own."""
    if settings.behind_proxy and settings.hosts:
        return Origins(own=tuple(f"https://{host}" for host in settings.hosts))
    names = ("127.0.0.1", "localhost")
    return Origins(own=tuple(f"http://{name}:{settings.port}" for name in names))
