"""A row of a register counts only as the ledger's newest entry says, whoever wrote it."""

from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from brokers import CALL, NURSE, Clock, a_broker
from referrals import assert_ledger_verifies, submit
from sqlalchemy import Table, delete, insert, select, update
from values import PREVENT

from broker.domain.errors import RowDisagreesError
from broker.domain.model import MailboxId
from broker.domain.states import State
from broker.ledger import events
from broker.registers.directory import Entries
from broker.storage import tables
from broker.storage.rows.registers import AGENCIES, MAILBOXES
from broker.wiring import Services, assemble
from keys import AgencyId, PersonId

KEEPER = PersonId("p-keeper")
CHANNEL = MailboxId("northshire-channel")
POLICE = AgencyId("northshire-police")


def run(services: Services, statement: Any) -> Any:
    with services.transaction.database.transaction() as connection:
        result = connection.execute(statement)
        return [dict(row) for row in result.mappings()] if result.returns_rows else None


def stored(services: Services, table: Table, key: str) -> dict[str, Any]:
    (row,) = run(services, select(table).where(table.c.id == key))
    return dict(row)


def differing(services: Services) -> set[str]:
    with services.transaction() as tx:
        return {name for one in (AGENCIES, MAILBOXES) for name in tx.rows.differing(one)}


def refuse_mailbox(services: Services, mailbox: MailboxId = PREVENT.id) -> None:
    with pytest.raises(RowDisagreesError, match=mailbox), services.transaction() as tx:
        tx.directory.mailbox(mailbox)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("address", "prevent@another-force.police.uk"),
        ("telephone", "01632 960999"),
        ("agency", "example-school"),
        ("title", "Another team"),
        ("type", "portal"),
        ("accepts_encrypted", "no"),
        ("verified_on", "2026-03-15"),
        ("verified_on", None),
        ("verified_by", "p-somebody"),
    ],
)
def test_a_mailbox_with_any_column_edited_is_refused(
    services: Services, column: str, value: str | None
) -> None:
    run(
        services,
        update(tables.mailbox).where(tables.mailbox.c.id == PREVENT.id).values(**{column: value}),
    )

    refuse_mailbox(services)
    assert differing(services) == {"mailbox/northshire-prevent"}
    with pytest.raises(RowDisagreesError):
        submit(services)
    with services.transaction() as tx:
        assert tx.directory.mailbox(CHANNEL).id == CHANNEL


def test_a_verification_does_not_bless_what_somebody_edited(services: Services) -> None:
    run(services, update(tables.mailbox).values(address="x@another-force.police.uk"))

    with pytest.raises(RowDisagreesError):
        services.directory.verify(PREVENT.id, CALL, KEEPER)

    refuse_mailbox(services)


def test_a_row_that_truly_stood_there_once_is_refused(services: Services) -> None:
    before = stored(services, tables.mailbox, PREVENT.id)
    services.directory.retire(PREVENT.id, KEEPER)
    services.directory.change(
        Entries(agencies=(), mailboxes=(PREVENT,)), services.rulebooks.in_force(), KEEPER
    )
    with services.transaction() as tx:
        assert tx.directory.mailbox(PREVENT.id).verified_on is None

    run(services, delete(tables.mailbox).where(tables.mailbox.c.id == PREVENT.id))
    run(services, insert(tables.mailbox).values(**before))

    refuse_mailbox(services)


def test_a_row_that_was_taken_out_and_put_back_is_refused(services: Services) -> None:
    before = stored(services, tables.mailbox, CHANNEL)
    run(services, delete(tables.mailbox).where(tables.mailbox.c.id == CHANNEL))
    with services.transaction() as tx:
        gone = tx.rows.as_stored(MAILBOXES, CHANNEL)
        tx.append(events.directory_changed(CHANNEL, "retired", KEEPER, gone))
    run(services, insert(tables.mailbox).values(**before))

    refuse_mailbox(services, CHANNEL)


def test_a_row_that_was_deleted_is_missed_and_one_that_was_put_in_is_refused(
    services: Services,
) -> None:
    whole = stored(services, tables.mailbox, CHANNEL)
    run(services, delete(tables.mailbox).where(tables.mailbox.c.id == CHANNEL))
    run(services, insert(tables.mailbox).values(**{**whole, "id": "a-new-one"}))

    refuse_mailbox(services, CHANNEL)
    refuse_mailbox(services, MailboxId("a-new-one"))
    assert differing(services) == {f"mailbox/{CHANNEL}", "mailbox/a-new-one"}
    with services.transaction() as tx:
        assert MailboxId("a-new-one") not in {one.id for one in tx.directory.mailboxes()}


