"""The ledger numbers the entries about each reference, also on after a release that did not."""

from ledgers import EVENT
from sqlalchemy import Connection, insert

from audit.format.entry import GENESIS
from audit.log.append.entry_writer import write_entry
from audit.log.append.numbering import next_number
from audit.log.driver import DriverCursor
from audit.log.ledger import Ledger
from audit.log.tables import ledger_entry, stored_id

REFERENCE = str(EVENT["ref"])
OTHER = {**EVENT, "ref": "PRV-0000-0000"}


def test_entries_are_numbered_on_from_append_to_append(ledger: Ledger) -> None:
    ledger.append([EVENT, OTHER, EVENT])
    ledger.append([{"type": "alive"}, EVENT, OTHER])

    numbers = [(entry.reference, entry.reference_number) for entry in ledger.entries()]

    assert numbers == [
        (None, None),
        (REFERENCE, 0),
        ("PRV-0000-0000", 0),
        (REFERENCE, 1),
        (None, None),
        (REFERENCE, 2),
        ("PRV-0000-0000", 1),
    ]


def test_the_same_event_again_keeps_its_number(ledger: Ledger) -> None:
    event_id = "019cf684-71e8-7000-8000-00000000abcd"
    (first,) = ledger.append([{**EVENT, "id": event_id}])
    ledger.append([EVENT])

    (again,) = ledger.append([{**EVENT, "id": event_id}])

    assert again == first


def test_entries_of_a_release_without_numbers_are_counted(
    ledger: Ledger, connection: Connection
) -> None:
    (numbered,) = ledger.append([OTHER])
    event = {name: numbered.event[name] for name in numbered.event if name != "n"}
    for seq in (2, 3):
        event_id = f"019cf684-71e8-7000-8000-00000000000{seq}"
        older = write_entry({**event, "ref": REFERENCE, "id": event_id}, GENESIS, seq)
        connection.execute(
            insert(ledger_entry).values(
                seq=seq,
                entry=older.raw,
                leaf=older.leaf,
                event_id=stored_id(event_id),
                reference=REFERENCE,
            )
        )

    cursor = DriverCursor(connection)

    assert [next_number(cursor, size, REFERENCE) for size in (2, 3, 4)] == [0, 1, 2]
    assert next_number(cursor, 4, "PRV-0000-0000") == 1
