"""Tokens of machines: what a client must show, and every way in which it may be wrong.

The first 23 are those of NHS England's own suite of this grant, as its authors fixed them: claims,
serials, forms and key identifiers. One answer for all of them.
"""

import json
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

import pytest
from broker_client import public_jwk, thumbprint
from brokers import Clock
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from homes import Prepared
from machines import ADDRESS, TOKEN_URL, Machine, a_machine, ath, second_administrator, signed
from werkzeug.test import TestResponse

from broker.access.limits import Counted
from keys import Purpose

STRANGER = Ed25519PrivateKey.generate()
DISCLOSURES = f"{ADDRESS}/api/v1/disclosures"
Ask = Callable[[Machine], TestResponse]


@pytest.fixture(name="machine", scope="module")
def _machine(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Machine]:
    """One machine for all: what is refused changes nothing."""
    clock = Clock()
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("machines") / "home", clock)
    # Its clock stands still, and it fails more often than it may in an hour.
    many = {**services.limits.per_hour, Counted.CLIENT: 10_000, Counted.ADDRESS: 10_000}
    services = replace(services, limits=replace(services.limits, per_hour=many))
    with services.keystore.session():
        yield a_machine(services, second_administrator(services, clock))
    services.close()


def claimed(**claims: Any) -> Ask:
    return lambda machine: machine.ask(machine.assertion(**claims))


def headed(**header: Any) -> Ask:
    return lambda machine: machine.ask(machine.assertion(header=header))


def used_twice(machine: Machine) -> TestResponse:
    assertion = machine.assertion()
    assert machine.ask(assertion).status_code == 200
    return machine.ask(assertion)


def serial_used_twice(machine: Machine) -> TestResponse:
    assert machine.ask(machine.assertion(jti="one-serial")).status_code == 200
    return machine.ask(machine.assertion(jti="one-serial", exp=machine.now + 200))


def as_another(machine: Machine) -> TestResponse:
    return machine.ask(machine.assertion(key=STRANGER))


def by_another_algorithm(machine: Machine) -> TestResponse:
    key = ec.generate_private_key(ec.SECP256R1())
    return machine.ask(machine.assertion({"alg": "ES256"}, key))


def keyed_with_the_public_key(machine: Machine) -> TestResponse:
    raw = machine.key.public_key().public_bytes_raw()
    return machine.ask(machine.assertion({"alg": "HS256"}, raw))


def with_a_short_key(machine: Machine) -> TestResponse:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  # refused
    return machine.ask(machine.assertion({"alg": "RS512"}, key))


def unsigned(machine: Machine) -> TestResponse:
    head, body, _ = machine.assertion(header={"alg": "none"}).split(".")
    return machine.ask(f"{head}.{body}.")


def an_access_token(machine: Machine) -> TestResponse:
    return machine.ask(machine.token())


def a_proof(machine: Machine) -> TestResponse:
    return machine.ask(machine.proof())


def with_a_secret(machine: Machine) -> TestResponse:
    return machine.ask(client_secret="made-up-secret")


def as_somebody_else(machine: Machine) -> TestResponse:
    return machine.ask(client_id="c-other")


