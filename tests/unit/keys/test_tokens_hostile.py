"""Tokens that somebody forged: each is refused, for the reason beside it."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from keys import (
    ExpectedClaims,
    KeyState,
    PublicKey,
    Purpose,
    SigningKey,
    TokenFault,
    TokenRefusedError,
    verify_token,
)
from keys.encoding import base64url

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
NOW = int(NOON.timestamp())
TERMS = ExpectedClaims(issuer="https://broker.example", audience="disclosure-broker")
SIGNER = SigningKey.from_seed(
    b"made-up seed for tests, 32 bytes", purpose=Purpose.TOKEN, created_at=NOON
)
STRANGER = SigningKey.from_seed(
    b"another seed, known to a forger.", purpose=Purpose.TOKEN, created_at=NOON
)
KEYS = {
    SIGNER.kid: PublicKey(
        kid=SIGNER.kid,
        purpose=SIGNER.purpose,
        state=KeyState.ACTIVE,
        created_at=NOON,
        public_key=SIGNER.public_key,
    )
}
HEADER: dict[str, object] = {"alg": "EdDSA", "typ": "disclosure-broker+jwt", "kid": SIGNER.kid}
CLAIMS: dict[str, object] = {
    "iss": TERMS.issuer,
    "aud": TERMS.audience,
    "sub": "person-0001",
    "agency": "northtown-council",
    "role": "practitioner",
    "iat": NOW,
    "nbf": NOW,
    "exp": NOW + 900,
    "jti": "made-up-serial-0001",
}


def signed(header: bytes, claims: bytes, signer: SigningKey = SIGNER) -> str:
    unsigned = f"{base64url(header)}.{base64url(claims)}"
    return f"{unsigned}.{base64url(signer.sign(unsigned.encode()))}"


def with_header(**changes: object) -> str:
    return signed(json.dumps(HEADER | changes).encode(), json.dumps(CLAIMS).encode())


def without_header(name: str) -> str:
    header = {key: value for key, value in HEADER.items() if key != name}
    return signed(json.dumps(header).encode(), json.dumps(CLAIMS).encode())


def with_claims(**changes: object) -> str:
    return signed(json.dumps(HEADER).encode(), json.dumps(CLAIMS | changes).encode())


def without_claim(name: str) -> str:
    claims = {key: value for key, value in CLAIMS.items() if key != name}
    return signed(json.dumps(HEADER).encode(), json.dumps(claims).encode())


def with_payload(payload: bytes) -> str:
    return signed(json.dumps(HEADER).encode(), payload)


def with_claim_spelt(name: str, spelling: str) -> str:
    """Return a token in which one claim is written as no JSON writer would."""
    marked = json.dumps(CLAIMS | {name: "MARK"}).replace('"MARK"', spelling)
    return with_payload(marked.encode())


def honest() -> str:
    return with_claims()


def part(number: int, change: Callable[[str], str]) -> str:
    parts = honest().split(".")
    parts[number] = change(parts[number])
    return ".".join(parts)


def keyed_with_public_key() -> str:
    header = json.dumps(HEADER | {"alg": "HS256"}).encode()
    unsigned = f"{base64url(header)}.{base64url(json.dumps(CLAIMS).encode())}"
    mac = hmac.digest(SIGNER.public_key, unsigned.encode(), hashlib.sha256)
    return f"{unsigned}.{base64url(mac + mac)}"


def last_bits_changed(text: str) -> str:
    """Return another spelling of the same bytes: 64 bytes leave four bits of the last letter."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def test_the_honest_token_of_this_page_is_accepted() -> None:
    assert verify_token(honest(), KEYS, terms=TERMS, now=NOON).person == "person-0001"


