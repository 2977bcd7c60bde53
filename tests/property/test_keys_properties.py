import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rounds import rounds

from keys import (
    CannotOpenError,
    CaseId,
    CaseKey,
    ExpectedClaims,
    InvalidSignatureError,
    KeyState,
    Place,
    PublicKey,
    Purpose,
    SigningKey,
    TokenRefusedError,
    open_field,
    seal_field,
    verify,
    verify_token,
)
from keys.encoding import base64url, base64url_content, framed

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
TERMS = ExpectedClaims(issuer="https://broker.example", audience="disclosure-broker")
SIGNER = SigningKey.from_seed(bytes(32), purpose=Purpose.TOKEN, created_at=NOON)
KEYS = {
    SIGNER.kid: PublicKey(
        kid=SIGNER.kid,
        purpose=SIGNER.purpose,
        state=KeyState.ACTIVE,
        created_at=NOON,
        public_key=SIGNER.public_key,
    )
}

CASE = CaseId("case-0001")
texts = st.text(st.characters(codec="utf-8"), max_size=20)
case_keys = st.builds(
    CaseKey,
    case=st.just(CASE),
    key_id=st.binary(min_size=16, max_size=16),
    material=st.binary(min_size=32, max_size=32),
)
places = st.builds(Place, case=st.just(CASE), field=texts, version=st.integers(0, 2**64 - 1))


@settings(max_examples=rounds(50), deadline=None)
@given(case_keys, st.binary(max_size=200), places)
def test_what_is_sealed_opens(key: CaseKey, plaintext: bytes, place: Place) -> None:
    assert open_field(key, seal_field(key, plaintext, place), place) == plaintext


@settings(max_examples=rounds(50), deadline=None)
@given(case_keys, st.binary(max_size=200), places, st.data())
def test_any_flipped_bit_keeps_it_shut(
    key: CaseKey, plaintext: bytes, place: Place, data: st.DataObject
) -> None:
    blob = bytearray(seal_field(key, plaintext, place))
    at = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[at // 8] ^= 1 << at % 8

    with pytest.raises(CannotOpenError):
        open_field(key, bytes(blob), place)


@settings(max_examples=rounds(50), deadline=None)
@given(case_keys, places, places)
def test_no_other_place_opens_it(key: CaseKey, place: Place, other: Place) -> None:
    blob = seal_field(key, b"made up", place)

    if other != place:
        with pytest.raises(CannotOpenError):
            open_field(key, blob, other)


@settings(max_examples=rounds(50), deadline=None)
@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_framed_parts_are_the_same_only_if_each_is(one: list[bytes], two: list[bytes]) -> None:
    assert (framed(*one) == framed(*two)) == (one == two)


@settings(max_examples=rounds(50), deadline=None)
@given(st.binary(max_size=40))
def test_base64url_comes_back(content: bytes) -> None:
    assert base64url_content(base64url(content)) == content


@settings(max_examples=rounds(50), deadline=None)
@given(st.binary(max_size=100), st.integers(0, 511))
def test_any_flipped_bit_of_a_signature_is_found(message: bytes, at: int) -> None:
    signature = bytearray(SIGNER.sign(message))
    verify(message, bytes(signature), SIGNER.public_key)
    signature[at // 8] ^= 1 << at % 8

    with pytest.raises(InvalidSignatureError):
        verify(message, bytes(signature), SIGNER.public_key)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
CLAIMS: dict[str, object] = {
    "iss": TERMS.issuer,
    "aud": TERMS.audience,
    "sub": "person-0001",
    "agency": "northtown-council",
    "role": "practitioner",
    "iat": int(NOON.timestamp()),
    "nbf": int(NOON.timestamp()),
    "exp": int((NOON + timedelta(minutes=15)).timestamp()),
    "jti": "made-up-serial-0001",
}


def signed(claims: object) -> str:
    header = {"alg": "EdDSA", "typ": "disclosure-broker+jwt", "kid": SIGNER.kid}
    unsigned = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    return f"{unsigned}.{base64url(SIGNER.sign(unsigned.encode()))}"


@settings(max_examples=rounds(100), deadline=None)
@given(st.sampled_from(sorted(CLAIMS)), json_values)
def test_a_claim_of_any_other_shape_is_refused_in_our_words(name: str, value: object) -> None:
    token = signed(CLAIMS | {name: value})

    try:
        holder = verify_token(token, KEYS, terms=TERMS, now=NOON)
    except TokenRefusedError:
        return
    assert (holder.person, holder.agency, holder.role) == tuple(
        (CLAIMS | {name: value})[claim] for claim in ("sub", "agency", "role")
    )


@settings(max_examples=rounds(100), deadline=None)
@given(st.one_of(st.text(max_size=60), st.builds(signed, json_values)))
def test_whatever_is_no_token_is_refused_in_our_words(token: str) -> None:
    with pytest.raises(TokenRefusedError):
        verify_token(token, KEYS, terms=TERMS, now=NOON)
