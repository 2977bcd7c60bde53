"""Tokens at the door: whatever is wrong with one, the answer is the same and says nothing."""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from brokers import NOON, NURSE, Clock, a_token
from callers import PACKS, PREVIEWS, a_caller
from gateways import gateway
from homes import Prepared
from packs import pack_bytes
from werkzeug.test import TestResponse

from broker.access.tokens import TERMS
from broker.cli.session import token_in
from broker.domain.roles import Role
from broker.wiring import Services
from keys import ExpectedClaims, Purpose, SigningKey, TokenClaims, issue

NOW = int(NOON.timestamp())
STRANGER = SigningKey.from_seed(
    b"another seed, known to a forger.", purpose=Purpose.TOKEN, created_at=NOON
)
Forger = Callable[[Services], str]


@pytest.fixture(scope="module", name="shared")
def _shared(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    """One broker for all: nobody gets in, so nothing changes."""
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("tokens") / "home", Clock())
    yield services
    services.close()


def asked(services: Services, *authorization: str, path: str = PACKS) -> TestResponse:
    headers = [("Authorization", value) for value in authorization]
    return gateway(services).test_client().get(path, headers=headers)


def bearer(token: str) -> str:
    return f"Bearer {token}"


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def the_key(services: Services) -> SigningKey:
    return services.keystore.signing_key(Purpose.TOKEN)


def forged(
    services: Services,
    *,
    signer: SigningKey | None = None,
    header: dict[str, Any] | None = None,
    **claims: Any,
) -> str:
    """Return a token that is right but for what is given; `...` takes a claim out."""
    key = signer or the_key(services)
    head = {"alg": "EdDSA", "typ": "disclosure-broker+jwt", "kid": key.kid, **(header or {})}
    body = {
        "iss": TERMS.issuer,
        "aud": TERMS.audience,
        "sub": NURSE.id,
        "agency": NURSE.agency,
        "role": "practitioner",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 900,
        "jti": "made-up-serial-0001",
        **claims,
    }
    body = {name: value for name, value in body.items() if value is not ...}
    unsigned = f"{base64url(json.dumps(head).encode())}.{base64url(json.dumps(body).encode())}"
    return f"{unsigned}.{base64url(key.sign(unsigned.encode()))}"


def unsigned_by_hand(services: Services, algorithm: str) -> str:
    head = {"alg": algorithm, "typ": "disclosure-broker+jwt", "kid": the_key(services).kid}
    _, body, _ = forged(services).split(".")
    return f"{base64url(json.dumps(head).encode())}.{body}."


def keyed_with_the_public_key(services: Services) -> str:
    head = {"alg": "HS256", "typ": "disclosure-broker+jwt", "kid": the_key(services).kid}
    _, body, _ = forged(services).split(".")
    unsigned = f"{base64url(json.dumps(head).encode())}.{body}"
    mac = hmac.digest(the_key(services).public_key, unsigned.encode(), hashlib.sha256)
    # As long as a signature of Ed25519, so that its length gives nothing away.
    return f"{unsigned}.{base64url(mac + mac)}"


def with_another_role(services: Services) -> str:
    head, body, signature = a_token(services, NURSE, Role.AUDITOR).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["role"] = "practitioner"
    return f"{head}.{base64url(json.dumps(claims).encode())}.{signature}"


def issued_for(services: Services, terms: ExpectedClaims) -> str:
    claims = TokenClaims(person=NURSE.id, agency=NURSE.agency, role=Role.PRACTITIONER)
    return issue(the_key(services), claims, terms=terms, now=NOON)


def issued_long_ago(services: Services) -> str:
    claims = TokenClaims(person=NURSE.id, agency=NURSE.agency, role=Role.PRACTITIONER)
    then = NOON - timedelta(minutes=15)
    return issue(the_key(services), claims, terms=TERMS, now=then)


