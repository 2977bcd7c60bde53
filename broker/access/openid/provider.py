"""A provider of OpenID Connect, asked by HTTPS: where people go, and what became of a code.

Each sign-in asks for the provider's description and keys anew: they are rare, and a key that was
exchanged an hour ago is then known. Nothing is followed elsewhere, and nothing answers for long.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import urlsplit

import httpx2 as httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from broker.access.openid.id_token import MAX_AGE
from broker.domain.people.errors import ElsewhereAwayError, ElsewhereRefusedError
from broker.environment.openid import OpenIdSettings

_SECONDS: Final = 5.0
_MOST_BYTES: Final = 65_536
_SCOPE: Final = "openid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a provider says of itself."""

    authorize: str
    token: str
    keys: str
    names_itself: bool


class _Bounded(httpx.HTTPTransport):
    """Reads no more of an answer than a provider has to say."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        read = b""
        for chunk in answer.iter_raw():
            read += chunk
            if len(read) > _MOST_BYTES:
                answer.close()
                raise httpx.ReadError("too long", request=request)
        answer.close()
        return httpx.Response(answer.status_code, headers=answer.headers, content=read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider and what we are called there; `back` is the address to which people return."""

    settings: OpenIdSettings

    def described(self) -> Described:
        """Return what the provider says of itself; raises `ElsewhereAwayError`."""
        issuer = self.settings.issuer
        said = self._read(f"{issuer}/.well-known/openid-configuration")
        if said.get("issuer") != issuer:
            raise ElsewhereAwayError
        return Described(
            authorize=self._address(said, "authorization_endpoint"),
            token=self._address(said, "token_endpoint"),
            keys=self._address(said, "jwks_uri"),
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        )

    def address(self, back: str, *, state: str, nonce: str, verifier: str) -> str:
        """Return where a browser goes to sign in there; raises `ElsewhereAwayError`."""
        authorize = self.described().authorize
        with self._client(back) as client:
            address, _ = client.create_authorization_url(
                authorize,
                state=state,
                code_verifier=verifier,
                nonce=nonce,
                max_age=str(int(MAX_AGE.total_seconds())),
                acr_values=" ".join(sorted(self.settings.levels)),
            )
        return str(address)

    def token(self, described: Described, back: str, *, code: str, verifier: str) -> str:
        """Return the token for a code, unread; raises `ElsewhereRefusedError` and `-AwayError`."""
        try:
            with self._client(back) as client:
                answered = client.fetch_token(
                    described.token,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                )
        except (AuthlibBaseError, ValueError) as error:
            raise ElsewhereRefusedError from error
        except httpx.HTTPError as error:
            raise ElsewhereAwayError from error
        token = answered.get("id_token")
        if not isinstance(token, str):
            raise ElsewhereRefusedError
        return token

    def keys(self, described: Described) -> KeySet:
        """Return the keys by which the provider signs; raises `ElsewhereAwayError`."""
        try:
            return KeySet.import_key_set({"keys": self._read(described.keys)["keys"]})
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise ElsewhereAwayError from error

    def _read(self, address: str) -> Mapping[str, Any]:
        try:
            with httpx.Client(transport=_Bounded(), timeout=_SECONDS, trust_env=False) as client:
                answer = client.get(address)
                answer.raise_for_status()
                found = json.loads(answer.content)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            raise ElsewhereAwayError from error
        if not isinstance(found, dict):
            raise ElsewhereAwayError
        return cast("Mapping[str, Any]", found)

    def _address(self, said: Mapping[str, Any], name: str) -> str:
        """Return an address of the provider: by TLS, or on this host where its issuer is, too."""
        value = said.get(name)
        parts = urlsplit(value) if isinstance(value, str) else None
        issuer = urlsplit(self.settings.issuer)
        if parts is None or parts.scheme != issuer.scheme:
            raise ElsewhereAwayError
        if issuer.scheme == "http" and parts.netloc != issuer.netloc:
            raise ElsewhereAwayError
        return str(value)

    def _client(self, back: str) -> Any:  # noqa: ANN401  # the library's own types are partial
        return OAuth2Client(
            client_id=self.settings.client,
            client_secret=self.settings.secret,
            scope=_SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106  # a method's name
            transport=_Bounded(),
            timeout=_SECONDS,
            trust_env=False,
        )
