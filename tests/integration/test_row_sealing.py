"""Rows of before count once two operators have compared them with the log and the truth."""

from pathlib import Path

import pytest
from brokers import CALL, Clock, settings_for
from packs import EXAMPLES
from sqlalchemy import insert, select, update
from values import PREVENT

from broker.domain.errors import NotAllowedError, RowDisagreesError
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.intake.documents import read_directory
from broker.operations.installation import initialise
from broker.registers.directory import Entries
from broker.registers.sealing import RowSealing
from broker.storage import tables
from broker.wiring import Services
from keys import AgencyId, PersonId

FIRST, SECOND = (
    Person(id=PersonId(one), agency=AgencyId("northshire-trust"), role=Role.OPERATOR)
    for one in ("p-one", "p-two")
)


@pytest.fixture(name="of_before")
def _of_before(tmp_path: Path, clock: Clock) -> Services:
    """Return a broker whose directory was entered before entries named rows."""
    services = initialise(settings_for(tmp_path / "home"), clock=clock)
    agencies, mailboxes = read_directory((EXAMPLES / "directory.json").read_bytes())
    register = services.rulebooks.in_force().mail
    with services.transaction() as tx:
        tx.directory.add(agencies, mailboxes, register)
        added = [one.id for one in agencies], [one.id for one in mailboxes]
        tx.append(*(_said(one, "added") for some in added for one in some))
    with services.transaction.database.transaction() as connection:
        verified = {"verified_by": "p-keeper", "verified_on": clock().date().isoformat()}
        connection.execute(update(tables.mailbox).values(verified))
    with services.transaction() as tx:
        tx.append(*(_said(one.id, "verified") for one in mailboxes))
    return services


def sealing(services: Services) -> RowSealing:
    return RowSealing(transaction=services.transaction)


def _said(entry: str, what: str) -> dict[str, object]:
    return {"type": "directory.changed", "by": "p-keeper", "entry": entry, "what": what}


def test_nothing_of_them_counts_before_and_all_after_two_people_saw_it(
    of_before: Services,
) -> None:
    with pytest.raises(RowDisagreesError), of_before.transaction() as tx:
        tx.directory.mailbox(PREVENT.id)
    waiting = sealing(of_before).waiting()

    sealing(of_before).seal(waiting, FIRST, SECOND)

    assert {one.differs for one in waiting} == {None}
    assert (PREVENT.title, PREVENT.agency, PREVENT.address, PREVENT.telephone) in {
        tuple(one.shown) for one in waiting
    }
    assert sealing(of_before).waiting() == ()
    assert of_before.log.differences() == ()
    with of_before.transaction() as tx:
        assert tx.directory.mailbox(PREVENT.id).verified_by == "p-keeper"
        sealed = [one.event for one in tx.ledger.entries() if one.type == "rows.sealed"]
    assert {(event["by"], event["second"]) for event in sealed} == {(FIRST.id, SECOND.id)}
    assert len(sealed) == len(waiting)


def test_what_the_log_says_otherwise_of_is_shown(of_before: Services) -> None:
    with of_before.transaction.database.transaction() as connection:
        one = tables.mailbox.c.id == PREVENT.id
        connection.execute(update(tables.mailbox).where(one).values(verified_by="p-nobody"))
        trust = select(tables.agency).where(tables.agency.c.id == FIRST.agency)
        (row,) = connection.execute(trust).mappings()
        connection.execute(insert(tables.agency).values(**{**row, "id": "put-in"}))

    differs = {row.name: row.differs for row in sealing(of_before).waiting() if row.differs}

    assert set(differs) == {"agency/put-in", f"mailbox/{PREVENT.id}"}
    assert "no entry" in differs["agency/put-in"]
    assert "verification" in differs[f"mailbox/{PREVENT.id}"]


def test_one_person_is_not_two_and_what_changed_meanwhile_is_not_sealed(
    of_before: Services,
) -> None:
    waiting = sealing(of_before).waiting()

    with pytest.raises(NotAllowedError, match="different people"):
        sealing(of_before).seal(waiting, FIRST, FIRST)
    with of_before.transaction.database.transaction() as connection:
        connection.execute(update(tables.mailbox).values(address="x@another.police.uk"))
    with pytest.raises(NotAllowedError, match="changed meanwhile"):
        sealing(of_before).seal(waiting, FIRST, SECOND)

    assert len(sealing(of_before).waiting()) == len(waiting)


def test_a_new_installation_has_none(sqlite_broker: Services) -> None:
    assert sealing(sqlite_broker).waiting() == ()


def test_an_entry_that_somebody_edited_is_mended_by_entering_it_anew(
    sqlite_broker: Services, clock: Clock
) -> None:
    keeper, rulebook = PersonId("p-keeper"), sqlite_broker.rulebooks.in_force()
    with sqlite_broker.transaction.database.transaction() as connection:
        connection.execute(update(tables.mailbox).values(address="x@another.police.uk"))
        connection.execute(update(tables.agency).values(kind="police"))
    agencies, mailboxes = read_directory((EXAMPLES / "directory.json").read_bytes())

    entries = Entries(agencies=agencies, mailboxes=mailboxes)
    sqlite_broker.directory.change(entries, rulebook, keeper)

    assert sqlite_broker.log.differences() == ()
    with sqlite_broker.transaction() as tx:
        mended = tx.directory.mailbox(PREVENT.id)
    assert (mended.address, mended.verified_on) == (PREVENT.address, None)
    second = PersonId("p-second")
    assert sqlite_broker.directory.verify(PREVENT.id, CALL, second) == clock().date()