def test_rows_of_two_keys_that_changed_places_are_refused(services: Services) -> None:
    one, two = (stored(services, tables.mailbox, key) for key in (PREVENT.id, CHANNEL))
    for key, other in ((PREVENT.id, two), (CHANNEL, one)):
        of_it = tables.mailbox.c.id == key
        run(services, update(tables.mailbox).where(of_it).values(**{**other, "id": key}))

    refuse_mailbox(services, PREVENT.id)
    refuse_mailbox(services, CHANNEL)


def test_what_one_gateway_changed_no_other_believes_as_it_was(services: Services) -> None:
    """A row is put back while another gateway still works with what it read before."""
    other = assemble(services.settings, clock=services.clock)
    before = stored(other, tables.mailbox, PREVENT.id)
    with other.transaction() as tx:
        assert tx.directory.mailbox(PREVENT.id).verified_on is not None
    services.directory.retire(PREVENT.id, KEEPER)
    run(services, update(tables.mailbox).where(tables.mailbox.c.id == PREVENT.id).values(**before))

    refuse_mailbox(other)
    with pytest.raises(RowDisagreesError):
        submit(other)
    other.close()


def test_a_change_by_one_gateway_is_not_laid_over_by_another(services: Services) -> None:
    """Two gateways change one row at once: each change stands on the ledger, and one row holds."""
    other = assemble(services.settings, clock=services.clock)
    ended: list[BaseException | None] = []

    def change(by: Services, title: str) -> None:
        entries = Entries(agencies=(), mailboxes=(replace(PREVENT, title=title),))
        try:
            by.directory.change(entries, by.rulebooks.in_force(), KEEPER)
            ended.append(None)
        except BaseException as error:  # noqa: BLE001  # asserted on below
            ended.append(error)

    threads = [
        Thread(target=change, args=(by, f"Team {number}"))
        for number in range(4)
        for by in (services, other)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)

    assert ended == [None] * len(threads)
    assert differing(services) == differing(other) == set()
    assert_ledger_verifies(services)
    other.close()


BASIS = {
    "agency": NURSE.agency,
    "article_6": "public-task",
    "article_9": "substantial-public-interest",
    "schedule_1": "safeguarding",
    "power": "Invented power",
}


def test_a_body_with_a_basis_put_in_edited_or_taken_out_is_refused(services: Services) -> None:
    bases = tables.agency_basis
    of_trust = bases.c.agency == NURSE.agency
    before = run(services, select(bases).where(of_trust))
    assert before
    for edit in (
        insert(bases).values(purpose="immigration-enforcement", **BASIS),
        update(bases).where(of_trust).values(power="Another"),
        delete(bases).where(of_trust),
    ):
        run(services, edit)
        with pytest.raises(RowDisagreesError, match=NURSE.agency), services.transaction() as tx:
            tx.directory.agency(NURSE.agency)
        run(services, delete(bases).where(of_trust))
        run(services, insert(bases).values(before))
    with services.transaction() as tx:
        assert tx.directory.agency(NURSE.agency).bases
        assert tx.directory.agency(POLICE).id == POLICE


def test_what_was_put_right_is_believed_again(services: Services) -> None:
    of_it = tables.mailbox.c.id == PREVENT.id
    run(services, update(tables.mailbox).where(of_it).values(telephone="01632 960999"))
    refuse_mailbox(services)
    run(services, update(tables.mailbox).where(of_it).values(telephone=PREVENT.telephone))

    reference = submit(services)

    services.dispatcher.dispatch()
    with services.transaction() as tx:
        assert tx.store.disclosure(reference).state is State.SENT


def test_a_row_of_another_installation_is_refused(
    sqlite_broker: Services, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = a_broker(tmp_path_factory.mktemp("other") / "home", Clock())
    foreign = stored(other, tables.mailbox, PREVENT.id)
    other.close()
    with sqlite_broker.transaction() as tx:
        before = tx.rows.as_stored(MAILBOXES, PREVENT.id)
    assert foreign == stored(sqlite_broker, tables.mailbox, PREVENT.id)

    with sqlite_broker.transaction() as tx:
        said = tx.known().row("mailbox/northshire-prevent")
        assert said is not None
        assert said.mac == before.mac
    assert before.mac not in _macs_of(other)


def _macs_of(services: Services) -> set[object]:
    with services.transaction.database.reading() as connection:
        log = services.transaction.on(connection).ledger
        return {entry.event.get("row_mac") for entry in log.entries()}
