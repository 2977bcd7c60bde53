from collections.abc import Callable
from datetime import datetime

import pytest
from ledgers import EVENT, GATEWAY, NOON
from sqlalchemy import Connection, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from audit.errors import (
    BrokenLedgerError,
    EventIdTakenError,
    LedgerLockError,
    LedgerNotOpenError,
    MalformedEntryError,
    UnrecordableEventError,
)
from audit.format.entry import GENESIS
from audit.format.gateway_counters import Counters
from audit.format.merkle.tree import Frontier
from audit.log.append.chain import Head
from audit.log.driver import marked
from audit.log.ledger import Ledger
from audit.log.tables import APPEND_ONLY, ledger_head, metadata, triggers

OTHER = {"type": "expired", "ref": "PRV-0000-0000"}
COLUMN_OF = {"ledger_entry": "entry", "ledger_checkpoint": "note", "ledger_tile": "hashes"}
EVENT_ID = "019cf684-71e8-7000-8000-00000000abcd"


def test_a_log_opens_with_its_name_as_entry_0(ledger: Ledger) -> None:
    (entry,) = ledger.entries()

    assert (entry.seq, entry.previous, entry.type) == (0, GENESIS, "log.open")
    assert entry.event["origin"] == "broker.example/ledger"


def test_a_log_opens_once(ledger: Ledger) -> None:
    with pytest.raises(LedgerNotOpenError, match="has a log already"):
        ledger.open_log("other.example/ledger")


def test_a_log_needs_a_name_that_can_be_one(
    connection: Connection, clock: Callable[[], datetime]
) -> None:
    with pytest.raises(UnrecordableEventError, match="Field origin"):
        Ledger(connection, clock, GATEWAY).open_log("https://broker.example/ledger")


def test_nothing_is_appended_before_the_log_is_open(
    connection: Connection, clock: Callable[[], datetime]
) -> None:
    with pytest.raises(LedgerNotOpenError, match="broker init"):
        Ledger(connection, clock, GATEWAY).append([EVENT])


def test_there_is_no_head_before_the_log_is_open(
    connection: Connection, clock: Callable[[], datetime]
) -> None:
    with pytest.raises(LedgerNotOpenError, match="broker init"):
        Ledger(connection, clock, GATEWAY).head()
    with pytest.raises(LedgerNotOpenError, match="broker init"):
        Ledger(connection, clock, GATEWAY).origin()


def test_what_is_appended_is_read_back(ledger: Ledger) -> None:
    appended = ledger.append([EVENT, OTHER])

    assert list(ledger.entries(1)) == list(appended)
    assert list(ledger.raw_entries(1, 2)) == [appended[0].raw]
    assert list(ledger.leaves(1, 3)) == [entry.leaf for entry in appended]


def test_the_head_follows_the_entries(ledger: Ledger) -> None:
    entries = [*ledger.entries(), *ledger.append([EVENT, OTHER])]

    assert ledger.head() == Head(
        origin="broker.example/ledger",
        frontier=Frontier().extend(entry.leaf for entry in entries),
        previous_leaf=entries[-1].leaf,
        last_moment=entries[-1].moment,
        counters=Counters({GATEWAY: len(entries)}),
    )


def test_entries_about_one_disclosure_are_found(ledger: Ledger) -> None:
    first, _, third = ledger.append([EVENT, OTHER, EVENT])

    assert ledger.entries_about("PRV-7Q4K-M2XH") == (first, third)


def test_appending_nothing_changes_nothing(ledger: Ledger) -> None:
    before = ledger.head()

    assert ledger.append([]) == ()
    assert ledger.head() == before


def test_an_event_that_is_recorded_already_is_not_recorded_again(ledger: Ledger) -> None:
    event = {**EVENT, "id": EVENT_ID}
    first = ledger.append([event])

    again, new = ledger.append([event, OTHER])

    assert ((again,), new.seq, ledger.head().size) == (first, 2, 3)


def test_an_event_recorded_while_the_clock_was_behind_is_known_again(
    connection: Connection, noon: datetime
) -> None:
    moments = iter([noon, noon.replace(hour=11), noon, noon])
    ledger = Ledger(connection, lambda: next(moments), GATEWAY)
    ledger.open_log("broker.example/ledger")
    event = {**EVENT, "id": EVENT_ID}

    assert ledger.append([event]) == ledger.append([event])