REFUSED = [
    pytest.param(claimed(iss=...), id="no iss"),
    pytest.param(claimed(sub=...), id="no sub"),
    pytest.param(claimed(aud=...), id="no aud"),
    pytest.param(claimed(exp=...), id="no exp"),
    pytest.param(claimed(iat=...), id="no iat"),
    pytest.param(claimed(jti=...), id="no jti"),
    pytest.param(claimed(iss="c-other"), id="iss of another"),
    pytest.param(claimed(sub="c-other"), id="sub of another"),
    pytest.param(claimed(aud="https://elsewhere.example/oauth/token"), id="aud elsewhere"),
    pytest.param(claimed(aud=[TOKEN_URL]), id="aud a list"),
    pytest.param(claimed(aud=f"{TOKEN_URL}/"), id="aud with a slash"),
    pytest.param(claimed(aud=TOKEN_URL.upper()), id="aud in capitals"),
    pytest.param(claimed(aud=TOKEN_URL[:-1]), id="aud a prefix"),
    pytest.param(claimed(aud=7), id="aud a number"),
    pytest.param(claimed(exp=1), id="exp long past"),
    pytest.param(lambda m: m.ask(m.assertion(exp=m.now)), id="exp now"),
    pytest.param(lambda m: m.ask(m.assertion(exp=m.now + 301)), id="exp a second too far"),
    pytest.param(claimed(exp=10**30), id="exp in another age"),
    pytest.param(lambda m: m.ask(m.assertion(exp=str(m.now + 60))), id="exp text"),
    pytest.param(lambda m: m.ask(m.assertion(exp=m.now + 60.5)), id="exp a fraction"),
    pytest.param(claimed(exp=True), id="exp a truth"),
    pytest.param(claimed(exp=float("nan")), id="exp no number"),
    pytest.param(lambda m: m.ask(m.assertion(iat=m.now + 3600, exp=m.now + 3700)), id="iat ahead"),
    pytest.param(lambda m: m.ask(m.assertion(iat=m.now - 63_072_000)), id="iat two years old"),
    pytest.param(lambda m: m.ask(m.assertion(nbf=m.now + 120)), id="nbf ahead"),
    pytest.param(claimed(jti=7), id="jti a number"),
    pytest.param(claimed(jti=""), id="jti empty"),
    pytest.param(claimed(jti="j" * 200), id="jti too long"),
    pytest.param(claimed(jti="j" * 10_000), id="jti of 10 KB"),
    pytest.param(claimed(admin=True), id="a claim that nobody knows"),
    pytest.param(claimed(iss=""), id="iss empty"),
    pytest.param(claimed(iss=["c-notes"]), id="iss a list"),
    pytest.param(used_twice, id="the same assertion twice"),
    pytest.param(serial_used_twice, id="the same serial twice"),
    pytest.param(headed(kid=...), id="no kid"),
    pytest.param(headed(kid="unknown"), id="a kid that nobody knows"),
    pytest.param(headed(kid="../../dev/null"), id="a kid that is a path"),
    pytest.param(headed(typ=...), id="no typ"),
    pytest.param(headed(typ="at+jwt"), id="typ of an access token"),
    pytest.param(headed(typ="logout+jwt"), id="typ of another kind"),
    pytest.param(headed(jku="https://elsewhere.example/keys"), id="jku"),
    pytest.param(headed(x5u="https://elsewhere.example/keys"), id="x5u"),
    pytest.param(headed(jwk=public_jwk(STRANGER)), id="its own jwk"),
    pytest.param(headed(zip="DEF"), id="zip"),
    pytest.param(headed(crit=["exp"], exp=1), id="crit"),
    pytest.param(as_another, id="another's key"),
    pytest.param(by_another_algorithm, id="another algorithm than registered"),
    pytest.param(keyed_with_the_public_key, id="HS256 with the public key"),
    pytest.param(with_a_short_key, id="RSA of 1024 bits"),
    pytest.param(unsigned, id="alg none"),
    pytest.param(an_access_token, id="an access token"),
    pytest.param(a_proof, id="a proof"),
    pytest.param(with_a_secret, id="a secret"),
    pytest.param(as_somebody_else, id="client_id of another"),
    pytest.param(lambda m: m.ask(""), id="nothing"),
    pytest.param(lambda m: m.ask("a.b.c"), id="not a token"),
    pytest.param(lambda m: m.ask("a" * 9_000), id="longer than any"),
    pytest.param(lambda m: m.ask(f"{m.assertion()}=="), id="padded"),
    pytest.param(lambda m: m.ask(f"{m.assertion()}.a"), id="four parts"),
]


@pytest.mark.parametrize("ask", REFUSED)
def test_whatever_is_wrong_with_what_a_client_shows_it_reads_the_same(
    machine: Machine, ask: Ask
) -> None:
    answer = ask(machine)

    body = json.loads(answer.get_data())
    assert (answer.status_code, body.pop("error")) == (401, "invalid_client")
    assert body.pop("request_id")
    assert body == {
        "type": "urn:disclosure-broker:problem:token-refused",
        "title": "The token was not accepted",
        "status": 401,
        "detail": "The token is not valid, or its time is over. Ask for a new one.",
    }


