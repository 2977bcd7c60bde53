"""What a client sends to show who it is: a JWT signed by its own key (RFC 7523, RFC 7521).

As strict as NHS England's own test suite of this grant: one algorithm a client, the audience
character by character, five minutes at most, each serial once.

>>> from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
>>> import jwt
>>> from keys.encoding import base64url
>>> from keys.tokens.public_jwk import Algorithm, public_jwk
>>> theirs = Ed25519PrivateKey.from_private_bytes(bytes(32))
>>> x = base64url(theirs.public_key().public_bytes_raw())
>>> key = public_jwk({"kty": "OKP", "crv": "Ed25519", "x": x}, Algorithm.EDDSA)
>>> now = datetime.fromisoformat("2026-03-16T12:00:00Z")
>>> start, endpoint = int(now.timestamp()), "https://broker.example/oauth/token"
>>> said = {"iss": "c-carenotes", "sub": "c-carenotes", "aud": endpoint, "jti": "made-up-1"}
>>> text = jwt.encode(
...     {**said, "iat": start, "exp": start + 60},
...     theirs,
...     algorithm="EdDSA",
...     headers={"kid": key.thumbprint},
... )
>>> assertion = parse_assertion(text)
>>> assertion.verified({key.thumbprint: key}, audiences={endpoint}, now=now).client
'c-carenotes'
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from keys.errors import TokenFault, TokenRefusedError
from keys.signing import KeyId
from keys.tokens.bearer import IDENTIFIER
from keys.tokens.compact import Parts, key_named, parts_of
from keys.tokens.public_jwk import PublicJwk
from keys.tokens.signed import refuse_forged, refuse_times, seconds_in, text_in

LONGEST_ASSERTION_LIFE: Final = timedelta(minutes=5)
_KINDS: Final = frozenset({"JWT", "client-authentication+jwt"})
_HEADER: Final = frozenset({"alg", "typ", "kid"})
_NEEDED: Final = frozenset({"iss", "sub", "aud", "exp", "iat", "jti"})
SERIAL: Final = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """An assertion that was taken apart and not verified: who it says sent it, by which key."""

    text: str
    client: str
    kid: KeyId
    _parts: Parts

    def verified(
        self, keys: Mapping[KeyId, PublicJwk], *, audiences: Collection[str], now: datetime
    ) -> "ShownBy":
        """Return what it proves, if one of the client's `keys` signed it for us, and it counts.

        Raises `TokenRefusedError`.
        """
        key, claims = keys.get(self.kid), self._parts.claims
        if key is None:
            raise TokenRefusedError(TokenFault.KEY)
        if self._parts.header["alg"] != key.algorithm.value:
            raise TokenRefusedError(TokenFault.ALGORITHM)
        refuse_forged(self.text, key)
        if claims["iss"] != self.client:
            raise TokenRefusedError(TokenFault.ISSUER)
        if claims["aud"] not in audiences:
            raise TokenRefusedError(TokenFault.AUDIENCE)
        refuse_times(claims, now, LONGEST_ASSERTION_LIFE)
        return ShownBy(
            client=self.client,
            key=key.thumbprint,
            serial=text_in(claims["jti"], SERIAL, TokenFault.CLAIMS),
            until=datetime.fromtimestamp(seconds_in(claims["exp"]), UTC),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBy:
    """What an assertion proved: the client, by which key; its serial counts once, `until` then."""

    client: str
    key: KeyId
    serial: str
    until: datetime


def parse_assertion(text: str) -> Assertion:
    """Return an assertion taken apart, nothing of it verified; raises `TokenRefusedError`."""
    parts = parts_of(text)
    if parts.header.keys() != _HEADER:
        raise TokenRefusedError(TokenFault.HEADER)
    if parts.header["typ"] not in _KINDS:
        raise TokenRefusedError(TokenFault.TYPE)
    if not _NEEDED <= parts.claims.keys() <= {*_NEEDED, "nbf"}:
        raise TokenRefusedError(TokenFault.CLAIMS)
    # A list cannot be looked for among texts.
    if not isinstance(parts.claims["aud"], str):
        raise TokenRefusedError(TokenFault.AUDIENCE)
    return Assertion(
        text=text,
        client=text_in(parts.claims["sub"], IDENTIFIER, TokenFault.HOLDER),
        kid=key_named(parts.header["kid"]),
        _parts=parts,
    )
