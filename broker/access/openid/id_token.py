"""What a provider says of who signed in there: read, checked, and nothing of it kept but who."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from broker.domain.people.errors import ElsewhereRefusedError, WeakElsewhereError

MAX_AGE: Final = timedelta(minutes=5)
"""How long ago somebody may have signed in there: signing in here counts as a step-up."""

_SKEW: Final = timedelta(seconds=60)
_LONGEST_TOKEN: Final = 8_192
_LONGEST_LIFE: Final = timedelta(hours=24)
_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "RS512", "PS512")
_LONGEST_SUBJECT: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must stand in the token: whose it is, for whom, its nonce, and which levels count."""

    issuer: str
    client: str
    nonce: str
    levels: frozenset[str]


def subject_of(token: str, keys: KeySet, expected: Expected, now: datetime) -> str:
    """Return who signed in, as the provider names them for us.

    Raises `ElsewhereRefusedError` for whatever is wrong with the token, and `WeakElsewhereError`
    where it is right but tells of too little, or of too long ago.
    """
    if len(token) > _LONGEST_TOKEN:
        raise ElsewhereRefusedError
    try:
        read = jwt.decode(token, keys, algorithms=[*_ALGORITHMS])
        # The values that must be equal are compared below, types too.
        claims = CodeIDToken(
            read.claims,
            read.header,
            params={"nonce": expected.nonce, "client_id": expected.client},
        )
        claims.validate(now=int(now.timestamp()), leeway=int(_SKEW.total_seconds()))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ElsewhereRefusedError from error
    _check(read.claims, expected, now)
    subject: str = read.claims["sub"]
    return subject


def _check(claims: dict[str, Any], expected: Expected, now: datetime) -> None:
    moment, skew = now.timestamp(), _SKEW.total_seconds()
    subject, issued, ends = claims["sub"], claims["iat"], claims["exp"]
    is_ours = (
        claims["iss"] == expected.issuer
        and claims["aud"] in (expected.client, [expected.client])
        and isinstance(subject, str)
        and 0 < len(subject) <= _LONGEST_SUBJECT
        and _is_whole(issued)
        and _is_whole(ends)
        and abs(moment - issued) <= MAX_AGE.total_seconds() + skew
        and ends - issued <= _LONGEST_LIFE.total_seconds()
    )
    if not is_ours:
        raise ElsewhereRefusedError
    level, signed_in = claims.get("acr"), claims.get("auth_time")
    is_strong = isinstance(level, str) and level in expected.levels
    age = moment - signed_in if isinstance(signed_in, int) else None
    is_now = age is not None and -skew <= age <= MAX_AGE.total_seconds() + skew
    if not is_strong or not is_now:
        raise WeakElsewhereError


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
