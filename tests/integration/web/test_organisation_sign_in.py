"""Signing in at one's organisation (OpenID Connect), against a provider that really answers."""

from collections.abc import Callable, Generator
from urllib.parse import parse_qs, urlsplit

import pytest
from brokers import Clock
from openid_providers import a_provider, changed, now, signed_in_there, with_provider
from visits import Visit, a_visit

from broker.wiring import Services

BEGIN, JOIN = "/sign-in/organisation", "/account/organisation/join"


@pytest.fixture(scope="module", name="issuer")
def _issuer() -> Generator[str]:
    with a_provider() as issuer:
        yield issuer


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock, issuer: str) -> Visit:
    clock.now = now()
    visit = a_visit(with_provider(sqlite_broker, issuer), clock)
    visit.get("/sign-in")
    return visit


@pytest.fixture(name="joined")
def _joined(visit: Visit) -> Visit:
    """Somebody who joined their account, and is signed out again."""
    assert visit.sign_in().status_code == 303
    back = signed_in_there(visit.get(JOIN).headers["Location"], "strong")
    assert visit.get(back).headers["Location"] == "/account"
    assert "You can sign in at localhost" in visit.get("/account").text
    visit.client.delete_cookie("session")
    visit.get("/sign-in")
    return visit


def way_back(visit: Visit, subject: str = "strong") -> str:
    return signed_in_there(visit.get(BEGIN).headers["Location"], subject)


def is_signed_in(visit: Visit) -> bool:
    return visit.get("/sign-out").status_code == 200


def test_the_provider_is_asked_with_pkce_nonce_state_level_and_age(visit: Visit) -> None:
    asked = parse_qs(urlsplit(visit.get(BEGIN).headers["Location"]).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid"]
    assert (asked["acr_values"], asked["max_age"]) == (["AAL2"], ["300"])
    assert asked["redirect_uri"] == ["http://localhost:8350/sign-in/organisation/back"]
    assert all(len(asked[name][0]) >= 43 for name in ("code_challenge", "nonce", "state"))


def test_who_joined_their_account_signs_in_and_nothing_is_answered_twice(joined: Visit) -> None:
    back = way_back(joined)

    assert joined.get(back).headers["Location"] == "/referrals"
    assert is_signed_in(joined)
    joined.client.delete_cookie("session")
    assert joined.get(back).status_code == 400
    assert not is_signed_in(joined)


def another_nonce(visit: Visit) -> str:
    address = changed(visit.get(BEGIN).headers["Location"], "nonce", "anothers")
    return signed_in_there(address, "strong")


WRONG: dict[str, tuple[Callable[[Visit], str], int]] = {
    "somebody else with the same address": (lambda visit: way_back(visit, "stranger"), 403),
    "a level that is not enough": (lambda visit: way_back(visit, "weak"), 403),
    "no level": (lambda visit: way_back(visit, "silent"), 403),
    "a foreign state": (lambda visit: changed(way_back(visit), "state", "x" * 43), 400),
    "no state": (lambda visit: changed(way_back(visit), "state", ""), 400),
    "a foreign code": (lambda visit: changed(way_back(visit), "code", "x"), 400),
    "no code": (lambda visit: changed(way_back(visit), "code", ""), 400),
    "another issuer": (lambda visit: f"{way_back(visit)}&iss=https://other.example", 400),
    "another nonce": (another_nonce, 400),
}


def test_nothing_but_the_right_answer_lets_anybody_in(joined: Visit) -> None:
    for what, (come_back, status) in WRONG.items():
        assert (what, joined.get(come_back(joined)).status_code) == (what, status)
        assert not is_signed_in(joined), what
        joined.get("/sign-in")


def test_a_way_back_counts_in_the_browser_that_began_it_alone(joined: Visit) -> None:
    back = way_back(joined)
    joined.client.delete_cookie("visit")
    joined.get("/sign-in")

    assert joined.get(back).status_code == 400
    assert not is_signed_in(joined)


def test_a_way_back_from_signing_in_joins_nothing(visit: Visit) -> None:
    back = way_back(visit)
    assert visit.sign_in().status_code == 303

    answer = visit.get(back.replace("/sign-in/organisation/back", "/account/organisation/back"))

    assert answer.status_code == 400
    assert "Join the account" in visit.get("/account").text


def test_who_leaves_is_signed_in_by_it_no_more(joined: Visit) -> None:
    joined.get(way_back(joined))
    joined.get("/account/organisation/leave")
    assert joined.send("/account/organisation/leave").status_code == 303
    joined.client.delete_cookie("session")
    joined.get("/sign-in")

    assert joined.get(way_back(joined)).status_code == 403
    assert not is_signed_in(joined)


def test_a_provider_that_is_away_leaves_password_and_code(
    sqlite_broker: Services, clock: Clock
) -> None:
    visit = a_visit(with_provider(sqlite_broker, "http://localhost:9"), clock)
    visit.get("/sign-in")

    assert visit.get(BEGIN).status_code == 503
    assert "Use your password and code" in visit.last.text
    assert visit.sign_in().status_code == 303


def test_without_a_provider_there_is_no_such_way(sqlite_broker: Services, clock: Clock) -> None:
    visit = a_visit(sqlite_broker, clock)
    visit.get("/sign-in")

    assert "Sign in at your organisation" not in visit.last.text
    assert visit.get(BEGIN).status_code == 404
