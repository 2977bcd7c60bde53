"""What ended is sent again from a browser: shown first, then sent as it was shown."""

import re
from datetime import timedelta

import pytest
from brokers import Clock, a_submission
from people import acting
from scripted_couriers import dispatched
from visits import Visit, signed_in

from broker.domain.errors import RejectedError
from broker.domain.references import parse_reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.wiring import Services

WHY = "Their new mailbox takes it now, they said on the telephone."


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock)


@pytest.fixture(name="address")
def _address(sqlite_broker: Services, visit: Visit) -> str:
    """The page of a referral that their mail system refused."""
    sender = acting(visit.held, Role.PRACTITIONER)
    reference = sqlite_broker.disclosures.submit(a_submission(sqlite_broker), sender)
    dispatched(sqlite_broker, RejectedError("x", "refused", 550))
    return f"/referrals/{reference}"


def seen(visit: Visit) -> str:
    (found,) = re.findall(r'name="_seen" value="([0-9a-f]{32})"', visit.last.text)
    return str(found)


def test_every_page_of_it_leads_there_and_it_goes_as_it_was_shown(
    visit: Visit, sqlite_broker: Services, address: str
) -> None:
    for page in (address, f"{address}/delivery"):
        assert f'href="{address}/anew"' in visit.get(page).text, page
    shown = visit.get(f"{address}/anew").text
    for words in ("Prevent team, Northshire Example Police", "01632 960 001", "This can go"):
        assert words in shown
    assert "prevent@northshire-example.police.uk" in shown

    short = visit.send(f"{address}/anew", why="ok", _seen=seen(visit))
    assert "Enter why it must go after all, in a sentence" in short.text
    done = visit.send(f"{address}/anew", why=WHY, _seen=seen(visit))

    assert done.status_code == 303
    new = done.headers["Location"].removesuffix("/sent")
    assert f'href="{new}"' in visit.get(address).text
    assert f"{address}/anew" not in visit.last.text
    dispatched(sqlite_broker)
    assert "It was sent. Ring them" in visit.get(new).text
    with sqlite_broker.transaction() as tx:
        first = tx.disclosure(parse_reference(address.rpartition("/")[2]))
    assert first.state is State.RECALLED
    assert "Stopped" in visit.get(address).text
    assert visit.get(f"{address}/anew").status_code == 409


def test_what_would_go_now_is_shown_again_where_it_is_not_what_was_shown(
    visit: Visit, sqlite_broker: Services, address: str
) -> None:
    visit.get(f"{address}/anew")

    answer = visit.send(f"{address}/anew", why=WHY, _seen="0" * 32)

    assert "What you saw is not what would go now" in answer.text
    assert WHY in answer.text
    visit.send(f"{address}/anew", why=WHY, _seen=seen(visit))
    assert len(sqlite_broker.disclosures.own(acting(visit.held, Role.PRACTITIONER))) == 2


def test_what_the_rules_refuse_today_has_no_button(
    visit: Visit, address: str, clock: Clock
) -> None:
    clock.forward(timedelta(days=800))
    visit.sign_in()

    shown = visit.get(f"{address}/anew").text

    assert "This cannot go as it stands" in shown
    assert "_seen" not in shown
    assert 'href="/referrals/new"' in shown
