"""What is sent from a page whose session has just ended waits for whoever sent it alone."""

from datetime import timedelta

import pytest
from brokers import Clock, a_submission
from gateways import gateway
from markup import page_client
from people import acting, with_account
from visits import Visit, cheap, signed_in

from broker.domain.roles import Role
from broker.wiring import Services

WORDS = "It is the inbox of another county. <b>Zzcanary</b>"


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock)


@pytest.fixture(name="page")
def _page(visit: Visit, sqlite_broker: Services) -> str:
    """A page with words to type that saves nothing by itself: why a referral is stopped."""
    sender = acting(visit.held, Role.PRACTITIONER)
    return (
        f"/referrals/{sqlite_broker.disclosures.submit(a_submission(sqlite_broker), sender)}/stop"
    )


def too_late(visit: Visit, page: str) -> str:
    visit.get(page)
    visit.clock.forward(timedelta(minutes=16))
    late = visit.send(page, why="recipient", said=WORDS)
    assert late.status_code == 401
    assert "Zzcanary" not in late.text
    return late.text


def test_it_is_seen_after_signing_in_and_sent_as_it_was_typed(visit: Visit, page: str) -> None:
    late = too_late(visit, page)
    assert "What you typed is safe." in late
    assert 'href="/sign-in?to=/typed"' in late
    visit.sign_in()

    shown = visit.get("/typed").text

    assert "&lt;b&gt;Zzcanary&lt;/b&gt;" in shown
    assert f'action="{page}"' in shown
    assert "recipient" in shown
    assert visit.send(page, why="recipient", said=WORDS).status_code == 303
    assert "Nobody can open it" in visit.get(page.removesuffix("/stop")).text
    assert "Nothing that you typed waits here" in visit.get("/typed").text


def test_hiding_the_screen_keeps_what_was_typed_and_every_page_says_so(
    visit: Visit, page: str
) -> None:
    visit.get(page)

    hidden = visit.send("/hide", _typed_at=page, why="recipient", said=WORDS)

    assert hidden.headers["Location"] == "/hidden"
    assert "Zzcanary" not in visit.get("/hidden").text
    assert visit.get(page).headers["Location"].startswith("/sign-in")
    visit.clock.forward(timedelta(minutes=1))
    visit.sign_in()
    assert "What you typed before waits for you" in visit.get("/referrals").text
    assert "&lt;b&gt;Zzcanary&lt;/b&gt;" in visit.get("/typed").text
    visit.send(page, why="recipient", said=WORDS)
    assert "What you typed before" not in visit.get("/referrals").text


def test_hiding_a_page_without_a_form_keeps_nothing(visit: Visit) -> None:
    visit.get("/referrals")
    visit.send("/hide")
    visit.clock.forward(timedelta(minutes=1))
    visit.sign_in()

    assert "What you typed before" not in visit.get("/referrals").text


def test_it_waits_for_an_hour_and_for_nobody_else(
    visit: Visit, page: str, sqlite_broker: Services
) -> None:
    too_late(visit, page)
    held = with_account(sqlite_broker, visit.clock, "Nell Specimen")
    other = Visit(client=page_client(gateway(cheap(sqlite_broker))), held=held, clock=visit.clock)
    other.sign_in()
    other.client.application.extensions.update(visit.client.application.extensions)
    assert "Zzcanary" not in other.get("/typed").text
    visit.sign_in()
    assert "Zzcanary" in visit.get("/typed").text
    visit.clock.forward(timedelta(minutes=14))
    assert "Zzcanary" in visit.get("/typed").text
    for _ in range(4):
        visit.clock.forward(timedelta(minutes=14))
        visit.get("/referrals")

    assert "Zzcanary" not in visit.get("/typed").text


def test_a_forged_page_and_a_password_are_not_kept(visit: Visit, page: str) -> None:
    visit.get("/account/password")
    visit.clock.forward(timedelta(minutes=16))
    forged = visit.client.post(page, data={"_csrf": "x", "said": WORDS})
    late = visit.send("/account/password", old="umbrella gravel seventh kite")

    assert (late.status_code, forged.status_code) == (401, 403)
    assert "was not kept" in late.text
    visit.sign_in()
    assert "Nothing that you typed waits here" in visit.get("/typed").text
