"""Ciphertext that was moved to another row, another field or another version opens nowhere."""

from collections.abc import Callable

import pytest
from brokers import NURSE, a_submission
from sqlalchemy import select, update

from broker.alarms import alarms
from broker.domain.references import Reference
from broker.domain.states import State
from broker.ledger.readings import Entrance
from broker.storage import tables
from broker.storage.case_file import Part
from broker.wiring import Services
from keys import CannotOpenError

Swap = Callable[[Services, Reference, Reference], None]


def _held(services: Services, reference: Reference, name: str) -> bytes:
    columns = tables.case_field.c
    query = select(columns.ciphertext).where(
        columns.reference == str(reference), columns.name == name
    )
    with services.transaction.database.transaction() as connection:
        return bytes(connection.execute(query).scalar_one())


def _put(services: Services, reference: Reference, name: str, **values: object) -> None:
    columns = tables.case_field.c
    with services.transaction.database.transaction() as connection:
        done = connection.execute(
            update(tables.case_field)
            .where(columns.reference == str(reference), columns.name == name)
            .values(**values)
        )
    assert done.rowcount == 1


def between_rows(services: Services, one: Reference, other: Reference) -> None:
    """The same field of another disclosure of the same case, under the very same key."""
    _put(services, one, Part.PACK, ciphertext=_held(services, other, Part.PACK))


def between_fields(services: Services, one: Reference, _other: Reference) -> None:
    """Another field of the same disclosure."""
    _put(services, one, Part.PACK, ciphertext=_held(services, one, Part.FACTS.numbered(1)))


def between_versions(services: Services, one: Reference, _other: Reference) -> None:
    """The field itself, called another version of it."""
    _put(services, one, Part.PACK, version=2)


@pytest.mark.parametrize("swap", [between_rows, between_fields, between_versions])
def test_what_was_moved_opens_nowhere_and_nothing_of_it_leaves(
    sqlite_broker: Services, swap: Swap
) -> None:
    services = sqlite_broker
    one = services.disclosures.submit(a_submission(services), NURSE)
    with services.transaction() as tx:
        case = tx.disclosure(one).case
    other = services.disclosures.submit(a_submission(services, "key-other", case=case), NURSE)

    swap(services, one, other)

    with services.transaction() as tx, pytest.raises(CannotOpenError):
        tx.case_file(tx.disclosure(one)).pack()
    services.dispatcher.dispatch()
    with services.transaction() as tx:
        states = [tx.disclosure(reference).state for reference in (one, other)]
    assert states == [State.DECIDED, State.SENT]
    assert not (services.home.pickup / f"{one}.eml").exists()
    assert "integrity-failed" in {alarm.code for alarm in alarms(services)}
    services.afterwards.recalling.recall(one, NURSE)
    with pytest.raises(CannotOpenError):
        services.deliveries.anew.look(one, NURSE, Entrance.API)