FORM = [
    pytest.param("", id="empty"),
    pytest.param("..", id="two dots"),
    pytest.param(honest() + "==", id="padded"),
    pytest.param(honest() + "\n", id="line end after"),
    pytest.param(" " + honest(), id="space before"),
    pytest.param(honest() + "." + "A" * 86, id="four parts"),
    pytest.param(honest().rpartition(".")[0], id="two parts"),
    pytest.param(honest().rpartition(".")[0] + ".", id="signature empty"),
    pytest.param(json.dumps({"payload": "", "signatures": []}), id="JSON form"),
    pytest.param(part(2, lambda text: text[:-1]), id="signature short"),
    pytest.param(part(2, lambda text: text + "A"), id="signature long"),
    pytest.param(part(2, last_bits_changed), id="signature spelt otherwise"),
    pytest.param(part(0, lambda text: text.replace("e", "é", 1)), id="not ASCII"),
    pytest.param(part(0, lambda text: "+/" + text), id="other alphabet"),
]
HEADER_FAULTS = [
    pytest.param(with_header(jku="https://keys.example"), id="jku"),
    pytest.param(with_header(x5u="https://keys.example"), id="x5u"),
    pytest.param(with_header(x5c=["AAAA"]), id="x5c"),
    pytest.param(with_header(jwk={"kty": "OKP"}), id="jwk"),
    pytest.param(with_header(zip="DEF"), id="zip"),
    pytest.param(with_header(crit=["unheard-of"]), id="crit unknown"),
    pytest.param(with_header(crit=[]), id="crit empty"),
    pytest.param(with_header(b64=False), id="b64 false"),
    pytest.param(with_header(cty="JWT"), id="cty"),
    pytest.param(without_header("alg"), id="no alg"),
    pytest.param(without_header("typ"), id="no typ"),
    pytest.param(without_header("kid"), id="no kid"),
    pytest.param(signed(b"[]", b"{}"), id="header a list"),
    pytest.param(signed(b'{"alg":"EdDSA","alg":"none"}', b"{}"), id="header member twice"),
    pytest.param(signed(b"\xff", b"{}"), id="header not UTF-8"),
    pytest.param(part(0, lambda text: text + "A" * (5 - len(text) % 4)), id="header length"),
]
ALGORITHM_FAULTS = [
    pytest.param(with_header(alg=name), id=f"alg {name!r}")
    for name in (
        "none",
        "None",
        "nOnE",
        "",
        "HS256",
        "RS256",
        "ES256",
        "Ed25519",
        "eddsa",
        None,
        7,
    )
]
TYPE_FAULTS = [
    pytest.param(with_header(typ=name), id=f"typ {name!r}")
    for name in ("JWT", "at+jwt", "dpop+jwt", "Disclosure-broker+jwt", "", None)
]
KEY_FAULTS = [
    pytest.param(with_header(kid="../../dev/null"), id="kid a path"),
    pytest.param(with_header(kid="' OR 1=1 --"), id="kid a query"),
    pytest.param(with_header(kid=""), id="kid empty"),
    pytest.param(with_header(kid="k" * 65), id="kid too long"),
    pytest.param(with_header(kid=7), id="kid a number"),
    pytest.param(with_header(kid=[SIGNER.kid]), id="kid a list"),
    pytest.param(with_header(kid=STRANGER.kid), id="kid of a stranger"),
]
SIGNATURE_FAULTS = [
    pytest.param(
        signed(json.dumps(HEADER).encode(), json.dumps(CLAIMS).encode(), STRANGER),
        id="signed by a stranger",
    ),
    pytest.param(part(2, lambda _: "A" * 86), id="signature of zeros"),
    pytest.param(
        ".".join((*with_claims(role="administrator").split(".")[:2], honest().split(".")[2])),
        id="role raised",
    ),
]
CLAIMS_FAULTS = [
    *(pytest.param(without_claim(name), id=f"no {name}") for name in CLAIMS),
    pytest.param(with_claims(scope="all"), id="a claim more"),
    pytest.param(with_payload(b"[]"), id="claims a list"),
    pytest.param(with_payload(b'"text"'), id="claims a text"),
    pytest.param(with_payload(b"\xff\xfe"), id="claims not UTF-8"),
    pytest.param(with_payload(b"[" * 5000), id="claims 5,000 deep"),
    pytest.param(with_payload(b"9" * 5000), id="claims a number of 5,000 digits"),
    pytest.param(with_claim_spelt("exp", "NaN"), id="exp NaN"),
    pytest.param(with_claim_spelt("exp", "Infinity"), id="exp Infinity"),
    pytest.param(with_claim_spelt("exp", "-Infinity"), id="exp -Infinity"),
    pytest.param(with_claim_spelt("sub", '"person-0001","sub":"admin"'), id="sub twice"),
    pytest.param(with_claims(exp=None), id="exp null"),
    pytest.param(with_claims(sub=7), id="sub a number"),
    pytest.param(with_claims(jti=7), id="jti a number"),
]
AUDIENCE_FAULTS = [
    pytest.param(with_claims(aud=[TERMS.audience]), id="aud a list"),
    pytest.param(with_claims(aud=[TERMS.audience, "another"]), id="aud two"),
    pytest.param(with_claims(aud="disclosure-broker/"), id="aud with a slash"),
    pytest.param(with_claims(aud="DISCLOSURE-BROKER"), id="aud in capitals"),
    pytest.param(with_claims(aud="disclosure"), id="aud a prefix"),
    pytest.param(with_claims(aud=7), id="aud a number"),
]
ISSUER_FAULTS = [
    pytest.param(with_claims(iss="https://broker.exampl"), id="iss a prefix"),
    pytest.param(with_claims(iss=""), id="iss empty"),
    pytest.param(with_claims(iss=[TERMS.issuer]), id="iss a list"),
]
TIME_FAULTS = [
    pytest.param(with_claims(exp=str(NOW + 900)), id="exp a text"),
    pytest.param(with_claims(exp=NOW + 900.0), id="exp a fraction"),
    pytest.param(with_claims(exp=True), id="exp true"),
    pytest.param(with_claim_spelt("exp", "1e999"), id="exp 1e999"),
    pytest.param(with_claims(iat=str(NOW)), id="iat a text"),
    pytest.param(with_claims(nbf=str(NOW)), id="nbf a text"),
    pytest.param(with_claims(iat=NOW + 61, exp=NOW + 900), id="iat ahead"),
    pytest.param(with_claims(iat=NOW + 3600, exp=NOW + 4500), id="iat an hour ahead"),
    pytest.param(with_claims(nbf=NOW + 61), id="nbf ahead"),
]
LIFETIME_FAULTS = [
    pytest.param(with_claims(exp=NOW + 901), id="a second too long"),
    pytest.param(with_claims(exp=NOW + 10 * 365 * 86400), id="exp in ten years"),
    pytest.param(with_claims(exp=10**30), id="exp 10^30"),
    pytest.param(with_claims(iat=NOW - 2 * 365 * 86400), id="iat two years ago"),
    pytest.param(with_claims(iat=NOW, exp=NOW), id="no life"),
    pytest.param(with_claims(iat=NOW, exp=NOW - 1), id="backwards"),
]
EXPIRED = [
    pytest.param(with_claims(iat=NOW - 900, nbf=NOW - 900, exp=NOW), id="just expired"),
    pytest.param(with_claims(iat=-NOW, nbf=0, exp=-NOW + 900), id="before 1970"),
]
HOLDER_FAULTS = [
    pytest.param(with_claims(sub=""), id="sub empty"),
    pytest.param(with_claims(sub="Person-0001"), id="sub in capitals"),
    pytest.param(with_claims(sub="p" * 65), id="sub too long"),
    pytest.param(with_claims(sub="person-0001\n"), id="sub with a line end"),
    pytest.param(with_claims(sub="\uff50erson"), id="sub with a wide letter"),
    pytest.param(with_claims(agency=["northtown"]), id="agency a list"),
    pytest.param(with_claims(agency="a/b"), id="agency a path"),
    pytest.param(with_claims(role="Auditor"), id="role in capitals"),
    pytest.param(with_claims(role=["auditor"]), id="role a list"),
    pytest.param(with_claims(jti=""), id="jti empty"),
    pytest.param(with_claims(jti="short"), id="jti short"),
    pytest.param(with_claims(jti="j" * 65), id="jti long"),
]


