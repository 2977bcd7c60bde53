"""A contact of the regional Prevent team for tests, entered in the directory and rung."""

from dataclasses import replace

from brokers import CALL, NURSE

from broker.domain.directory.backing import Listing
from broker.domain.directory.functions import Function, rules_word
from broker.domain.model import MailboxId
from broker.registers.directory import Entries
from broker.wiring import Services
from keys import PersonId

REGION = MailboxId("nhs-england-regional")
REGION_ADDRESS = "prevent.region@nhs.example"


def with_region(services: Services) -> None:
    """Let the directory hold the contact, entered by one keeper and rung by another."""
    directory = services.directory
    if any(box.id == REGION for box in directory.entries().mailboxes):
        return
    one = next(box for box in directory.entries().mailboxes if box.agency == NURSE.agency)
    contact = replace(
        one,
        id=REGION,
        address=REGION_ADDRESS,
        function=rules_word(Function.REGIONAL),
        listing=Listing(kept_as=Function.REGIONAL),
    )
    entries = Entries(agencies=(), mailboxes=(contact,))
    directory.add(entries, services.rulebooks.in_force(), PersonId("p-enters"))
    directory.verify(REGION, CALL, PersonId("p-rings"))
