"""What a provider's token must say before anybody is signed in by it."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from authenticators import b64
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from broker.access.openid.id_token import Expected, subject_of
from broker.domain.people.errors import ElsewhereRefusedError, WeakElsewhereError

NOW = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})
KEYS = KeySet([RSAKey.import_key(KEY.as_dict(private=False))])
EXPECTED = Expected(
    issuer="https://login.example", client="broker", nonce="n", levels=frozenset({"AAL2"})
)
RIGHT: dict[str, Any] = {
    "iss": "https://login.example",
    "aud": "broker",
    "sub": "somebody",
    "iat": AT - 2,
    "exp": AT + 300,
    "nonce": "n",
    "acr": "AAL2",
    "auth_time": AT - 30,
}
NONE = b'{"alg":"none"}'
Claims = dict[str, Any]


def signed(claims: Claims, key: Any = KEY, alg: str = "RS256") -> str:
    return jwt.encode({"alg": alg, "kid": "one"}, claims, key, algorithms=[alg])


def with_(**changes: Any) -> Claims:
    return {name: value for name, value in {**RIGHT, **changes}.items() if value is not None}


@pytest.mark.parametrize("audience", ["broker", ["broker"]])
def test_a_right_token_names_who_signed_in(audience: object) -> None:
    assert subject_of(signed(with_(aud=audience)), KEYS, EXPECTED, NOW) == "somebody"


@pytest.mark.parametrize(
    "claims",
    [
        with_(iss="https://login.example/"),
        with_(iss=None),
        with_(aud="other"),
        with_(aud=["broker", "other"], azp="broker"),
        with_(aud=None),
        with_(azp="other"),
        with_(sub=None),
        with_(sub=""),
        with_(sub=7),
        with_(sub="s" * 256),
        with_(nonce=None),
        with_(nonce="another"),
        with_(exp=AT - 61),
        with_(exp=None),
        with_(exp="later"),
        with_(exp=AT + 86_400 * 400),
        with_(iat=None),
        with_(iat=AT + 120),
        with_(iat=AT - 3600),
        with_(iat=True),
        with_(nbf=AT + 120),
    ],
    ids=repr,
)
def test_a_wrong_token_lets_nobody_in(claims: Claims) -> None:
    with pytest.raises(ElsewhereRefusedError):
        subject_of(signed(claims), KEYS, EXPECTED, NOW)


@pytest.mark.parametrize(
    "claims",
    [
        with_(acr=None),
        with_(acr="AAL1"),
        with_(acr=["AAL2"]),
        with_(acr="aal2"),
        with_(auth_time=None),
        with_(auth_time=AT - 361),
        with_(auth_time=AT + 61),
        with_(auth_time=True),
    ],
    ids=repr,
)
def test_too_little_or_too_long_ago_is_told_apart(claims: Claims) -> None:
    with pytest.raises(WeakElsewhereError):
        subject_of(signed(claims), KEYS, EXPECTED, NOW)


def by_another_key() -> str:
    return signed(RIGHT, OTHER)


def by_the_public_key_as_a_secret() -> str:
    head = b64(b'{"alg":"HS256","kid":"one"}')
    signing = f"{head}.{signed(RIGHT).split('.')[1]}"
    mac = hmac.digest(KEY.as_pem(private=False), signing.encode(), "sha256")
    return f"{signing}.{b64(mac)}"


def by_no_key() -> str:
    return f"{signed(RIGHT).rpartition('.')[0]}."


def none_at_all() -> str:
    return f"{b64(NONE)}.{signed(RIGHT).split('.')[1]}."


def too_long() -> str:
    return signed(with_(more="m" * 9_000))


def no_token() -> str:
    return "x.y"


@pytest.mark.parametrize(
    "forge",
    [
        by_another_key,
        by_the_public_key_as_a_secret,
        by_no_key,
        none_at_all,
        too_long,
        no_token,
    ],
    ids=lambda forge: forge.__name__,
)
def test_a_forged_token_lets_nobody_in(forge: Callable[[], str]) -> None:
    with pytest.raises(ElsewhereRefusedError):
        subject_of(forge(), KEYS, EXPECTED, NOW)
