"""What every token of ours has in common: how it is signed, verified, and for how long it counts.

The only module that knows the library for signatures of tokens.

>>> now = datetime.fromisoformat("2026-03-16T12:00:00Z")
>>> signer = SigningKey.from_seed(bytes(32), purpose=Purpose.TOKEN, created_at=now)
>>> terms = ExpectedClaims(issuer="https://broker.example", audience="https://broker.example/api")
>>> said = {"iss": terms.issuer, "aud": terms.audience, "sub": "p-1"}
>>> signed_token(signer, "at+jwt", said).count(".")
2
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import jwt

from keys.encoding import base64url
from keys.errors import TokenFault, TokenRefusedError
from keys.signing import KeyId, KeyState, PublicKey, Purpose, SigningKey
from keys.tokens.compact import ALGORITHM
from keys.tokens.public_jwk import PublicJwk

_SKEW_IN_SECONDS: Final = 60
_BELIEVED: Final = frozenset({KeyState.ACTIVE, KeyState.VERIFY_ONLY})
_STRANGERS: Final = jwt.PyJWS()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedClaims:
    """Between whom a token counts: compared character by character."""

    issuer: str
    audience: str


def signed_token(signer: SigningKey, kind: str, payload: Mapping[str, object]) -> str:
    """Return a token in compact form.

    Signed by `signer.sign` alone, so that the key may also live where it cannot be read.
    """
    header = {"alg": ALGORITHM, "typ": kind, "kid": signer.kid}
    unsigned = f"{_segment(header)}.{_segment(payload)}"
    return f"{unsigned}.{base64url(signer.sign(unsigned.encode('ascii')))}"


def refuse_unsigned(
    token: str,
    kid: KeyId,
    keys: Mapping[KeyId, PublicKey],
    terms: ExpectedClaims,
    required: Collection[str],
) -> None:
    """Return if a key of ours that is in use signed `token` between these parties.

    Raises `TokenRefusedError`.
    """
    key = keys.get(kid)
    if key is None or key.purpose is not Purpose.TOKEN or key.state not in _BELIEVED:
        raise TokenRefusedError(TokenFault.KEY)
    jwk = jwt.PyJWK(
        {"kty": "OKP", "crv": "Ed25519", "x": base64url(key.public_key), "alg": ALGORITHM}
    )
    try:
        jwt.decode(
            token,
            key=jwk,
            algorithms=[ALGORITHM],
            audience=terms.audience,
            issuer=terms.issuer,
            options={
                "require": sorted(required),
                "strict_aud": True,
                "enforce_minimum_key_length": True,
                # Checked in `refuse_times`, against the clock that was passed in.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.PyJWTError as error:
        raise TokenRefusedError(_fault_of(error)) from error


def refuse_forged(token: str, key: PublicJwk) -> None:
    """Return if the holder of a stranger's `key` signed `token`; raises `TokenRefusedError`."""
    jwk = jwt.PyJWK(dict(key.members), algorithm=key.algorithm.value)
    try:
        _STRANGERS.decode(token, key=jwk, algorithms=[key.algorithm.value])
    except jwt.PyJWTError as error:
        raise TokenRefusedError(TokenFault.SIGNATURE) from error


def refuse_times(claims: Mapping[str, object], now: datetime, longest: timedelta) -> None:
    """Return if a token counts now, and no longer than `longest`; raises `TokenRefusedError`."""
    issued = seconds_in(claims["iat"])
    valid_from = seconds_in(claims.get("nbf", issued))
    expires = seconds_in(claims["exp"])
    moment = now.timestamp()
    if not 0 < expires - issued <= longest.total_seconds():
        raise TokenRefusedError(TokenFault.LIFETIME)
    if issued > moment + _SKEW_IN_SECONDS or valid_from > moment + _SKEW_IN_SECONDS:
        raise TokenRefusedError(TokenFault.TIME)
    if expires <= moment:
        raise TokenRefusedError(TokenFault.EXPIRED)


def seconds_in(value: object) -> int:
    """Return the moment that a claim holds, in seconds since 1970; raises `TokenRefusedError`."""
    # A bool is an int to Python, and no moment to anybody.
    if not isinstance(value, int) or isinstance(value, bool):
        raise TokenRefusedError(TokenFault.TIME)
    return value


def text_in(value: object, pattern: re.Pattern[str], fault: TokenFault) -> str:
    """Return the text of a claim that matches; raises `TokenRefusedError` for `fault`."""
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise TokenRefusedError(fault)
    return value


def _fault_of(error: jwt.PyJWTError) -> TokenFault:
    match error:
        case jwt.InvalidSignatureError():
            return TokenFault.SIGNATURE
        case jwt.InvalidAudienceError():
            return TokenFault.AUDIENCE
        case jwt.InvalidIssuerError():
            return TokenFault.ISSUER
        case _:
            return TokenFault.CLAIMS


def _segment(content: Mapping[str, object]) -> str:
    return base64url(json.dumps(content, separators=(",", ":")).encode("ascii"))