FORGERS = [
    pytest.param(lambda _: "", id="empty"),
    pytest.param(lambda _: "Zzcanary", id="no token"),
    pytest.param(lambda _: "a.b.c", id="three letters"),
    pytest.param(lambda _: "Z" * 100_000, id="100,000 letters"),
    pytest.param(issued_long_ago, id="expired"),
    pytest.param(lambda services: forged(services, exp=NOW), id="expiring now"),
    pytest.param(
        lambda services: forged(services, iat=NOW + 3600, exp=NOW + 4000), id="from the future"
    ),
    pytest.param(lambda services: forged(services, exp=10**30), id="for ever"),
    pytest.param(lambda services: forged(services, exp="soon"), id="expiry in words"),
    pytest.param(lambda services: forged(services, exp=...), id="no expiry"),
    pytest.param(lambda services: forged(services, jti=...), id="no serial"),
    pytest.param(lambda services: forged(services, aud=...), id="no audience"),
    pytest.param(lambda services: forged(services, extra="x"), id="a claim too many"),
    pytest.param(lambda services: forged(services, signer=STRANGER), id="another key"),
    pytest.param(
        lambda services: forged(services, signer=STRANGER, header={"kid": the_key(services).kid}),
        id="another key under our name",
    ),
    pytest.param(lambda services: forged(services, header={"typ": "JWT"}), id="another kind"),
    pytest.param(
        lambda services: forged(services, header={"typ": "at+jwt"}), id="an access token"
    ),
    pytest.param(
        lambda services: forged(services, header={"crit": ["x"]}), id="a critical extension"
    ),
    pytest.param(
        lambda services: forged(services, header={"jku": "https://example.invalid/keys"}),
        id="keys from elsewhere",
    ),
    pytest.param(lambda services: unsigned_by_hand(services, "none"), id="alg none"),
    pytest.param(lambda services: unsigned_by_hand(services, "nOnE"), id="alg nOnE"),
    pytest.param(keyed_with_the_public_key, id="HS256 keyed with the public key"),
    pytest.param(
        lambda services: forged(services, header={"alg": "ES256"}), id="another algorithm"
    ),
    pytest.param(
        lambda services: issued_for(
            services, ExpectedClaims(issuer=TERMS.issuer, audience="elsewhere")
        ),
        id="another audience",
    ),
    pytest.param(lambda services: forged(services, aud=[TERMS.audience, "x"]), id="two audiences"),
    pytest.param(
        lambda services: issued_for(
            services, ExpectedClaims(issuer="elsewhere", audience=TERMS.audience)
        ),
        id="another issuer",
    ),
    pytest.param(with_another_role, id="a role of one's own"),
    pytest.param(lambda services: forged(services, role="partner"), id="a role of before"),
    pytest.param(lambda services: forged(services, role="Practitioner"), id="a role in capitals"),
    pytest.param(
        lambda services: forged(services, sub="Zzcanary Qqcanary"), id="a name for a person"
    ),
    pytest.param(lambda services: f"{forged(services)}==", id="padding"),
    pytest.param(lambda services: f"{forged(services)} ", id="a space behind"),
    pytest.param(lambda services: forged(services)[:-8] + "AAAAAAAA", id="the end changed"),
]


@pytest.fixture(scope="module", name="refusal")
def _refusal(shared: Services) -> dict[str, Any]:
    """What somebody without any token is told."""
    return told(asked(shared))


def told(answer: TestResponse) -> dict[str, Any]:
    """Return status, headers that speak of the token, and body, without what every answer has."""
    body: dict[str, Any] = json.loads(answer.get_data())
    del body["request_id"]
    named = ("WWW-Authenticate", "Content-Type", "Set-Cookie", "Retry-After")
    return {**body, "headers": {name: answer.headers.get(name) for name in named}}


def test_without_a_token_the_answer_is_401_and_says_what_to_do(refusal: dict[str, Any]) -> None:
    assert refusal == {
        "type": "urn:disclosure-broker:problem:token-refused",
        "title": "The token was not accepted",
        "status": 401,
        "detail": "The token is not valid, or its time is over. Ask for a new one.",
        "headers": {
            "WWW-Authenticate": 'Bearer, DPoP algs="EdDSA ES256 PS256 RS512"',
            "Content-Type": "application/problem+json",
            "Set-Cookie": None,
            "Retry-After": None,
        },
    }


def test_the_forger_of_these_tests_would_get_in_with_nothing_wrong(shared: Services) -> None:
    assert asked(shared, bearer(forged(shared))).status_code == 200


@pytest.mark.parametrize("forge", FORGERS)
def test_a_token_that_is_not_right_is_refused_like_none(
    shared: Services, refusal: dict[str, Any], forge: Forger
) -> None:
    answer = asked(shared, bearer(forge(shared)))

    assert told(answer) == refusal


