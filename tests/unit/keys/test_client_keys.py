"""Keys of strangers: which are fit for which algorithm, and that each of the four is verified."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import (
    Algorithm,
    TokenFault,
    TokenRefusedError,
    UnfitKeyError,
    parse_assertion,
    public_jwk,
    verify_proof,
)

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
NOW = int(NOON.timestamp())
HERE = "https://broker.example/oauth/token"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=3072)
POINT = ec.generate_private_key(ec.SECP256R1())
EDWARDS = Ed25519PrivateKey.generate()
KEYS: dict[Algorithm, Any] = {
    Algorithm.EDDSA: EDWARDS,
    Algorithm.ES256: POINT,
    Algorithm.PS256: RSA,
    Algorithm.RS512: RSA,
}


def members_of(algorithm: Algorithm) -> dict[str, Any]:
    own = jwt.get_algorithm_by_name(algorithm.value)
    found: dict[str, Any] = json.loads(own.to_jwk(KEYS[algorithm].public_key()))
    found.pop("key_ops", None)
    return found


def proof_by(algorithm: Algorithm, **header: Any) -> str:
    claims = {"jti": str(uuid.uuid4()), "htm": "POST", "htu": HERE, "iat": NOW}
    head = {"typ": "dpop+jwt", "jwk": members_of(algorithm), **header}
    return jwt.encode(claims, KEYS[algorithm], algorithm=algorithm.value, headers=head)


def reason_of(proof: str, now: datetime = NOON) -> TokenFault:
    with pytest.raises(TokenRefusedError) as refused:
        verify_proof(proof, method="POST", is_address=HERE.__eq__, now=now)
    return refused.value.reason


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_key_is_called_by_its_thumbprint_and_shows_who_holds_it(algorithm: Algorithm) -> None:
    key = public_jwk({**members_of(algorithm), "use": "sig", "kid": "any"}, algorithm)
    claims = {
        "iss": "c-1",
        "sub": "c-1",
        "aud": HERE,
        "iat": NOW,
        "exp": NOW + 60,
        "jti": "serial",
    }
    text = jwt.encode(
        claims, KEYS[algorithm], algorithm=algorithm.value, headers={"kid": key.thumbprint}
    )

    shown = parse_assertion(text).verified(
        {key.thumbprint: key}, audiences=frozenset({HERE}), now=NOON
    )
    proved = verify_proof(proof_by(algorithm), method="POST", is_address=HERE.__eq__, now=NOON)

    assert (shown.client, shown.key, shown.serial) == ("c-1", key.thumbprint, "serial")
    assert shown.until == NOON + timedelta(seconds=60)
    assert proved.key == key.thumbprint
    assert json.loads(key.text).keys() == set(key.members)


def test_another_algorithm_than_the_registered_one_is_refused_for_the_same_key() -> None:
    key = public_jwk(members_of(Algorithm.RS512), Algorithm.RS512)
    claims = dict.fromkeys(("iss", "sub"), "c-1") | {
        "aud": HERE,
        "iat": NOW,
        "exp": NOW + 60,
        "jti": "serial",
    }
    text = jwt.encode(claims, RSA, algorithm="PS256", headers={"kid": key.thumbprint})

    with pytest.raises(TokenRefusedError) as refused:
        parse_assertion(text).verified({key.thumbprint: key}, audiences={HERE}, now=NOON)
    assert refused.value.reason is TokenFault.ALGORITHM


def test_a_proof_by_an_algorithm_that_nobody_may_use_is_refused() -> None:
    text = jwt.encode(
        {"jti": "1"},
        "k" * 64,
        algorithm="HS256",
        headers={"typ": "dpop+jwt", "jwk": {"kty": "oct"}},
    )

    assert reason_of(text) is TokenFault.ALGORITHM


UNFIT = [
    pytest.param(Algorithm.EDDSA, {"d": "A" * 43}, id="private"),
    pytest.param(Algorithm.EDDSA, {"x": "AAAA"}, id="short"),
    pytest.param(Algorithm.EDDSA, {"x": 7}, id="no text"),
    pytest.param(Algorithm.EDDSA, {"x": "?" * 43}, id="no base64"),
    pytest.param(Algorithm.EDDSA, {"crv": "Ed448"}, id="another curve"),
    pytest.param(Algorithm.EDDSA, {"kty": "EC"}, id="another kind"),
    pytest.param(Algorithm.EDDSA, {"x5u": "https://elsewhere.example"}, id="an address"),
    pytest.param(Algorithm.EDDSA, {"alg": "ES256"}, id="says another algorithm"),
    pytest.param(Algorithm.EDDSA, {"use": "enc"}, id="for encryption"),
    pytest.param(Algorithm.ES256, {"y": "A" * 43}, id="beside the curve"),
    pytest.param(Algorithm.ES256, {"crv": "P-384"}, id="another curve of EC"),
    pytest.param(Algorithm.RS512, {"e": "Aw"}, id="exponent 3"),
    pytest.param(Algorithm.RS512, {"kty": "OKP"}, id="another kind than RSA"),
    pytest.param(Algorithm.RS512, {"n": "AAAA"}, id="a modulus that begins with nothing"),
    pytest.param(Algorithm.PS256, {"n": "_" * 340 + "8"}, id="2048 bits"),
    pytest.param(Algorithm.PS256, {"n": "_" * 1400}, id="longer than any"),
]


@pytest.mark.parametrize(("algorithm", "change"), UNFIT)
def test_an_unfit_key_is_refused(algorithm: Algorithm, change: dict[str, Any]) -> None:
    with pytest.raises(UnfitKeyError):
        public_jwk({**members_of(algorithm), **change}, algorithm)


def test_a_key_without_a_member_is_refused() -> None:
    with pytest.raises(UnfitKeyError):
        public_jwk({"kty": "OKP", "crv": "Ed25519"}, Algorithm.EDDSA)
