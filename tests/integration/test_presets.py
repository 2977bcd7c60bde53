"""A preset is loaded once, takes nothing, and counts after it was filled in and somebody rang."""

from dataclasses import replace

import pytest
from brokers import CALL

from broker.domain.directory.backing import NumberFrom
from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.model import MailboxId
from broker.registers.directory import Entries
from broker.registers.presets import presets
from broker.wiring import Services
from keys import PersonId

FIRST, SECOND = PersonId("p-one"), PersonId("p-two")
TEAM = MailboxId("essex-police-prevent-inbox")


@pytest.mark.parametrize("name", sorted(presets()))
def test_each_contact_names_the_place_in_its_source_once(name: str) -> None:
    for contact in presets()[name].contacts:
        parts = (contact.listing.source or "").split(", ")
        assert len(set(parts)) == len(parts), contact.listing.source


def test_it_counts_once_filled_in_and_rung_by_another(sqlite_broker: Services) -> None:
    rulebook, directory = sqlite_broker.rulebooks.in_force(), sqlite_broker.directory
    loaded = sqlite_broker.keeping.presets.load(presets()["set"], rulebook, FIRST)
    again = sqlite_broker.keeping.presets.load(presets()["set"], rulebook, FIRST)
    assert (loaded.bodies, again.bodies, again.contacts) == (5, 0, 0)
    with pytest.raises(WrongStateError, match="Enter its address"):
        directory.verify(TEAM, CALL, SECOND)

    stored = {one.id: one for one in directory.entries().mailboxes}[TEAM]
    filled = replace(stored, address="prevent@essex.police.uk")
    directory.change(Entries(agencies=(), mailboxes=(filled,)), rulebook, FIRST)
    with pytest.raises(NotAllowedError, match="Someone else"):
        directory.verify(TEAM, CALL, FIRST)
    today = directory.verify(TEAM, replace(CALL, source=NumberFrom.WEBSITE), SECOND)

    with sqlite_broker.transaction() as tx:
        kept = tx.directory.mailbox(TEAM)
    assert kept.counts_on(today)
    assert kept.listing.printed == 2019
