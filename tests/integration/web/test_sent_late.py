"""What is sent from a page whose session has just ended waits for whoever sent it alone."""

import re
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


def hidden_then_seen(visit: Visit, page: str, **typed: str) -> str:
    """Hide a page, sign in again, and return what waits."""
    visit.get(page)
    choices = re.findall(r'name="_choice" value="([^"]+)"', visit.last.text)
    visit.send("/hide", _typed_at=page, _choice=choices, **typed)
    visit.clock.forward(timedelta(minutes=1))
    visit.sign_in()
    return visit.get("/typed").text


@pytest.fixture(name="sent")
def _sent(visit: Visit, sqlite_broker: Services) -> str:
    """A referral that has arrived."""
    sender = acting(visit.held, Role.PRACTITIONER)
    reference = sqlite_broker.disclosures.submit(a_submission(sqlite_broker), sender)
    sqlite_broker.dispatcher.dispatch()
    return f"/referrals/{reference}"


@pytest.fixture(name="duty")
def _duty(sent: str) -> str:
    """A page whose buttons give one form two meanings."""
    return f"{sent}/duties/update-the-record"


def test_what_was_hidden_before_a_button_was_pressed_is_sent_by_each_of_them(
    visit: Visit, duty: str
) -> None:
    shown = hidden_then_seen(visit, duty, said=WORDS)

    assert ">\n  Send it now: Done\n" in shown
    assert ">\n  Send it now: It cannot be done\n" in shown
    assert "Send it now, as you typed it" not in shown


def test_what_was_sent_late_by_a_button_is_sent_by_it_alone(visit: Visit, duty: str) -> None:
    visit.get(duty)
    choices = re.findall(r'name="_choice" value="([^"]+)"', visit.last.text)
    visit.clock.forward(timedelta(minutes=16))
    visit.send(duty, said=WORDS, _action="cannot", _choice=choices)
    visit.sign_in()

    shown = visit.get("/typed").text

    assert "Send it now: It cannot be done" in shown
    assert "Send it now: Done" not in shown
    assert len(re.findall(r'name="_action"', shown)) == 1


@pytest.mark.parametrize("way", ["/over", "/hide"])
def test_a_page_that_is_cleared_after_its_session_ended_is_kept(
    visit: Visit, page: str, way: str
) -> None:
    visit.get(page)
    visit.clock.forward(timedelta(minutes=16))

    late = visit.send(way, _typed_at=page, why="recipient", said=WORDS)

    assert late.status_code == 401
    assert "What you typed is safe." in late.text
    assert "Zzcanary" not in late.text
    visit.sign_in()
    assert "&lt;b&gt;Zzcanary&lt;/b&gt;" in visit.get("/typed").text


def test_a_page_whose_time_ran_out_ends_no_session_that_goes_on_elsewhere(
    visit: Visit, page: str
) -> None:
    visit.get(page)

    assert visit.send("/over", _typed_at=page, said=WORDS).headers["Location"] == "/typed"
    assert "&lt;b&gt;Zzcanary&lt;/b&gt;" in visit.get("/typed").text


def test_words_that_wait_for_a_code_are_kept_and_back_leads_to_the_page_above(
    visit: Visit, sent: str
) -> None:
    visit.get(f"{sent}/handover")
    visit.send(f"{sent}/handover", code=sent.rpartition("/")[2])
    visit.get(f"{sent}/words")
    visit.clock.forward(timedelta(minutes=6))

    # A page that asks for a code itself would lead whoever goes back to the code again.
    led = visit.send(f"{sent}/words", why=WORDS).headers["Location"]

    assert re.search(rf'href="{sent}" class="govuk-back-link"', visit.get(led).text)
    assert "Zzcanary" in visit.get("/typed").text
    assert visit.get(f"{sent}/words").headers["Location"] == led


@pytest.mark.parametrize("page", ["/account/passkeys/new", "/account/password"])
def test_back_from_the_code_of_an_account_leads_to_the_account(visit: Visit, page: str) -> None:
    visit.clock.forward(timedelta(minutes=6))

    led = visit.get(page).headers["Location"]

    assert 'href="/account" class="govuk-back-link"' in visit.get(led).text
    refused = visit.send("/code", to=page, back="/account", code="000000")
    assert 'href="/account" class="govuk-back-link"' in refused.text
