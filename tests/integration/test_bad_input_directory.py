"""Directory entries that deceive, clash or belong to nobody: refused, and nothing of them kept."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from brokers import CALL
from values import PREVENT, TRUST

from broker.domain.errors import DirectoryFaultError, UnknownMailboxError
from broker.domain.model import Agency, Mailbox, MailboxId
from broker.ledger import events
from broker.storage.rows.registers import MAILBOXES
from broker.wiring import Services
from keys import AgencyId, PersonId

CASES = json.loads((Path(__file__).parents[1] / "cases" / "addresses.json").read_bytes())
DECEPTIVE = [case["address"] for case in CASES if case["verdict"] == "reject"]
NEW = replace(PREVENT, id=MailboxId("new-team"))


def add(services: Services, mailboxes: Iterable[Mailbox], agencies: Iterable[Agency] = ()) -> None:
    register, boxes, keeper = (
        services.rulebooks.in_force().mail,
        [*mailboxes],
        PersonId("p-keeper"),
    )
    with services.transaction() as tx:
        tx.directory.add(agencies, boxes, register)
        rows = (tx.rows.as_stored(MAILBOXES, one.id) for one in boxes)
        tx.append(*(events.directory_changed("new-team", "added", keeper, row) for row in rows))


def mailboxes_of(services: Services) -> tuple[Mailbox, ...]:
    with services.transaction() as tx:
        return tx.directory.mailboxes()


def test_there_are_deceptive_addresses_to_try() -> None:
    assert len(DECEPTIVE) > 5


@pytest.mark.parametrize("address", DECEPTIVE, ids=ascii)
def test_an_address_that_is_malformed_or_deceptive_is_refused(
    sqlite_broker: Services, address: str
) -> None:
    before = mailboxes_of(sqlite_broker)

    with pytest.raises(DirectoryFaultError, match="malformed or imitates another") as refused:
        add(sqlite_broker, [NEW, replace(NEW, id=MailboxId("other-team"), address=address)])

    assert not address or address not in str(refused.value)
    assert mailboxes_of(sqlite_broker) == before


def test_a_mailbox_of_no_known_agency_is_refused(services: Services) -> None:
    with pytest.raises(DirectoryFaultError, match="no agency of that identifier"):
        add(services, [replace(NEW, agency=AgencyId("nobody"))])


@pytest.mark.parametrize(
    ("mailboxes", "agencies"),
    [pytest.param([PREVENT], [], id="mailbox"), pytest.param([], [TRUST], id="agency")],
)
def test_an_entry_that_stands_there_already_is_refused(
    services: Services, mailboxes: list[Mailbox], agencies: list[Agency]
) -> None:
    before = mailboxes_of(services)

    with pytest.raises(DirectoryFaultError, match="stands in the directory already"):
        add(services, mailboxes, agencies)

    assert mailboxes_of(services) == before


def test_an_added_mailbox_is_verified_by_nobody_whatever_it_says(services: Services) -> None:
    add(services, [NEW])

    with services.transaction() as tx:
        assert tx.directory.mailbox(NEW.id) == replace(NEW, verified_on=None, verified_by=None)


def test_what_is_not_there_cannot_be_verified(services: Services) -> None:
    with pytest.raises(UnknownMailboxError):
        services.directory.verify(MailboxId("nobody"), CALL, PersonId("p-keeper"))
