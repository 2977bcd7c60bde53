from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from keys import (
    LONGEST_LIFE,
    AgencyId,
    ExpectedClaims,
    KeyId,
    Keystore,
    PersonId,
    PublicKey,
    Purpose,
    TokenClaims,
    TokenFault,
    TokenRefusedError,
    issue,
    verify_token,
)

TERMS = ExpectedClaims(issuer="https://broker.example", audience="disclosure-broker")
HOLDER = TokenClaims(
    person=PersonId("person-0001"), agency=AgencyId("northtown-council"), role="practitioner"
)
Keys = Mapping[KeyId, PublicKey]


@pytest.fixture(name="keys")
def _keys(keystore: Keystore) -> Keys:
    return keystore.public_keys(Purpose.TOKEN)


@pytest.fixture(name="token")
def _token(keystore: Keystore, noon: datetime) -> str:
    return issue(keystore.signing_key(Purpose.TOKEN), HOLDER, terms=TERMS, now=noon)


def refusal_of(token: str, keys: Keys, now: datetime, terms: ExpectedClaims = TERMS) -> TokenFault:
    with pytest.raises(TokenRefusedError) as refused:
        verify_token(token, keys, terms=terms, now=now)
    return refused.value.reason


@pytest.mark.parametrize("role", ["practitioner", "police-lead", "r", "x" * 64])
def test_a_token_speaks_for_whom_it_was_issued(
    keystore: Keystore, keys: Keys, noon: datetime, role: str
) -> None:
    claims = TokenClaims(person=PersonId("p"), agency=AgencyId("a-1"), role=role)

    token = issue(keystore.signing_key(Purpose.TOKEN), claims, terms=TERMS, now=noon)

    assert verify_token(token, keys, terms=TERMS, now=noon) == claims


@pytest.mark.parametrize("seconds", [-60, 0, 899], ids=str)
def test_a_token_counts_within_its_time(
    token: str, keys: Keys, noon: datetime, seconds: int
) -> None:
    now = noon + timedelta(seconds=seconds)

    assert verify_token(token, keys, terms=TERMS, now=now) == HOLDER


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [
        pytest.param(-61, TokenFault.TIME, id="a second too early"),
        pytest.param(900, TokenFault.EXPIRED, id="a second too late"),
        pytest.param(86_400, TokenFault.EXPIRED, id="a day too late"),
    ],
)
def test_a_token_counts_at_no_other_time(
    token: str, keys: Keys, noon: datetime, seconds: int, reason: TokenFault
) -> None:
    assert refusal_of(token, keys, noon + timedelta(seconds=seconds)) is reason


@pytest.mark.parametrize(
    "lifetime",
    [
        pytest.param(LONGEST_LIFE + timedelta(seconds=1), id="too long"),
        pytest.param(timedelta(0), id="none"),
        pytest.param(timedelta(minutes=-1), id="negative"),
    ],
)
def test_no_token_is_issued_for_another_lifetime(
    keystore: Keystore, noon: datetime, lifetime: timedelta
) -> None:
    signer = keystore.signing_key(Purpose.TOKEN)

    with pytest.raises(TokenRefusedError) as refused:
        issue(signer, HOLDER, terms=TERMS, now=noon, lifetime=lifetime)

    assert refused.value.reason is TokenFault.LIFETIME


@pytest.mark.parametrize("person", ["", "Person", "person_1", "p" * 65, "a b", "p\n"], ids=repr)
def test_no_token_is_issued_for_another_spelling_of_a_person(
    keystore: Keystore, noon: datetime, person: str
) -> None:
    claims = TokenClaims(person=PersonId(person), agency=HOLDER.agency, role=HOLDER.role)

    with pytest.raises(TokenRefusedError) as refused:
        issue(keystore.signing_key(Purpose.TOKEN), claims, terms=TERMS, now=noon)

    assert refused.value.reason is TokenFault.HOLDER


def test_two_tokens_never_have_the_same_serial(keystore: Keystore, noon: datetime) -> None:
    signer = keystore.signing_key(Purpose.TOKEN)

    assert issue(signer, HOLDER, terms=TERMS, now=noon) != issue(
        signer, HOLDER, terms=TERMS, now=noon
    )


def test_a_token_outlives_the_rotation_of_its_key(
    keystore: Keystore, token: str, noon: datetime
) -> None:
    keystore.activate(keystore.prepare(Purpose.TOKEN, noon).kid)

    keys = keystore.public_keys(Purpose.TOKEN)
    assert verify_token(token, keys, terms=TERMS, now=noon) == HOLDER


def test_a_token_dies_with_the_retirement_of_its_key(
    keystore: Keystore, token: str, noon: datetime
) -> None:
    old = keystore.signing_key(Purpose.TOKEN)
    keystore.activate(keystore.prepare(Purpose.TOKEN, noon).kid)
    keystore.retire(old.kid)

    assert refusal_of(token, keystore.public_keys(Purpose.TOKEN), noon) is TokenFault.KEY


def test_a_key_of_another_purpose_signs_no_token(keystore: Keystore, noon: datetime) -> None:
    token = issue(keystore.signing_key(Purpose.LEDGER), HOLDER, terms=TERMS, now=noon)

    assert refusal_of(token, keystore.public_keys(Purpose.LEDGER), noon) is TokenFault.KEY
    assert refusal_of(token, keystore.public_keys(Purpose.TOKEN), noon) is TokenFault.KEY


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        pytest.param(
            ExpectedClaims(issuer=TERMS.issuer, audience="disclosure"),
            TokenFault.AUDIENCE,
            id="audience is a prefix",
        ),
        pytest.param(
            ExpectedClaims(issuer=TERMS.issuer, audience="Disclosure-broker"),
            TokenFault.AUDIENCE,
            id="audience in another case",
        ),
        pytest.param(
            ExpectedClaims(issuer="https://broker.exampl", audience=TERMS.audience),
            TokenFault.ISSUER,
            id="issuer is a prefix",
        ),
        pytest.param(
            ExpectedClaims(issuer="https://broker.example/", audience=TERMS.audience),
            TokenFault.ISSUER,
            id="issuer with a slash more",
        ),
    ],
)
def test_a_token_counts_between_those_it_names_only(
    token: str, keys: Keys, noon: datetime, terms: ExpectedClaims, reason: TokenFault
) -> None:
    assert refusal_of(token, keys, noon, terms) is reason


def test_every_refusal_reads_the_same() -> None:
    assert {str(TokenRefusedError(reason)) for reason in TokenFault} == {
        "The token is not valid, or its time is over. Ask for a new one."
    }
