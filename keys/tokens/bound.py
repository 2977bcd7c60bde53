"""Access tokens of machines: five minutes, bound to a key that each call must prove (RFC 9068).

>>> from keys.signing import KeyState, Purpose
>>> now = datetime.fromisoformat("2026-03-16T12:00:00Z")
>>> signer = SigningKey.from_seed(bytes(32), purpose=Purpose.TOKEN, created_at=now)
>>> terms = ExpectedClaims(issuer="https://broker.example", audience="https://broker.example/api")
>>> claims = BoundClaims(
...     client=PersonId("c-carenotes"),
...     person=PersonId("p-1"),
...     agency=AgencyId("a-1"),
...     role="practitioner",
...     client_key=KeyId("K" * 43),
...     bound_to=KeyId("J" * 43),
... )
>>> token = issue_bound(signer, claims, terms=terms, now=now)
>>> public = PublicKey(
...     kid=signer.kid,
...     purpose=signer.purpose,
...     state=KeyState.ACTIVE,
...     created_at=now,
...     public_key=signer.public_key,
... )
>>> verify_bound(token, {public.kid: public}, terms=terms, now=now) == claims
True
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from keys.encoding import base64url
from keys.errors import TokenFault, TokenRefusedError
from keys.signing import KeyId, PublicKey, SigningKey
from keys.tokens.bearer import IDENTIFIER, AgencyId, PersonId
from keys.tokens.compact import parse_compact
from keys.tokens.signed import (
    ExpectedClaims,
    refuse_times,
    refuse_unsigned,
    signed_token,
    text_in,
)

BOUND_KIND: Final = "at+jwt"
BOUND_LIFE: Final = timedelta(minutes=5)
_CLAIMS: Final = frozenset(
    {"iss", "aud", "sub", "client_id", "agency", "scope", "client_key", "cnf", "iat", "exp", "jti"}
)
_THUMBPRINT: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_SERIAL_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundClaims:
    """Which client a token speaks for, for whom and as what, and which keys it rests on.

    `person` is the client itself where it works for nobody; `client_key` showed who the client
    is, `bound_to` must be proved at each call: thumbprints both (RFC 7638).
    """

    client: PersonId
    person: PersonId
    agency: AgencyId
    role: str
    client_key: KeyId
    bound_to: KeyId


def issue_bound(
    signer: SigningKey, claims: BoundClaims, *, terms: ExpectedClaims, now: datetime
) -> str:
    """Return a token of five minutes in compact form."""
    start = int(now.timestamp())
    payload = {
        "iss": terms.issuer,
        "aud": terms.audience,
        "sub": claims.person,
        "client_id": claims.client,
        "agency": claims.agency,
        "scope": claims.role,
        "client_key": claims.client_key,
        "cnf": {"jkt": claims.bound_to},
        "iat": start,
        "exp": start + int(BOUND_LIFE.total_seconds()),
        "jti": base64url(os.urandom(_SERIAL_BYTES)),
    }
    return signed_token(signer, BOUND_KIND, payload)


def check_bound_form(token: str) -> None:
    """Return if `token` has the form of one of these, for which no key is needed.

    Raises `TokenRefusedError`.
    """
    parse_compact(token, kind=BOUND_KIND)


def verify_bound(
    token: str, keys: Mapping[KeyId, PublicKey], *, terms: ExpectedClaims, now: datetime
) -> BoundClaims:
    """Return what `token` says; raises `TokenRefusedError`.

    That the caller holds the key it is bound to, a proof must show (`keys.tokens.proofs`).
    """
    parts = parse_compact(token, kind=BOUND_KIND)
    refuse_unsigned(token, parts.kid, keys, terms, _CLAIMS)
    claims = parts.claims
    if claims.keys() != _CLAIMS:
        raise TokenRefusedError(TokenFault.CLAIMS)
    refuse_times(claims, now, BOUND_LIFE)
    return BoundClaims(
        client=PersonId(text_in(claims["client_id"], IDENTIFIER, TokenFault.HOLDER)),
        person=PersonId(text_in(claims["sub"], IDENTIFIER, TokenFault.HOLDER)),
        agency=AgencyId(text_in(claims["agency"], IDENTIFIER, TokenFault.HOLDER)),
        role=text_in(claims["scope"], IDENTIFIER, TokenFault.HOLDER),
        client_key=KeyId(text_in(claims["client_key"], _THUMBPRINT, TokenFault.KEY)),
        bound_to=_confirmed(claims["cnf"]),
    )


def _confirmed(cnf: object) -> KeyId:
    """Return the key of a confirmation: a thumbprint, and nothing beside it (RFC 7800)."""
    members = cast("dict[str, object]", cnf) if isinstance(cnf, dict) else {}
    if members.keys() != {"jkt"}:
        raise TokenRefusedError(TokenFault.BINDING)
    return KeyId(text_in(members["jkt"], _THUMBPRINT, TokenFault.BINDING))
