"""Whatever of the log is handed out is proved first, and rows that it does not count are found."""

import json

import pytest
from ledgers import EVENT, disarm
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import DBAPIError

from audit.errors import BrokenLedgerError
from audit.log.foreign_rows import ForeignRows, stand_behind
from audit.log.ledger import Ledger
from audit.log.proven import proven_event, proven_range
from audit.log.tables import (
    drop_triggers,
    ledger_checkpoint,
    ledger_entry,
    ledger_tile,
    triggers,
)

SIZE = 300
ID = "019cf684-71e8-7000-8000-00000000abcd"


@pytest.fixture(name="long")
def _long(ledger: Ledger) -> Ledger:
    """A log of more than one full tile."""
    ledger.append([{**EVENT, "id": ID}])
    ledger.append([EVENT] * (SIZE - 2))
    return ledger


def edit(connection: Connection, number: int, **values: object) -> None:
    disarm(connection)
    of_it = ledger_entry.c.seq == number
    connection.execute(update(ledger_entry).where(of_it).values(**values))


@pytest.mark.parametrize(
    ("start", "stop"), [(0, SIZE), (250, 260), (256, 299), (7, 8), (299, 900)]
)
def test_entries_are_handed_out_as_they_were_recorded(long: Ledger, start: int, stop: int) -> None:
    assert list(proven_range(long, start, stop)) == list(long.raw_entries(start, stop))


def test_nothing_stands_beyond_the_head(long: Ledger) -> None:
    assert proven_range(long, SIZE, SIZE + 10) == ()


@pytest.mark.parametrize("number", [3, 255, 256, 280, SIZE - 1])
@pytest.mark.parametrize("start", [0, 250])
def test_an_entry_that_was_edited_is_handed_out_by_no_range(
    connection: Connection, long: Ledger, number: int, start: int
) -> None:
    edit(connection, number, entry=b'{"event":{"type":"made-up"}}')

    if number >= start:
        with pytest.raises(BrokenLedgerError) as caught:
            proven_range(long, start, SIZE)
        assert caught.value.first_bad == number
    else:
        assert len(proven_range(long, start, SIZE)) == SIZE - start


def test_an_entry_edited_with_its_leaf_leads_to_no_head(
    connection: Connection, long: Ledger
) -> None:
    other = connection.execute(select(ledger_entry).where(ledger_entry.c.seq == 270)).one()
    edit(connection, 280, entry=other.entry, leaf=other.leaf)

    with pytest.raises(BrokenLedgerError):
        proven_range(long, 257, 290)


def test_an_event_is_found_by_its_identifier_and_proved(
    connection: Connection, long: Ledger
) -> None:
    found = proven_event(long, ID)
    assert found is not None
    assert found.seq == 1
    assert proven_event(long, ID.replace("abcd", "abce")) is None

    edit(connection, 1, entry=found.raw.replace(b"M2XH", b"M2XJ"))
    with pytest.raises(BrokenLedgerError):
        proven_event(long, ID)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param((ledger_entry, {"seq": SIZE + 9}), id="entry ahead"),
        pytest.param((ledger_entry, {"seq": -1}), id="entry before"),
        pytest.param((ledger_tile, {"level": 0, "number": 1}), id="tile"),
        pytest.param((ledger_tile, {"level": 1, "number": 0}), id="tile of the next level"),
        pytest.param((ledger_tile, {"level": 8, "number": 0}), id="tile of no level"),
        pytest.param((ledger_tile, {"level": -1, "number": 0}), id="tile below all levels"),
        pytest.param((ledger_tile, {"level": 0, "number": -1}), id="tile before the first"),
        pytest.param((ledger_checkpoint, {"size": SIZE + 1}), id="head ahead"),
        pytest.param((ledger_checkpoint, {"size": 0}), id="head of nothing"),
    ],
)
def test_a_row_that_the_head_does_not_count_is_found_kept_and_taken_away(
    connection: Connection, long: Ledger, row: tuple[object, dict[str, int]]
) -> None:
    table, key = row
    rest = {
        ledger_entry: {"entry": b"x", "leaf": bytes(32), "event_id": bytes(16)},
        ledger_tile: {"hashes": bytes(8192)},
        ledger_checkpoint: {"note": b"x"},
    }
    assert not ForeignRows(connection, SIZE).stand()
    connection.execute(insert(table).values(**key, **rest[table]))  # type: ignore[arg-type, index]

    foreign = ForeignRows(connection, SIZE)
    assert foreign.stand()
    (line,) = foreign.lines()
    assert key.items() <= json.loads(line).items()
    foreign.remove()

    assert not ForeignRows(connection, SIZE).stand()
    assert long.head().size == SIZE
    with pytest.raises(DBAPIError, match="append-only"):
        connection.execute(update(ledger_entry).values(reference=None))


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_trigger_that_is_made_can_be_taken_away(dialect: str) -> None:
    made = {one.split()[2] for one in triggers(dialect) if one.startswith("CREATE TRIGGER")}
    gone = {one.split()[4] for one in drop_triggers(dialect)}

    assert made == gone


def test_what_others_append_between_two_looks_is_nobodys_but_theirs(
    connection: Connection, long: Ledger
) -> None:
    """As READ COMMITTED lets a reader see it: the head of before, then the rows of after."""
    seen = iter([SIZE - 5, SIZE - 2, long.head().size])
    stayed = iter([SIZE - 5, SIZE - 5])

    assert not stand_behind(connection, seen.__next__)
    assert stand_behind(connection, stayed.__next__)