def refused_as(reason: TokenFault, token: str) -> None:
    with pytest.raises(TokenRefusedError) as refused:
        verify_token(token, KEYS, terms=TERMS, now=NOON)
    assert refused.value.reason is reason


@pytest.mark.parametrize("token", FORM)
def test_a_token_of_another_form_is_refused(token: str) -> None:
    refused_as(TokenFault.FORM, token)


@pytest.mark.parametrize("token", HEADER_FAULTS)
def test_another_header_is_refused(token: str) -> None:
    refused_as(TokenFault.HEADER, token)


@pytest.mark.parametrize("token", ALGORITHM_FAULTS)
def test_another_algorithm_is_refused(token: str) -> None:
    refused_as(TokenFault.ALGORITHM, token)


def test_our_public_key_is_no_shared_secret() -> None:
    refused_as(TokenFault.ALGORITHM, keyed_with_public_key())


@pytest.mark.parametrize("token", TYPE_FAULTS)
def test_another_kind_of_token_is_refused(token: str) -> None:
    refused_as(TokenFault.TYPE, token)


@pytest.mark.parametrize("token", KEY_FAULTS)
def test_an_unknown_key_is_refused(token: str) -> None:
    refused_as(TokenFault.KEY, token)


@pytest.mark.parametrize("token", SIGNATURE_FAULTS)
def test_a_forged_signature_is_refused(token: str) -> None:
    refused_as(TokenFault.SIGNATURE, token)


@pytest.mark.parametrize("token", CLAIMS_FAULTS)
def test_other_claims_are_refused(token: str) -> None:
    refused_as(TokenFault.CLAIMS, token)


@pytest.mark.parametrize("token", AUDIENCE_FAULTS)
def test_another_audience_is_refused(token: str) -> None:
    refused_as(TokenFault.AUDIENCE, token)


@pytest.mark.parametrize("token", ISSUER_FAULTS)
def test_another_issuer_is_refused(token: str) -> None:
    refused_as(TokenFault.ISSUER, token)


@pytest.mark.parametrize("token", TIME_FAULTS)
def test_moments_that_are_none_or_to_come_are_refused(token: str) -> None:
    refused_as(TokenFault.TIME, token)


@pytest.mark.parametrize("token", LIFETIME_FAULTS)
def test_another_lifetime_is_refused(token: str) -> None:
    refused_as(TokenFault.LIFETIME, token)


@pytest.mark.parametrize("token", EXPIRED)
def test_an_expired_token_is_refused(token: str) -> None:
    refused_as(TokenFault.EXPIRED, token)


@pytest.mark.parametrize("token", HOLDER_FAULTS)
def test_another_holder_is_refused(token: str) -> None:
    refused_as(TokenFault.HOLDER, token)


@pytest.mark.parametrize("length", [8 * 1024 + 1, 5_000_000], ids=str)
def test_a_token_too_long_is_refused_before_it_is_read(length: int) -> None:
    refused_as(TokenFault.SIZE, "." * length)


def test_a_token_of_the_longest_length_is_read() -> None:
    refused_as(TokenFault.FORM, "." * (8 * 1024))
