"""Proofs that whoever uses a token holds the key that it is bound to (DPoP, RFC 9449).

>>> from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
>>> import jwt
>>> theirs = Ed25519PrivateKey.from_private_bytes(bytes(32))
>>> x = base64url(theirs.public_key().public_bytes_raw())
>>> key = public_jwk({"kty": "OKP", "crv": "Ed25519", "x": x}, Algorithm.EDDSA)
>>> now = datetime.fromisoformat("2026-03-16T12:00:00Z")
>>> here = "https://broker.example/api/v1/packs"
>>> text = jwt.encode(
...     {"jti": "made-up-1", "htm": "POST", "htu": here, "iat": int(now.timestamp())},
...     theirs,
...     algorithm="EdDSA",
...     headers={"typ": "dpop+jwt", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}},
... )
>>> proof = verify_proof(text, method="POST", is_address=here.__eq__, now=now)
>>> proof.key == key.thumbprint
True
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from keys.encoding import base64url
from keys.errors import TokenFault, TokenRefusedError, UnfitKeyError
from keys.signing import KeyId
from keys.tokens.assertions import SERIAL
from keys.tokens.compact import parts_of
from keys.tokens.public_jwk import Algorithm, PublicJwk, public_jwk
from keys.tokens.signed import refuse_forged, seconds_in, text_in

LONGEST_PROOF: Final = 4 * 1024
PROOF_WINDOW: Final = timedelta(seconds=60)
"""How far the moment of a proof may lie from ours, either way."""

_KIND: Final = "dpop+jwt"
_HEADER: Final = frozenset({"alg", "typ", "jwk"})
_CLAIMS: Final = frozenset({"jti", "htm", "htu", "iat"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A proof that holds: by which key; its serial counts once, `until` then."""

    key: KeyId
    serial: str
    until: datetime


def verify_proof(
    proof: str,
    *,
    method: str,
    is_address: Callable[[str], bool],
    now: datetime,
    token: str | None = None,
) -> Proof:
    """Return what a proof shows about a call by `method` to what `is_address` accepts.

    With `token` it must be about that one too. Raises `TokenRefusedError`; whether the proof was
    used before is the caller's to know.
    """
    parts = parts_of(proof, longest=LONGEST_PROOF)
    header, claims = parts.header, parts.claims
    if header.keys() != _HEADER:
        raise TokenRefusedError(TokenFault.HEADER)
    if header["typ"] != _KIND:
        raise TokenRefusedError(TokenFault.TYPE)
    key = _key_in(header)
    refuse_forged(proof, key)
    if claims.keys() != (_CLAIMS if token is None else {*_CLAIMS, "ath"}):
        raise TokenRefusedError(TokenFault.CLAIMS)
    if claims["htm"] != method:
        raise TokenRefusedError(TokenFault.METHOD)
    address = claims["htu"]
    if not isinstance(address, str) or not is_address(address):
        raise TokenRefusedError(TokenFault.ADDRESS)
    if token is not None and claims["ath"] != _digest(token):
        raise TokenRefusedError(TokenFault.BINDING)
    issued = seconds_in(claims["iat"])
    if abs(now.timestamp() - issued) > PROOF_WINDOW.total_seconds():
        raise TokenRefusedError(TokenFault.TIME)
    return Proof(
        key=key.thumbprint,
        serial=text_in(claims["jti"], SERIAL, TokenFault.CLAIMS),
        until=datetime.fromtimestamp(issued, UTC) + PROOF_WINDOW,
    )


def _key_in(header: dict[str, object]) -> PublicJwk:
    try:
        algorithm = Algorithm(str(header["alg"]))
    except ValueError as error:
        raise TokenRefusedError(TokenFault.ALGORITHM) from error
    members = header["jwk"]
    if not isinstance(members, dict):
        raise TokenRefusedError(TokenFault.KEY)
    try:
        return public_jwk(cast("dict[str, object]", members), algorithm)
    except UnfitKeyError as error:
        raise TokenRefusedError(TokenFault.KEY) from error


def _digest(token: str) -> str:
    return base64url(hashlib.sha256(token.encode("ascii")).digest())