FORMS = [
    pytest.param({"grant_type": ...}, "invalid_request", id="no grant"),
    pytest.param({"grant_type": "password"}, "unsupported_grant_type", id="password"),
    pytest.param({"grant_type": "implicit"}, "unsupported_grant_type", id="implicit"),
    pytest.param({"client_assertion_type": ...}, "invalid_request", id="no assertion type"),
    pytest.param({"client_assertion_type": "jwt"}, "invalid_request", id="another assertion type"),
    pytest.param({"client_assertion": ...}, "invalid_request", id="no assertion"),
    pytest.param({"extra": "1"}, "invalid_request", id="a field that nobody knows"),
    pytest.param({"scope": ["practitioner", "lead"]}, "invalid_request", id="a field twice"),
    pytest.param({"scope": ...}, "invalid_scope", id="no role where there are two"),
    pytest.param({"scope": "guardian"}, "invalid_scope", id="a role beyond registration"),
    pytest.param({"scope": "practitioner lead"}, "invalid_scope", id="two roles"),
    pytest.param({"person": "p-nurse"}, "invalid_scope", id="a person, though it names none"),
    pytest.param({"person": "p\0"}, "invalid_scope", id="a person that is no identifier"),
]


@pytest.mark.parametrize(("form", "word"), FORMS)
def test_a_form_that_is_wrong_is_answered_in_the_words_of_oauth(
    machine: Machine, form: dict[str, Any], word: str
) -> None:
    answer = machine.ask(**form)

    assert (answer.status_code, json.loads(answer.get_data())["error"]) == (400, word)


def test_a_form_must_be_a_form(machine: Machine) -> None:
    answer = machine.client.post("/oauth/token", json={"grant_type": "client_credentials"})

    assert json.loads(answer.get_data())["error"] == "invalid_request"


PROOFS = [
    pytest.param(lambda _: "", id="none"),
    pytest.param(lambda m: m.proof(method="GET"), id="for another method"),
    pytest.param(lambda m: m.proof(f"{ADDRESS}/api/v1/disclosures"), id="for another address"),
    pytest.param(lambda m: m.proof("https://elsewhere.example/oauth/token"), id="elsewhere"),
    pytest.param(lambda m: m.proof(iat=m.now - 61), id="a second too old"),
    pytest.param(lambda m: m.proof(ath=ath("token")), id="about a token"),
]


@pytest.mark.parametrize("proof", PROOFS)
def test_a_token_is_given_to_whoever_proves_to_hold_a_key(
    machine: Machine, proof: Callable[[Machine], str]
) -> None:
    answer = machine.ask(proof=proof(machine))

    assert answer.status_code == 400
    assert json.loads(answer.get_data())["error"] == "invalid_dpop_proof"


def test_a_proof_gets_one_token(machine: Machine) -> None:
    proof = machine.proof()

    assert [machine.ask(proof=proof).status_code for _ in range(2)] == [200, 400]


def test_what_is_right_gets_a_token_of_five_minutes_that_one_key_can_use(machine: Machine) -> None:
    answer = machine.ask(machine.assertion(aud=ADDRESS, nbf=machine.now))

    body = json.loads(answer.get_data())
    token = body.pop("access_token")
    assert body == {"token_type": "DPoP", "expires_in": 300, "scope": "practitioner"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert machine.call(token, machine.proof_of(token)).status_code == 200


CALLS = [
    pytest.param(lambda m, t: m.call(t, m.proof_of(t), scheme="Bearer"), id="as a bearer's"),
    pytest.param(lambda m, t: m.call(t), id="without a proof"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t), m.proof_of(t)), id="two proofs"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, key=STRANGER)), id="by another key"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, method="POST")), id="another method"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, "/api/v1/cases")), id="another route"),
    pytest.param(
        lambda m, t: m.call(t, m.proof(f"{DISCLOSURES}?a=1", "GET", ath=ath(t))), id="a query"
    ),
    pytest.param(
        lambda m, t: m.call(t, m.proof(f"{DISCLOSURES}#a", "GET", ath=ath(t))), id="a fragment"
    ),
    pytest.param(
        lambda m, t: m.call(t, m.proof("http://[::1", "GET", ath=ath(t))), id="no address"
    ),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, htu=7)), id="a number"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, ath=...)), id="about no token"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, ath=ath("another"))), id="another token"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, iat=m.now - 61)), id="a second too old"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, iat=m.now + 61)), id="a second ahead"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, iat="now")), id="no moment"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, jti=7)), id="no serial"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, more="1")), id="a claim more"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, header={"typ": "JWT"})), id="typ JWT"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, header={"kid": "k"})), id="a kid"),
    pytest.param(lambda m, t: m.call(t, m.proof_of(t, header={"jwk": "k"})), id="no jwk"),
    pytest.param(
        lambda m, t: m.call(
            t, m.proof_of(t, header={"jwk": {**public_jwk(m.proof_key), "d": "A" * 43}})
        ),
        id="the private key with it",
    ),
    pytest.param(lambda m, t: m.call(t, f"{m.proof_of(t)}{'A' * 5_000}"), id="longer than any"),
    pytest.param(lambda m, t: m.call(f"{t[:-4]}AAAA", m.proof_of(t)), id="a forged token"),
    pytest.param(lambda m, t: m.call(m.proof_of(t), m.proof_of(t)), id="a proof as a token"),
    pytest.param(lambda m, t: m.call(m.assertion(), m.proof_of(t)), id="an assertion as a token"),
]


