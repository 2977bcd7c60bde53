"""The directory can be corrected, renewed and looked through; each change is on the ledger."""

from dataclasses import replace
from datetime import date

import pytest
from brokers import CALL, Clock
from callers import a_caller
from packs import pack_bytes
from values import PREVENT, TRUST

from broker.domain.directory.backing import NumberFrom
from broker.domain.errors import FaultyDocumentError, UnknownMailboxError, WrongStateError
from broker.registers.contact_changes import is_another
from broker.registers.directory import Entries
from broker.wiring import Services
from keys import AgencyId, PersonId

KEEPER, SECOND = PersonId("p-keeper"), PersonId("p-second")
OF_BEFORE = replace(CALL, number=PREVENT.telephone, source=NumberFrom.BEFORE)
NOW = replace(PREVENT, verified_on=None, verified_by=None)


def changes(services: Services) -> list[tuple[object, object, object]]:
    with services.transaction() as tx:
        found = [one.event for one in tx.ledger.entries() if one.event.get("by") == KEEPER]
    return [(event["entry"], event["what"], event["by"]) for event in found]


def test_a_mailbox_that_is_corrected_takes_nothing_until_it_is_verified_again(
    services: Services, clock: Clock
) -> None:
    moved = replace(NOW, telephone="01632 960 099")
    rulebook = services.rulebooks.in_force()
    services.directory.change(Entries(agencies=(), mailboxes=(moved,)), rulebook, KEEPER)

    with services.transaction() as tx:
        found = tx.directory.mailbox(PREVENT.id)
    assert not is_another(found, moved)
    assert (found.version, found.verified_on, found.backing.entered_by) == (2, None, KEEPER)
    services.directory.verify(PREVENT.id, OF_BEFORE, SECOND)
    with services.transaction() as tx:
        kept = tx.directory.mailbox(PREVENT.id)
    assert (kept.verified_on, kept.verified_by) == (clock().date(), SECOND)
    assert kept.backing.call == OF_BEFORE
    assert changes(services) == [(PREVENT.id, "changed", KEEPER)]


def test_a_mailbox_that_is_entered_as_it_was_stays_verified(services: Services) -> None:
    rulebook = services.rulebooks.in_force()
    services.directory.change(Entries(agencies=(), mailboxes=(NOW,)), rulebook, KEEPER)

    with services.transaction() as tx:
        assert tx.directory.mailbox(PREVENT.id).verified_on is not None


def test_an_agreement_is_renewed_and_a_basis_replaced(services: Services) -> None:
    before = {agency.id: agency for agency in services.directory.entries().agencies}
    renewed = replace(TRUST, sharing_agreement_until=date(2101, 1, 1))
    rulebook = services.rulebooks.in_force()
    services.directory.change(Entries(agencies=(renewed,), mailboxes=()), rulebook, KEEPER)

    found = {agency.id: agency for agency in services.directory.entries().agencies}
    assert found == {**before, TRUST.id: renewed}


def test_what_does_not_stand_there_cannot_be_changed(services: Services) -> None:
    nobody = replace(TRUST, id=AgencyId("nobody"))

    with pytest.raises(UnknownMailboxError):
        services.directory.change(
            Entries(agencies=(nobody,), mailboxes=()), services.rulebooks.in_force(), KEEPER
        )
    assert changes(services) == []


def test_a_faulty_change_changes_nothing(services: Services) -> None:
    before = services.directory.entries()
    faulty = replace(NOW, telephone="999")

    with pytest.raises(FaultyDocumentError, match="telephone"):
        services.directory.change(
            Entries(agencies=(replace(TRUST, name="Another"),), mailboxes=(faulty,)),
            services.rulebooks.in_force(),
            KEEPER,
        )
    assert services.directory.entries() == before


def test_a_retired_mailbox_stays_in_the_list_and_takes_nothing_more(
    services: Services,
) -> None:
    assert (
        a_caller(services)
        .submit(pack_bytes())
        .get_json()["decision"]["outcome"]
        .startswith("permit")
    )

    services.directory.retire(PREVENT.id, KEEPER)
    with pytest.raises(WrongStateError, match="retired already"):
        services.directory.retire(PREVENT.id, KEEPER)
    found = {mailbox.id: mailbox for mailbox in services.directory.entries().mailboxes}
    assert found[PREVENT.id].verified_on is None
    another = pack_bytes(
        form={"individual.name": "Zzcanary Another", "dates.noticed": "2026-03-11"}
    )
    answer = a_caller(services).submit(another, key="key-00000002")
    assert answer.get_json()["decision"]["outcome"] == "refuse"


def test_a_token_speaks_for_a_body_that_exists(services: Services) -> None:
    services.directory.check_agency(TRUST.id)
    with pytest.raises(UnknownMailboxError):
        services.directory.check_agency(AgencyId("northshire-trsut"))
