"""Bearer tokens: short-lived, signed with Ed25519, and verified by one function (RFC 7519, 8725).

The library's options are as strict as they go; what it lets through all the same is refused here:
long tokens, double members, spare header fields, far expiry, other kinds of token.

>>> from keys.signing import KeyState, Purpose
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
keys.errors.TokenRefusedError: The token is not valid, or its time is over. Ask for a new one.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NewType

from keys.encoding import base64url
from keys.errors import TokenFault, TokenRefusedError
from keys.signing import KeyId, PublicKey, SigningKey
from keys.tokens.compact import parse_compact
from keys.tokens.signed import (
    ExpectedClaims,
    refuse_times,
    refuse_unsigned,
    signed_token,
    text_in,
)

PersonId = NewType("PersonId", str)
AgencyId = NewType("AgencyId", str)

TOKEN_KIND: Final = "disclosure-broker+jwt"  # noqa: S105 - a media type, not a secret
LONGEST_LIFE: Final = timedelta(minutes=15)
IDENTIFIER: Final = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
"""What a person, a client, a body and a role are called."""

_SERIAL: Final = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_CLAIMS: Final = frozenset({"iss", "aud", "sub", "agency", "role", "iat", "nbf", "exp", "jti"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenClaims:
    """Whom a token speaks for, and as what: 1 to 64 characters each out of a-z, 0-9 and hyphen.

    What a role may do, and which roles there are, is the caller's to know.
    """

    person: PersonId
    agency: AgencyId
    role: str


def issue(
    signer: SigningKey,
    claims: TokenClaims,
    *,
    terms: ExpectedClaims,
    now: datetime,
    lifetime: timedelta = LONGEST_LIFE,
) -> str:
    """Return a token in compact form.

    Raises `TokenRefusedError` for one that nobody would accept.
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
    refuse_times(payload, now, LONGEST_LIFE)
    _holder(payload)
    return signed_token(signer, TOKEN_KIND, payload)


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
    refuse_unsigned(token, parts.kid, keys, terms, _CLAIMS)
    if parts.claims.keys() != _CLAIMS:
        raise TokenRefusedError(TokenFault.CLAIMS)
    refuse_times(parts.claims, now, LONGEST_LIFE)
    return _holder(parts.claims)


def _holder(claims: Mapping[str, object]) -> TokenClaims:
    text_in(claims["jti"], _SERIAL, TokenFault.HOLDER)
    return TokenClaims(
        person=PersonId(text_in(claims["sub"], IDENTIFIER, TokenFault.HOLDER)),
        agency=AgencyId(text_in(claims["agency"], IDENTIFIER, TokenFault.HOLDER)),
        role=text_in(claims["role"], IDENTIFIER, TokenFault.HOLDER),
    )
