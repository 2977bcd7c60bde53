"""A provider of OpenID Connect that really answers, in a process of its own, with its people."""

import json
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2 as httpx
from browsers import free_port

from broker.access.openid.elsewhere import Elsewhere
from broker.access.openid.provider import Provider
from broker.access.sessions import Sessions
from broker.environment.openid import OpenIdSettings
from broker.wiring import Services
from keys import IndexPurpose

LEVEL = "AAL2"
ORIGIN = "http://localhost:8350"


def people_there() -> tuple[dict[str, Any], ...]:
    """Return who can sign in there, by what the provider will say of them."""
    return (
        {"sub": "strong", "acr": LEVEL, "email": "mira.specimen@northshire-trust.example"},
        {"sub": "stranger", "acr": LEVEL, "email": "mira.specimen@northshire-trust.example"},
        {"sub": "weak", "acr": "AAL1"},
        {"sub": "silent"},
    )


@contextmanager
def a_provider() -> Generator[str]:
    """Run a provider and yield its issuer."""
    port = free_port()
    known = [f"--user-claims={json.dumps(one)}" for one in people_there()]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    issuer = f"http://localhost:{port}"
    with subprocess.Popen([*command, *known], stderr=subprocess.DEVNULL) as process:
        try:
            _wait(issuer)
            yield issuer
        finally:
            process.terminate()


def _wait(issuer: str) -> None:
    ends = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False)
        except httpx.HTTPError:
            assert time.monotonic() < ends
            time.sleep(0.1)
        else:
            return


def with_provider(services: Services, issuer: str, origin: str = ORIGIN) -> Services:
    """Return the services with this provider; the clock of both must be the host's."""
    settings = OpenIdSettings(
        issuer=issuer, client="broker", secret=secrets.token_urlsafe(), levels=frozenset({LEVEL})
    )
    transaction, access = services.transaction, services.access
    elsewhere = Elsewhere(
        transaction=transaction,
        clock=services.clock,
        names=transaction.keystore.index_key(IndexPurpose.SIGN_IN),
        sessions=Sessions(transaction=transaction, clock=services.clock),
        provider=Provider(settings=settings),
        origin=origin,
    )
    return replace(services, access=replace(access, elsewhere=elsewhere))


def signed_in_there(address: str, subject: str) -> str:
    """Sign somebody in at the provider; return the path by which their browser comes back."""
    answer = httpx.post(address, data={"sub": subject}, trust_env=False)
    back = answer.headers["Location"]
    assert back.startswith(ORIGIN)
    return str(back.removeprefix(ORIGIN))


def now() -> datetime:
    """Return the host's time, which a provider's tokens tell of."""
    return datetime.now(UTC).replace(microsecond=0)


def changed(path: str, name: str, value: str) -> str:
    """Return a path with another value of one parameter."""
    return re.sub(rf"([?&]{name}=)[^&]*", rf"\g<1>{value}", path)