@pytest.mark.parametrize("call", CALLS)
def test_a_call_whose_token_or_proof_does_not_hold_reads_the_same(
    machine: Machine, call: Callable[[Machine, str], TestResponse]
) -> None:
    answer = call(machine, machine.token())

    assert answer.status_code == 401
    assert json.loads(answer.get_data())["type"].endswith(":token-refused")
    assert "DPoP" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("seconds", [-59, 59])
def test_clocks_may_differ_by_most_of_a_minute(machine: Machine, seconds: int) -> None:
    token = machine.token()

    assert (
        machine.call(token, machine.proof_of(token, iat=machine.now + seconds)).status_code == 200
    )


def test_a_proof_counts_for_one_call(machine: Machine) -> None:
    token = machine.token()
    proof = machine.proof_of(token)

    assert [machine.call(token, proof).status_code for _ in range(2)] == [200, 401]


def a_token_of_ours(machine: Machine, **claims: Any) -> str:
    signer = machine.services.keystore.signing_key(Purpose.TOKEN)
    key = Ed25519PrivateKey.from_private_bytes(signer._private.private_bytes_raw())
    body = {
        "iss": ADDRESS,
        "aud": f"{ADDRESS}/api/v1",
        "sub": machine.id,
        "client_id": machine.id,
        "agency": "northshire-trust",
        "scope": "practitioner",
        "client_key": machine.kid,
        "cnf": {"jkt": thumbprint(public_jwk(machine.proof_key))},
        "iat": machine.now,
        "exp": machine.now + 300,
        "jti": "made-up-serial-0001",
        **claims,
    }
    return signed(key, {"alg": "EdDSA", "typ": "at+jwt", "kid": signer.kid}, body)


CLAIMS = [
    pytest.param({"scope": "guardian"}, id="another role"),
    pytest.param({"scope": 7}, id="no role"),
    pytest.param({"agency": "example-school"}, id="another body"),
    pytest.param({"client_id": "c-other"}, id="another client"),
    pytest.param({"client_key": "K" * 43}, id="a key that nobody has"),
    pytest.param({"client_key": "short"}, id="no key"),
    pytest.param({"sub": "p-nurse"}, id="a person, though it names none"),
    pytest.param({"cnf": {"jkt": "J" * 43}}, id="bound to another key"),
    pytest.param({"cnf": {"jkt": "J"}}, id="bound to no key"),
    pytest.param({"cnf": {}}, id="bound to nothing"),
    pytest.param({"cnf": "J" * 43}, id="a confirmation that is none"),
    pytest.param({"cnf": ...}, id="without a confirmation"),
    pytest.param({"exp": 10**10}, id="for ever"),
    pytest.param({"aud": "disclosure-broker/api"}, id="for bearers"),
    pytest.param({"more": 1}, id="a claim more"),
]


@pytest.mark.parametrize("claims", CLAIMS)
def test_a_token_that_says_otherwise_than_the_register_opens_nothing(
    machine: Machine, claims: dict[str, Any]
) -> None:
    right, wrong = a_token_of_ours(machine), a_token_of_ours(machine, **claims)

    assert machine.call(right, machine.proof_of(right)).status_code == 200
    assert machine.call(wrong, machine.proof_of(wrong)).status_code == 401
