"""A passphrase that was destroyed does not open again, whatever is put back into the database."""

from datetime import timedelta

import pytest
from brokers import NOON, NURSE, Clock
from children import Children
from referrals import ADMINISTRATOR, deliver, recorded, submit
from sqlalchemy import RowMapping, delete, insert, select, update

from broker.domain.errors import HeldError, LedgerDisagreesError, WrongStateError
from broker.domain.references import Reference
from broker.domain.states import State
from broker.operations.housekeeping import housekeeping
from broker.operations.installation import begin
from broker.retention.legal_holds import HoldRequest
from broker.storage import tables
from broker.storage.case_file import Part, passphrase_of
from broker.wiring import Services
from keys import CannotOpenError, FieldName, KeyErasedError

ENDS = ["acknowledge", "recall", "fortnight"]


def sent(services: Services) -> Reference:
    reference = submit(services)
    services.dispatcher.dispatch()
    return reference


def row_of(services: Services, reference: Reference) -> RowMapping:
    field = tables.case_field.c
    with services.transaction.database.transaction() as connection:
        return (
            connection.execute(
                select(tables.case_field).where(
                    field.reference == str(reference), field.name == Part.PASSPHRASE
                )
            )
            .mappings()
            .one()
        )


def put_back(services: Services, row: RowMapping) -> None:
    """As the database's administrator: the row as it was, and the state from which it is told."""
    with services.transaction.database.transaction() as connection:
        connection.execute(insert(tables.case_field).values(**row))
        of_it = tables.disclosure.c.reference == row["reference"]
        connection.execute(update(tables.disclosure).where(of_it).values(state="sent"))


def end(services: Services, clock: Clock, reference: Reference, how: str) -> None:
    match how:
        case "acknowledge":
            services.disclosures.hand_over(reference, NURSE, None)
            services.disclosures.acknowledge(reference, NURSE)
        case "recall":
            services.afterwards.recalling.recall(reference, NURSE)
        case _:
            clock.forward(timedelta(days=14))
            services.retention.erasures.passphrases.destroy_expired()


def name_of(services: Services, reference: Reference) -> FieldName:
    with services.transaction() as tx:
        return passphrase_of(tx.store.disclosure(reference))


@pytest.mark.parametrize("how", ENDS)
def test_a_destroyed_passphrase_that_is_put_back_does_not_open(
    services: Services, clock: Clock, how: str
) -> None:
    reference = sent(services)
    row = row_of(services, reference)
    end(services, clock, reference, how)
    put_back(services, row)

    with pytest.raises((CannotOpenError, WrongStateError, LedgerDisagreesError)):
        services.disclosures.hand_over(reference, NURSE, "The line was cut off.")
    with services.transaction() as tx, pytest.raises(CannotOpenError):
        tx.case_file(tx.store.disclosure(reference)).passphrase()


@pytest.mark.parametrize("how", ENDS)
def test_a_passphrase_whose_row_was_taken_away_loses_its_key_all_the_same(
    services: Services, clock: Clock, how: str
) -> None:
    reference = sent(services)
    if how == "acknowledge":
        services.disclosures.hand_over(reference, NURSE, None)
    with services.transaction() as tx:
        disclosure = tx.store.disclosure(reference)
        assert tx.fields.drop(disclosure, Part.PASSPHRASE)

    match how:
        case "acknowledge":
            services.disclosures.acknowledge(reference, NURSE)
        case _:
            end(services, clock, reference, how)

    with pytest.raises(KeyErasedError):
        services.keystore.field_key(name_of(services, reference))


def test_the_key_of_an_erased_case_takes_that_of_its_passphrase_along(services: Services) -> None:
    reference = sent(services)
    with services.transaction() as tx:
        case = tx.store.disclosure(reference).case
    services.retention.erasures.erase(case, ADMINISTRATOR, "order")

    assert services.keystore.fields() == ()


def test_a_day_that_a_row_brings_forward_destroys_no_passphrase(services: Services) -> None:
    reference = sent(services)
    long_ago = "2026-01-01T00:00:00.000000Z"
    with services.transaction.database.transaction() as connection:
        connection.execute(update(tables.disclosure).values(changed_at=long_ago))

    assert housekeeping(services).passphrases == 0
    with services.transaction() as tx:
        assert tx.store.disclosure(reference).state is State.SENT
    assert services.disclosures.hand_over(reference, NURSE, None).passphrase


def test_a_key_that_a_crash_left_is_destroyed_by_the_next_start(
    services: Services, clock: Clock
) -> None:
    reference = sent(services)
    services.disclosures.hand_over(reference, NURSE, None)
    Children(services).killed_at("after-commit-of-acknowledged", "acknowledge", str(reference))
    assert recorded(services, reference)[-1] == "acknowledged"
    assert services.keystore.fields() != ()

    begin(services)

    assert services.keystore.fields() == ()
    assert clock() == services.clock()


def test_a_passphrase_that_a_crash_cut_off_before_its_row_gets_the_same_key_again(
    services: Services,
) -> None:
    reference = submit(services)
    Children(services).killed_at("before-commit-of-sealed", "dispatch")
    assert len(services.keystore.fields()) == 1
    with services.dispatcher.alone():
        services.dispatcher.dispatch()

    assert services.disclosures.hand_over(reference, NURSE, None).passphrase
    assert len(services.keystore.fields()) == 1


def test_a_day_that_a_row_brings_forward_erases_no_case(services: Services) -> None:
    reference = sent(services)
    services.disclosures.hand_over(reference, NURSE, None)
    services.disclosures.acknowledge(reference, NURSE)
    services.disclosures.finish(reference, NURSE, "update-the-record")
    long_ago = "2022-01-01T00:00:00.000000Z"
    with services.transaction.database.transaction() as connection:
        connection.execute(
            update(tables.disclosure).values(created_at=long_ago, changed_at=long_ago)
        )

    (stays,) = services.retention.disposals.run()

    assert "since when it is kept" in (stays.obstacle or "")
    with services.transaction() as tx:
        assert tx.case_file(tx.store.disclosure(reference)).pack().form


def test_a_hold_whose_row_was_taken_away_still_keeps_its_case(services: Services) -> None:
    reference = deliver(services)
    with services.transaction() as tx:
        case = tx.store.disclosure(reference).case
    claim = HoldRequest(owner=ADMINISTRATOR, until=NOON.date(), why="It is before the court.")
    services.retention.legal_holds.hold(reference, ADMINISTRATOR, claim)
    with services.transaction.database.transaction() as connection:
        connection.execute(delete(tables.legal_hold))

    with pytest.raises(HeldError):
        services.retention.erasures.erase(case, ADMINISTRATOR, "order")
