"""Bearer tokens: short-lived, signed with Ed25519, and verified by one function (RFC 7519, 8725).

The library's options are as strict as they go; what it lets through all the same is refused here:
long tokens, double members, spare header fields, far expiry, other kinds of token.

>>> now = datetime.fromisoformat("2026-03-16T12:00:00Z")
>>> signer = SigningKey.from_seed(bytes(32), purpose=Purpose.TOKEN, created_at=now)
>>> terms = ExpectedClaims(issuer="example", audience="example/api")
>>> nurse = TokenClaims(
...     person=PersonId("p-1"), agency=AgencyId("a-1"), role="practitioner"
... )
>>> token = issue(signer, nurse, terms=terms, now=now)
>>> public = PublicKey(
...     kid=signer.kid,
...     purpose=signer.purpose,
...     state=KeyState.ACTIVE,
...     created_at=now,
...     public_key=signer.public_key,
... )
>>> verify_token(token, {public.kid: public}, terms=terms, now=now) == nurse
True
>>> verify_token(token, {public.kid: public}, terms=terms, now=now + timedelta(hours=1))
Traceback (most recent call last):
...
keys.errors.TokenRefusedError: The token is not valid. Ask your administrator for a new one.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NewType

import jwt

from keys.encoding import base64url
from keys.errors import TokenFault, TokenRefusedError
from keys.signing import KeyId, KeyState, PublicKey, Purpose, SigningKey
from keys.tokens.compact import ALGORITHM, parse_compact

PersonId = NewType("PersonId", str)
AgencyId = NewType("AgencyId", str)

TOKEN_KIND: Final = "disclosure-broker+jwt"  # noqa: S105 - a media type, not a secret
LONGEST_LIFE: Final = timedelta(minutes=15)
_SKEW_IN_SECONDS: Final = 60
_IDENTIFIER: Final = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
_SERIAL: Final = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_BELIEVED: Final = frozenset({KeyState.ACTIVE, KeyState.VERIFY_ONLY})
_CLAIMS: Final = frozenset({"iss", "aud", "sub", "agency", "role", "iat", "nbf", "exp", "jti"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenClaims:
    """Whom a token speaks for, and as what: 1 to 64 characters each out of a-z, 0-9 and hyphen.

    What a role may do, and which roles there are, is the caller's to know.
    """

    person: PersonId
    agency: AgencyId
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedClaims:
    """Between whom a token counts: compared character by character."""

    issuer: str
    audience: str


def issue(
    signer: SigningKey,
    claims: TokenClaims,
    *,
    terms: ExpectedClaims,
    now: datetime,
    lifetime: timedelta = LONGEST_LIFE,
) -> str:
    """Return a token in compact form; raises `TokenRefusedError` for one that nobody would accept.

    Signed by `signer.sign` alone, so that the key may also live where it cannot be read.
    """
    start = int(now.timestamp())
    payload = {
        "iss": terms.issuer,
        "aud": terms.audience,
        "sub": claims.person,
        "agency": claims.agency,
        "role": claims.role,
        "iat": start,
        "nbf": start,
        "exp": start + int(lifetime.total_seconds()),
        "jti": base64url(os.urandom(16)),
    }
    _refuse_times(payload, now)
    _holder(payload)
    header = {"alg": ALGORITHM, "typ": TOKEN_KIND, "kid": signer.kid}
    unsigned = f"{_segment(header)}.{_segment(payload)}"
    return f"{unsigned}.{base64url(signer.sign(unsigned.encode('ascii')))}"


def check_form(token: str) -> None:
    """Return if `token` has the form of one of ours, for which no key is needed.

    Raises `TokenRefusedError`.
    """
    parse_compact(token, kind=TOKEN_KIND)


def verify_token(
    token: str, keys: Mapping[KeyId, PublicKey], *, terms: ExpectedClaims, now: datetime
) -> TokenClaims:
    """Return whom `token` speaks for, or raise `TokenRefusedError`.

    `keys` are those of the keystore's token purpose; one that is not in use yet or any more, or
    serves another purpose, is not believed.
    """
    parts = parse_compact(token, kind=TOKEN_KIND)
    key = keys.get(parts.kid)
    if key is None or key.purpose is not Purpose.TOKEN or key.state not in _BELIEVED:
        raise TokenRefusedError(TokenFault.KEY)
    _refuse_unsigned(token, key, terms)
    if parts.claims.keys() != _CLAIMS:
        raise TokenRefusedError(TokenFault.CLAIMS)
    _refuse_times(parts.claims, now)
    return _holder(parts.claims)


def _refuse_unsigned(token: str, key: PublicKey, terms: ExpectedClaims) -> None:
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
                "require": sorted(_CLAIMS),
                "strict_aud": True,
                "enforce_minimum_key_length": True,
                # Checked in `_refuse_times`, against the clock that was passed in.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.PyJWTError as error:
        raise TokenRefusedError(_fault_of(error)) from error


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


def _refuse_times(claims: Mapping[str, object], now: datetime) -> None:
    issued = _seconds(claims["iat"])
    valid_from = _seconds(claims["nbf"])
    expires = _seconds(claims["exp"])
    moment = now.timestamp()
    if not 0 < expires - issued <= LONGEST_LIFE.total_seconds():
        raise TokenRefusedError(TokenFault.LIFETIME)
    if issued > moment + _SKEW_IN_SECONDS or valid_from > moment + _SKEW_IN_SECONDS:
        raise TokenRefusedError(TokenFault.TIME)
    if expires <= moment:
        raise TokenRefusedError(TokenFault.EXPIRED)


def _seconds(value: object) -> int:
    # A bool is an int to Python, and no moment to anybody.
    if not isinstance(value, int) or isinstance(value, bool):
        raise TokenRefusedError(TokenFault.TIME)
    return value


def _holder(claims: Mapping[str, object]) -> TokenClaims:
    _text(claims["jti"], _SERIAL)
    return TokenClaims(
        person=PersonId(_text(claims["sub"], _IDENTIFIER)),
        agency=AgencyId(_text(claims["agency"], _IDENTIFIER)),
        role=_text(claims["role"], _IDENTIFIER),
    )


def _text(value: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise TokenRefusedError(TokenFault.HOLDER)
    return value


def _segment(content: Mapping[str, object]) -> str:
    return base64url(json.dumps(content, separators=(",", ":")).encode("ascii"))
