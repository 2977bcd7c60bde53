"""Rows that the database's administrator edits between decision and telephone move nothing."""

from dataclasses import replace
from typing import Any

import pytest
from brokers import NURSE
from ledgers import past_the_triggers
from referrals import refer, submit
from sqlalchemy import Table, delete, insert, update
from values import PREVENT

from broker.domain.errors import (
    LedgerDisagreesError,
    RecipientChangedError,
    RowDisagreesError,
)
from broker.domain.references import Reference
from broker.domain.states import State
from broker.registers.directory import Entries
from broker.storage import tables
from broker.wiring import Services
from keys import PersonId

ELSEWHERE = {"address": "prevent@another-force.police.uk"}
LONG_AGO = "2026-01-01T00:00:00.000000Z"
OTHER_NUMBER = {"telephone": "01632 960999"}


def edit(services: Services, table: Table, **values: Any) -> None:
    with services.transaction.database.transaction() as connection:
        connection.execute(update(table).values(**values))


def put_in_the_outbox(services: Services, reference: Reference, step: str) -> None:
    with services.transaction.database.transaction() as connection:
        connection.execute(
            insert(tables.outbox).values(
                reference=str(reference),
                step=step,
                due_at="2026-01-01T00:00:00.000000Z",
                attempts=0,
            )
        )


def state_of(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        return tx.store.disclosure(reference).state


def nothing_left(services: Services) -> bool:
    return list(services.home.pickup.iterdir()) == []


@pytest.mark.parametrize("changes", [ELSEWHERE, OTHER_NUMBER], ids=["address", "telephone"])
def test_a_mailbox_edited_between_decision_and_sealing_gets_nothing(
    services: Services, changes: dict[str, str]
) -> None:
    reference = submit(services)
    edit(services, tables.mailbox, **changes)

    services.dispatcher.dispatch()

    assert nothing_left(services)
    assert state_of(services, reference) is State.DECIDED


def test_a_mailbox_edited_between_sealing_and_sending_gets_nothing(services: Services) -> None:
    reference = submit(services)
    sealing = services.dispatcher._lease()
    assert sealing is not None
    services.dispatcher._do(sealing)
    edit(services, tables.mailbox, **ELSEWHERE)

    services.dispatcher.dispatch()

    assert nothing_left(services)
    assert state_of(services, reference) is State.SEALED


def test_a_number_edited_before_the_call_is_told_to_nobody(services: Services) -> None:
    reference = submit(services)
    services.dispatcher.dispatch()
    edit(services, tables.mailbox, **OTHER_NUMBER)

    with pytest.raises(RowDisagreesError, match="mailbox/northshire-prevent"):
        services.disclosures.hand_over(reference, NURSE, None)

    assert state_of(services, reference) is State.SENT


def test_a_number_that_the_directory_changed_before_the_call_is_told_to_nobody(
    services: Services,
) -> None:
    reference = submit(services)
    services.dispatcher.dispatch()
    moved = replace(PREVENT, telephone="01632 960999")
    services.directory.change(
        Entries(agencies=(), mailboxes=(moved,)),
        services.rulebooks.in_force(),
        PersonId("p-keeper"),
    )

    with pytest.raises(RecipientChangedError, match="send it again"):
        services.disclosures.hand_over(reference, NURSE, None)

    assert state_of(services, reference) is State.SENT


def test_what_was_put_right_goes_after_all(services: Services) -> None:
    reference = submit(services)
    with services.transaction() as tx:
        before = tx.directory.mailbox(tx.store.disclosure(reference).recipient)
    edit(services, tables.mailbox, **OTHER_NUMBER)
    services.dispatcher.dispatch()
    edit(services, tables.mailbox, telephone=before.telephone)
    edit(services, tables.outbox, due_at=LONG_AGO)

    services.dispatcher.dispatch()

    assert state_of(services, reference) is State.SENT


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"requester": "p-somebody"}, id="requester"),
        pytest.param({"sender": "example-school"}, id="sender"),
        pytest.param({"recipient": "northshire-channel"}, id="recipient"),
    ],
)
def test_a_disclosure_whose_parties_were_edited_is_not_sent(
    services: Services, changes: dict[str, str]
) -> None:
    reference = submit(services)
    edit(services, tables.disclosure, **changes)

    services.dispatcher.dispatch()

    assert nothing_left(services)
    assert state_of(services, reference) is State.DECIDED


def test_what_was_referred_is_not_sent_because_a_row_says_decided(services: Services) -> None:
    reference = refer(services)
    edit(services, tables.disclosure, state="decided", outcome="permit")
    put_in_the_outbox(services, reference, "seal")

    services.dispatcher.dispatch()

    assert nothing_left(services)


def test_what_was_refused_is_not_sent_because_a_row_says_decided(services: Services) -> None:
    reference = submit(services, questions__concern__harm="none")
    edit(services, tables.disclosure, state="decided", outcome="permit")
    put_in_the_outbox(services, reference, "seal")

    services.dispatcher.dispatch()

    assert nothing_left(services)


def test_what_nobody_could_keep_is_not_sent_because_a_row_says_decided(
    services: Services,
) -> None:
    reference = submit(services, questions__material__third_parties="yes")
    assert state_of(services, reference) is State.REFUSED
    edit(services, tables.disclosure, state="decided")
    put_in_the_outbox(services, reference, "seal")

    services.dispatcher.dispatch()

    assert nothing_left(services)


@pytest.mark.parametrize("part", ["unperformed/1", "recipient/1"])
def test_what_opens_the_decision_no_more_is_not_sent(services: Services, part: str) -> None:
    reference = submit(services)
    with services.transaction.database.transaction() as connection:
        connection.execute(delete(tables.case_field).where(tables.case_field.c.name == part))

    services.dispatcher.dispatch()

    assert nothing_left(services)
    assert state_of(services, reference) is State.DECIDED


def test_what_was_recalled_is_not_sent_because_a_row_says_decided(services: Services) -> None:
    reference = submit(services)
    services.afterwards.recalling.recall(reference, NURSE)
    edit(services, tables.disclosure, state="decided")
    put_in_the_outbox(services, reference, "seal")

    services.dispatcher.dispatch()

    assert nothing_left(services)


def test_a_recall_that_a_column_beside_its_entry_hides_stops_it_all_the_same(
    services: Services,
) -> None:
    reference = submit(services)
    services.afterwards.recalling.recall(reference, NURSE)
    edit(services, tables.disclosure, state="decided")
    put_in_the_outbox(services, reference, "seal")
    with services.transaction() as tx:
        *_, recalled = tx.about(reference)
    past_the_triggers(
        services.transaction.database.engine,
        f"UPDATE ledger_entry SET reference = NULL WHERE seq = {recalled.seq}",  # noqa: S608  # a number of ours
    )

    services.dispatcher.dispatch()

    assert nothing_left(services)


def test_nothing_is_told_of_what_a_row_alone_says_was_sent(services: Services) -> None:
    reference = submit(services)
    services.dispatcher.dispatch()
    services.afterwards.recalling.recall(reference, NURSE)
    edit(services, tables.disclosure, state="sent")

    with pytest.raises(LedgerDisagreesError, match="where it stands"):
        services.disclosures.hand_over(reference, NURSE, None)