def test_an_identifier_names_one_event(ledger: Ledger) -> None:
    ledger.append([{**EVENT, "id": EVENT_ID}])

    with pytest.raises(EventIdTakenError, match="identifier of its own"):
        ledger.append([{**OTHER, "id": EVENT_ID}])


def test_an_identifier_is_not_given_twice_at_once(ledger: Ledger) -> None:
    with pytest.raises(EventIdTakenError, match="Two events"):
        ledger.append([{**EVENT, "id": EVENT_ID}, {**OTHER, "id": EVENT_ID}])


def test_an_event_that_does_not_fit_the_table_takes_all_with_it(ledger: Ledger) -> None:
    with pytest.raises(UnrecordableEventError):
        ledger.append([EVENT, {"type": "expired"}])

    assert ledger.head().size == 1


def test_a_log_is_not_opened_by_appending(ledger: Ledger) -> None:
    with pytest.raises(UnrecordableEventError, match="opened once"):
        ledger.append([{"type": "log.open", "origin": "broker.example/ledger"}])


def test_an_event_too_long_to_be_an_entry_is_refused(ledger: Ledger) -> None:
    event = {
        "type": "asked",
        "ref": "PRV-7Q4K-M2XH",
        "by": "guardian-1",
        "principles": [1] * 10_000,
        "question_c": "0" * 64,
    }

    with pytest.raises(MalformedEntryError, match="16,384 bytes"):
        ledger.append([event])


def test_a_ledger_appends_no_word_that_its_lists_lack(ledger: Ledger) -> None:
    done: dict[str, object] = {"type": "duty.done", "ref": "PRV-7Q4K-M2XH", "by": "nurse-1"}
    ledger.append([{**done, "duty": "tell-the-person"}])

    with pytest.raises(UnrecordableEventError, match="a word of the list obligations"):
        ledger.append([{**done, "duty": "tell-tam-specimen"}])


@pytest.mark.usefixtures("ledger")
def test_a_ledger_without_lists_appends_no_word_of_a_list(
    connection: Connection, noon: datetime
) -> None:
    done = {
        "type": "duty.done",
        "ref": "PRV-7Q4K-M2XH",
        "by": "nurse-1",
        "duty": "tell-the-person",
    }

    with pytest.raises(UnrecordableEventError, match="a word of the list obligations"):
        Ledger(connection, lambda: noon, GATEWAY).append([done])


def test_an_event_that_is_rolled_back_never_was(connection: Connection, ledger: Ledger) -> None:
    connection.commit()
    with connection.begin() as transaction:
        ledger.append([EVENT])
        transaction.rollback()

    assert (ledger.head().size, len(list(ledger.entries()))) == (1, 1)


def test_nothing_is_appended_outside_a_transaction(connection: Connection, ledger: Ledger) -> None:
    connection.commit()

    with pytest.raises(LedgerLockError, match="no transaction"):
        ledger.append([EVENT])


@pytest.mark.usefixtures("ledger")
def test_a_head_that_moved_meanwhile_stops_the_append(
    connection: Connection, noon: datetime
) -> None:
    def intruding() -> datetime:
        connection.exec_driver_sql("UPDATE ledger_head SET size = size + 8")
        return noon

    with pytest.raises(LedgerLockError, match="Somebody else appended"):
        Ledger(connection, intruding, GATEWAY).append([EVENT])


def test_a_head_that_cannot_be_is_not_built_on(connection: Connection, ledger: Ledger) -> None:
    connection.execute(update(ledger_head).values(size=3))

    with pytest.raises(BrokenLedgerError, match="frontier"):
        ledger.append([EVENT])


@pytest.mark.parametrize("counters", ["", "[]", '{"g-example":"1"}', '{"g-example":true}'])
def test_counters_that_cannot_be_are_not_built_on(
    connection: Connection, ledger: Ledger, counters: str
) -> None:
    connection.execute(update(ledger_head).values(gateways=counters))

    with pytest.raises(BrokenLedgerError, match="counters"):
        ledger.append([EVENT])


