"""Another organisation's sign-in (OpenID Connect): its settings, checked; mostly there is none."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from broker.environment.reader import EnvironmentReader

OPENID_NAMES = (
    "BROKER_OIDC_ISSUER",
    "BROKER_OIDC_CLIENT_ID",
    "BROKER_OIDC_CLIENT_SECRET_FILE",
    "BROKER_OIDC_ACR",
)
"""Every setting of a sign-in elsewhere."""

_ISSUER = re.compile(
    r"https://[a-z0-9.-]{1,253}(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*|http://localhost:[0-9]{1,5}"
)
_CLIENT = re.compile(r"[\x21-\x7e]{1,128}")
_ACR = re.compile(r"[\x21-\x7e]{1,128}( [\x21-\x7e]{1,128}){0,7}")
_SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdSettings:
    """The provider, what we are called there, and which of its levels (`acr`) are enough."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    levels: frozenset[str]


def openid_settings(reader: EnvironmentReader) -> OpenIdSettings | None:
    """Return what the environment says of a sign-in elsewhere, None where there is none."""
    missing = [name for name in OPENID_NAMES if not reader.is_set(name)]
    if len(missing) == len(OPENID_NAMES):
        return None
    if missing:
        reader.fault(f"{', '.join(OPENID_NAMES)} go together; not set: {', '.join(missing)}.")
        return None
    return OpenIdSettings(
        issuer=reader.matching("BROKER_OIDC_ISSUER", "https://login.example.nhs.uk", _ISSUER),
        client=reader.matching("BROKER_OIDC_CLIENT_ID", "disclosure-broker", _CLIENT),
        secret=reader.secret("BROKER_OIDC_CLIENT_SECRET_FILE", _secret_fault) or "",
        levels=frozenset(reader.matching("BROKER_OIDC_ACR", "AAL2 AAL3", _ACR).split()),
    )


def _secret_fault(text: str) -> str | None:
    is_long = len(text) >= _SHORTEST_SECRET
    return None if is_long else f"must hold at least {_SHORTEST_SECRET} characters"


def host_of(issuer: str) -> str:
    """Return the name of a provider's host, as people read it on a page.

    >>> host_of("https://login.example.nhs.uk/realms/one")
    'login.example.nhs.uk'
    """
    return urlsplit(issuer).hostname or issuer
