"""The demonstration of a loss that is noticed, of what is carried by hand, and where each is."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from audit.format.plurals import counted
from broker.cli.in_words import state_in_words, way_in_words
from broker.cli.output import item, say
from broker.cli.running.demonstration.people import person_called
from broker.condition import unfinished
from broker.disclosures.standing_still.deliveries import HandReceipt
from broker.disclosures.views import view_of
from broker.domain.model import Mailbox, MailboxId
from broker.domain.references import Reference
from broker.domain.states import State
from broker.ledger.readings import Entrance
from broker.operations.demo_home import DemoError
from broker.operations.demo_mail import CLOSED
from broker.wiring import Services

FORMER: Final = "northshire-prevent-former"
_RECEIPT: Final = HandReceipt(way="egress", receipt="EGR-2026-004711")


def former_beside(mailbox: Mailbox) -> Mailbox:
    """Return a contact beside another one whose mailbox the mail server refuses by now."""
    return replace(
        mailbox,
        id=MailboxId(FORMER),
        title="Prevent team, former address",
        address=f"{CLOSED}{mailbox.address}",
    )


def show_carried(services: Services, reference: Reference, sender: str) -> None:
    """Show that a document that was refused is noticed, and carry it by hand with a receipt.

    Raises `DemoError` where its mailbox took it.
    """
    person, deliveries = person_called(sender), services.deliveries
    before = view_of(services.disclosures, services.receipts, reference, person)
    if before.disclosure.state is not State.REJECTED:
        raise DemoError("The closed mailbox took a message. See gateway.log in BROKER_HOME.")
    say()
    say("== One is lost, is noticed, and is carried by hand")
    item("refused", f"{reference}: the recipient's mail knows no such mailbox")
    lost = ", ".join(map(str, unfinished(services).undelivered))
    item("noticed", f"{lost}: an alarm (undelivered) until its sender acts")
    sealed = deliveries.fetch(reference, person, Entrance.CLI)
    item("fetched", f"{counted(len(sealed), 'sealed byte')}, recorded before they were given")
    deliveries.sent_by_hand(reference, person, _RECEIPT)
    item("carried", f"by {_RECEIPT.way}, receipt {_RECEIPT.receipt}")
    item("noticed", f"{len(unfinished(services).undelivered)} undelivered now")


def tell_where_each_is(services: Services, senders: Sequence[str]) -> None:
    """Say of each disclosure of some senders on which way it went, and where it is now."""
    say()
    say("== Where each of them is")
    for person in map(person_called, senders):
        for one in services.disclosures.own(person):
            view = view_of(services.disclosures, services.receipts, one.reference, person)
            way = "Goes nowhere" if view.way_out is None else way_in_words(view.way_out.way)
            item(str(one.reference), f"{way}. {state_in_words(view.disclosure.state)}")