def test_each_gateway_numbers_its_own_entries(connection: Connection, ledger: Ledger) -> None:
    other = Ledger(connection, lambda: NOON, "g-other")

    entries = [*ledger.append([EVENT]), *other.append([OTHER]), *ledger.append([EVENT])]

    assert [(entry.gateway, entry.gateway_number) for entry in entries] == [
        (GATEWAY, 1),
        ("g-other", 0),
        (GATEWAY, 2),
    ]


def test_a_driver_s_error_comes_as_sqlalchemy_s(connection: Connection, ledger: Ledger) -> None:
    connection.exec_driver_sql("DROP TABLE ledger_entry")

    with pytest.raises(DBAPIError, match="no such table") as caught:
        ledger.append([EVENT])

    assert "PRV-" not in str(caught.value)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE {table} SET {column} = x'00'", id="changed"),
        pytest.param("DELETE FROM {table}", id="deleted"),
    ],
)
def test_rows_cannot_be_touched_by_accident(
    connection: Connection, ledger: Ledger, table: str, statement: str
) -> None:
    ledger.append([EVENT] * 255)
    ledger.record_checkpoint(1, b"note")
    column = COLUMN_OF[table]

    with pytest.raises(IntegrityError, match="append-only"):
        connection.exec_driver_sql(statement.format(table=table, column=column))


def test_a_row_that_a_hand_turned_into_text_is_still_read(
    connection: Connection, ledger: Ledger
) -> None:
    connection.exec_driver_sql("DROP TRIGGER ledger_entry_no_update")
    connection.exec_driver_sql("UPDATE ledger_entry SET entry = 'edited' WHERE seq = 0")

    assert list(ledger.raw_entries()) == [b"edited"]


def test_each_tile_is_stored_in_the_transaction_that_fills_it(
    connection: Connection, ledger: Ledger
) -> None:
    ledger.append([EVENT] * 254)
    assert list(ledger.tiles(0, 0, 9)) == []

    connection.commit()
    with connection.begin() as transaction:
        ledger.append([EVENT])
        assert len(list(ledger.tiles(0, 0, 9))) == 1
        transaction.rollback()
    assert list(ledger.tiles(0, 0, 9)) == []

    ledger.append([EVENT] * 300)
    assert list(ledger.tiles(0, 0, 9)) == [
        b"".join(ledger.leaves(0, 256)),
        b"".join(ledger.leaves(256, 512)),
    ]
    assert list(ledger.tiles(0, 1, 2)) == [b"".join(ledger.leaves(256, 512))]
    assert list(ledger.tiles(1, 0, 9)) == []


def test_a_tile_is_not_stored_from_entries_that_are_not_all_there(
    connection: Connection, ledger: Ledger
) -> None:
    ledger.append([EVENT] * 254)
    connection.exec_driver_sql("DROP TRIGGER ledger_entry_no_delete")
    connection.exec_driver_sql("DELETE FROM ledger_entry WHERE seq = 5")

    with pytest.raises(IntegrityError, match="ck_ledger_tile_full"):
        ledger.append([EVENT])


def test_the_signed_size_is_that_of_the_largest_recorded_checkpoint(ledger: Ledger) -> None:
    assert ledger.signed_size() == 0

    for size in (1, 12, 3):
        ledger.record_checkpoint(size, b"note")

    assert ledger.signed_size() == 12


def test_a_checkpoint_is_recorded_once(ledger: Ledger) -> None:
    ledger.record_checkpoint(1, b"note")
    ledger.record_checkpoint(1, b"another")

    assert list(ledger.checkpoints()) == [(1, b"note")]


def test_postgresql_has_triggers_for_the_same_tables() -> None:
    statements = "\n".join(triggers("postgresql"))

    assert statements.count("BEFORE UPDATE OR DELETE OR TRUNCATE ON") == len(APPEND_ONLY)
    assert set(metadata.tables) == {"ledger_head", *APPEND_ONLY}


@pytest.mark.parametrize(
    ("paramstyle", "statement"),
    [
        pytest.param("qmark", "SELECT ? WHERE x = ?", id="SQLite"),
        pytest.param("pyformat", "SELECT %s WHERE x = %s", id="PostgreSQL"),
    ],
)
def test_statements_carry_the_marks_of_their_driver(paramstyle: str, statement: str) -> None:
    assert marked("SELECT ? WHERE x = ?", paramstyle) == statement
