"""Where mail fails, from a browser alone: it arrived, send it again, carry it by hand."""

import pytest
from brokers import Clock, a_submission
from people import acting
from scripted_couriers import dispatched
from visits import Visit, signed_in
from werkzeug.test import TestResponse

from broker.domain.errors import DeferredError, DeliveryError, RejectedError, UnknownFateError
from broker.domain.references import parse_reference
from broker.domain.roles import Role
from broker.wiring import Services

REFUSED = RejectedError("x", "refused", 550)
WHY = "They have emptied their mailbox this morning."


@pytest.fixture(name="visit")
def _visit(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock)


def still(services: Services, visit: Visit, error: DeliveryError, key: str = "key-1") -> str:
    """Submit a pack that its courier cannot deliver, and return the address of its page."""
    sender = acting(visit.held, Role.PRACTITIONER)
    reference = services.disclosures.submit(a_submission(services, key), sender)
    dispatched(services, error)
    return f"/referrals/{reference}"


def newest(services: Services, address: str) -> str:
    with services.transaction() as tx:
        return tx.about(parse_reference(address.rpartition("/")[2]))[-1].type


@pytest.mark.parametrize(
    ("error", "button", "page"),
    [
        pytest.param(REFUSED, "Send it another way", "delivery", id="refused"),
        pytest.param(UnknownFateError("x"), "Say if it is there", "delivery", id="unknown"),
        pytest.param(DeferredError("x"), "Carry it by hand", "by-hand", id="late"),
    ],
)
def test_whatever_stands_still_leads_to_what_can_be_done(
    visit: Visit, sqlite_broker: Services, error: DeliveryError, button: str, page: str
) -> None:
    address = still(sqlite_broker, visit, error)

    assert (button in visit.get(address).text, f"{address}/{page}" in visit.last.text) == (
        True,
        True,
    )
    if page == "delivery":
        assert f"{address}/delivery" in visit.get("/referrals").text
    assert visit.get(f"{address}/{page}").status_code == 200


def test_what_arrived_after_all_is_told_as_any_other(
    visit: Visit, sqlite_broker: Services
) -> None:
    address = still(sqlite_broker, visit, UnknownFateError("x"))
    visit.get(f"{address}/delivery")
    assert "Select what they said" in visit.send(f"{address}/delivery").text

    done = visit.send(f"{address}/delivery", said="arrived")

    assert done.headers["Location"] == address
    assert newest(sqlite_broker, address) == "arrival.confirmed"
    assert "Ring them" in visit.get(address).text
    assert "It does not stand still any more" in visit.get(f"{address}/delivery").text


def test_it_is_sent_once_more_with_a_reason(visit: Visit, sqlite_broker: Services) -> None:
    address = still(sqlite_broker, visit, REFUSED)
    page = visit.get(f"{address}/delivery").text
    assert "01632 960 001" in page
    assert "It is there" not in page
    without = visit.send(f"{address}/delivery", said="again", why="ok")
    assert "Enter why it can arrive now, in a sentence" in without.text
    assert "Select what they said" in visit.send(f"{address}/delivery", said="arrived").text

    visit.send(f"{address}/delivery", said="again", why=WHY)

    assert newest(sqlite_broker, address) == "resend.asked"
    assert len(dispatched(sqlite_broker).taken) == 1
    assert "It was sent. Ring them" in visit.get(address).text


def test_it_is_saved_carried_and_has_a_receipt(visit: Visit, sqlite_broker: Services) -> None:
    address = still(sqlite_broker, visit, REFUSED)
    visit.get(f"{address}/delivery")
    assert visit.send(f"{address}/delivery", said="by-hand").headers["Location"] == (
        f"{address}/by-hand"
    )
    visit.get(f"{address}/by-hand")
    typed = {"way": "egress", "receipt": "EG-2026-04411"}
    early = visit.send(f"{address}/by-hand", **typed)
    assert "Save the document first" in early.text
    assert "EG-2026-04411" in early.text

    saved = visit.send(f"{address}/by-hand/document")

    assert saved.data.startswith(b"%PDF")
    assert saved.headers["Content-Type"] == "application/pdf"
    name = address.rpartition("/")[2]
    assert saved.headers["Content-Disposition"] == f'attachment; filename="document-{name}.pdf"'
    assert "You have saved it already" in visit.get(f"{address}/by-hand").text
    again = visit.send(f"{address}/by-hand/document")
    assert "Enter why you save it again" in again.text
    because = "The drive that I saved it to is broken."
    assert visit.send(f"{address}/by-hand/document", why=because).data == saved.data
    visit.get(f"{address}/by-hand")
    assert "Select how you sent it" in visit.send(f"{address}/by-hand", receipt="x").text
    short = visit.send(f"{address}/by-hand", way="egress", receipt="x")
    assert "A receipt needs 3 to 200 characters" in short.text

    assert visit.send(f"{address}/by-hand", **typed).headers["Location"] == address

    assert newest(sqlite_broker, address) == "sent-by-hand"
    shown = visit.get(address).text
    assert "It was sent. Ring them" in shown
    assert "You saved it, sealed, to carry it by hand" in shown
    assert "EG-2026" not in shown
    assert "This does not, or not any more" in visit.get(f"{address}/by-hand").text


def carried(visit: Visit, address: str) -> TestResponse:
    """Save the document of a referral and write down the one receipt there is."""
    visit.get(f"{address}/by-hand")
    visit.send(f"{address}/by-hand/document")
    visit.get(f"{address}/by-hand")
    return visit.send(f"{address}/by-hand", way="egress", receipt="EG 1")


def test_a_receipt_belongs_to_one_document(visit: Visit, sqlite_broker: Services) -> None:
    first, address = (still(sqlite_broker, visit, REFUSED, f"key-{nth}") for nth in (1, 2))
    carried(visit, first)
    answer = carried(visit, address)

    assert "stands with another document already" in answer.text
    assert newest(sqlite_broker, address) == "read"