@pytest.mark.parametrize(
    "spelt",
    [
        pytest.param("{}", id="bare"),
        pytest.param("Basic {}", id="Basic"),
        pytest.param("DPoP {}", id="DPoP"),
        pytest.param("Bearer  {}", id="two spaces"),
        pytest.param("Bearer\t{}", id="a tab"),
        pytest.param('Bearer "{}"', id="quoted"),
        pytest.param("Bearer {0}, Bearer {0}", id="two in one header"),
    ],
)
def test_a_good_token_in_a_bad_header_is_refused(
    shared: Services, refusal: dict[str, Any], spelt: str
) -> None:
    assert told(asked(shared, spelt.format(a_token(shared, NURSE)))) == refusal


def test_two_headers_are_refused_though_both_tokens_are_good(
    shared: Services, refusal: dict[str, Any]
) -> None:
    token = bearer(a_token(shared, NURSE))

    assert told(asked(shared, token, token)) == refusal


@pytest.mark.parametrize("name", ["access_token", "token", "authorization"])
def test_a_token_in_the_address_is_ignored(
    shared: Services, refusal: dict[str, Any], name: str
) -> None:
    token = a_token(shared, NURSE)

    assert told(asked(shared, path=f"{PACKS}?{name}={token}")) == refusal


def test_a_token_in_a_cookie_is_ignored(shared: Services, refusal: dict[str, Any]) -> None:
    client = gateway(shared).test_client()
    client.set_cookie("access_token", a_token(shared, NURSE))

    assert told(client.get(PACKS)) == refusal


def test_headers_that_a_proxy_might_set_make_nobody(
    shared: Services, refusal: dict[str, Any]
) -> None:
    names = ("X-Forwarded-User", "X-Remote-User", "X-Client-Cert", "X-User", "Remote-User")
    client = gateway(shared).test_client()

    answer = client.get(PACKS, headers=dict.fromkeys(names, "p-nurse"))

    assert told(answer) == refusal


@pytest.mark.parametrize("path", [PACKS, PREVIEWS, f"{PACKS}/PRV-0000-0000/handover"])
def test_a_stranger_is_refused_before_a_body_is_looked_at(
    shared: Services, refusal: dict[str, Any], path: str
) -> None:
    client = gateway(shared).test_client()

    assert told(client.post(path, data=b"{")) == refusal
    assert told(client.post(path, data=pack_bytes())) == refusal


def test_a_key_that_was_retired_signs_no_token_any_more(sqlite_broker: Services) -> None:
    services = sqlite_broker
    token, old = a_token(services, NURSE), the_key(services)
    assert asked(services, bearer(token)).status_code == 200

    services.keystore.activate(services.keystore.prepare(Purpose.TOKEN, NOON).kid)
    assert asked(services, bearer(token)).status_code == 200
    services.keystore.retire(old.kid)

    assert asked(services, bearer(token)).status_code == 401


def test_no_refusal_is_written_down_on_the_ledger(shared: Services) -> None:
    auditor = a_caller(shared, NURSE, Role.AUDITOR)
    before = auditor.get("/api/v1/ledger/entries").json

    asked(shared, bearer(os.urandom(40).hex()))

    assert auditor.get("/api/v1/ledger/entries").json == before


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "BeArEr"])
def test_the_name_of_a_scheme_is_read_in_any_letters(services: Services, scheme: str) -> None:
    token = bearer(a_token(services, NURSE)).removeprefix("Bearer ")

    assert asked(services, f"{scheme} {token}").status_code == 200
    assert asked(services, f"{scheme}{token}").status_code == 401


@pytest.mark.parametrize(
    ("path", "known"),
    [
        pytest.param(f"{PACKS}?limit=5", "none", id="no parameter at all"),
        pytest.param("/api/v1/ledger/entries?form=3", "from, count", id="a misspelt one"),
        pytest.param("/api/v1/ledger/entries?from=1&from=2", "from, count", id="one twice"),
    ],
)
def test_a_parameter_that_no_route_takes_is_refused(
    services: Services, path: str, known: str
) -> None:
    role = Role.PRACTITIONER if path.startswith(PACKS) else Role.AUDITOR
    answer = asked(services, bearer(a_token(services, NURSE, role)), path=path)

    assert answer.status_code == 400
    assert f"It takes: {known}." in answer.get_data(as_text=True)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_of_a_token_that_others_can_read_is_not_used(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "token"
    file.write_text("made-up")
    file.chmod(mode)
    with pytest.raises(click.UsageError, match="chmod 600"):
        token_in(file)

    file.chmod(0o600)
    assert token_in(file) == "made-up"
