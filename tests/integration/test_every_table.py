"""Every register refuses every edit of every column, and each other table names what holds it.

The rows here are of nobody: each is written with an entry that vouches for it, as the broker does.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from referrals import deliver
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Integer,
    LargeBinary,
    String,
    Table,
    and_,
    delete,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound

from audit.errors import LedgerError
from broker.domain.errors import BrokerError, RowDisagreesError
from broker.domain.people.errors import RowDoubtedError
from broker.ledger import events
from broker.storage.grants import all_tables
from broker.storage.rows.believed import Register
from broker.storage.rows.register import MarkedRows
from broker.storage.rows.registers import REGISTERS
from broker.storage.rows.sessions import challenge, high_water, session
from broker.storage.transaction import Transaction
from broker.wiring import Services
from keys import PersonId

FIRST, SECOND = PersonId("p-first"), PersonId("p-second")
TESTS: Final = Path(__file__).parent.parent

HELD_BY: Final[Mapping[str, tuple[str, str]]] = {
    "activation": (
        "test_edited_tables.py",
        "test_an_activation_that_was_copied_puts_no_older_rules_in_force",
    ),
    "bucket": ("test_limits.py", "test_a_broken_file_of_buckets_stops_nobody_and_is_counted"),
    "case_field": (
        "test_deleted_rows.py",
        "test_another_row_does_not_stand_in_for_the_one_that_is_gone",
    ),
    "challenge": ("test_every_table.py", "test_what_lives_for_minutes_counts_as_it_was_written"),
    "disclosure": (
        "test_edited_tables.py",
        "test_a_disclosure_with_any_deciding_column_edited_is_neither_told_nor_moved",
    ),
    "draft": ("test_drafts.py", "test_a_draft_that_was_tampered_with_is_refused"),
    "draft_member": ("test_drafts.py", "test_drafts_swapped_between_owners_are_refused"),
    "duty": (
        "test_edited_work.py",
        "test_a_duty_that_was_deleted_or_edited_is_named_and_told_to_nobody",
    ),
    "earlier_mark": ("test_deleted_rows.py", "test_one_mark_less_and_one_edited_are_named_too"),
    "high_water": ("test_every_table.py", "test_what_lives_for_minutes_counts_as_it_was_written"),
    "installation": ("test_faults.py", "test_a_database_beside_another_keystore_does_not_start"),
    "ledger_checkpoint": (
        "test_ledger_rewritten.py",
        "test_a_ledger_recomputed_without_the_key_is_not_signed_and_found",
    ),
    "ledger_entry": (
        "test_foreign_growth.py",
        "test_nothing_is_taken_in_sent_or_signed_over_growth_that_is_not_ours",
    ),
    "ledger_head": (
        "test_foreign_growth.py",
        "test_rows_behind_the_head_stop_what_would_be_recorded_and_are_told_to_nobody",
    ),
    "ledger_tile": (
        "test_ledger_at_fault.py",
        "test_an_edited_entry_whose_leaf_was_kept_is_handed_to_nobody",
    ),
    "legal_hold": ("test_edited_tables.py", "test_a_hold_stands_whatever_its_row_says"),
    "outbox": ("test_edited_work.py", "test_a_queued_step_that_was_edited_stops_no_other_pack"),
    "portal_ask": ("test_portal.py", "test_who_knows_no_code_cannot_say_that_it_was_fetched"),
    "portal_page": (
        "test_edited_pages.py",
        "test_a_form_that_a_row_alone_names_closes_and_destroys_nothing",
    ),
    "portal_reader": (
        "test_edited_pages.py",
        "test_a_page_that_was_put_in_for_anothers_document_is_told_to_nobody",
    ),
    "request_sameness": (
        "test_partner_requests.py",
        "test_an_erased_question_leaves_nothing_by_which_it_could_be_found_again",
    ),
    "rulebook": (
        "test_edited_tables.py",
        "test_other_rules_under_a_version_that_decided_judge_and_explain_nothing",
    ),
    "seen_proof": ("test_machine_tokens.py", "test_a_proof_counts_for_one_call"),
    "session": ("test_every_table.py", "test_what_lives_for_minutes_counts_as_it_was_written"),
    "submission_key": (
        "test_deleted_rows.py",
        "test_a_call_whose_key_was_taken_away_is_not_done_twice",
    ),
    "webhook_turn": (
        "test_webhooks.py",
        "test_a_turn_that_somebody_edited_stops_no_other_machine",
    ),
}
"""The tables that are no register, each with the test that says what an edit of it can do."""


@pytest.mark.parametrize("name", [table.name for table in all_tables()])
def test_each_table_is_a_register_or_says_what_holds_it(name: str) -> None:
    parts = {part.name for register in REGISTERS for part in register.parts}
    if name in {register.table.name for register in REGISTERS} | parts:
        assert name not in HELD_BY
        return
    file, test = HELD_BY[name]
    texts = [found.read_text(encoding="utf-8") for found in TESTS.rglob(file)]
    assert any(re.search(rf"^def {test}\(", text, re.MULTILINE) for text in texts)


def test_no_register_believes_a_row_that_was_edited_or_taken_out(
    services: Services,
) -> None:
    for register in REGISTERS:
        with services.transaction() as tx:
            name, key = written(tx, register)
            assert tx.rows.find(register, *key) is not None
            for what, statement in hostile(register, key):
                assert refused(tx, register, key, name, statement), what
            assert name not in tx.rows.differing(register)
    assert any(register.parts for register in REGISTERS)


def test_no_register_believes_a_row_that_truly_stood_there_once(services: Services) -> None:
    for register in REGISTERS:
        column = spare_column(register.table)
        with services.transaction() as tx:
            name, key = written(tx, register)
            (before,) = tx.connection.execute(select(column).where(is_row(register, key))).one()
            newer = update(register.table).where(is_row(register, key))
            tx.connection.execute(newer.values({column.name: another(column, before)}))
            vouched(tx, register, key)
            assert name not in tx.rows.differing(register)
            older = newer.values({column.name: before})
            assert refused(tx, register, key, name, older), name


def written(tx: Transaction, register: Register) -> tuple[str, tuple[str, ...]]:
    """Write a row, with one of each of its parts, and the entry that vouches for it."""
    values = {column.name: value_of(column) for column in register.table.columns}
    tx.connection.execute(insert(register.table).values(values))
    key = tuple(str(values[one.name]) for one in register.table.primary_key.columns)
    for part in register.parts:
        row = {column.name: value_of(column) for column in part.columns}
        tx.connection.execute(insert(part).values(row))
    return vouched(tx, register, key), key


def vouched(tx: Transaction, register: Register, key: tuple[str, ...]) -> str:
    now = tx.rows.as_stored(register, *key)
    tx.append(events.row_sealed(now, FIRST, SECOND))
    return now.name


def hostile(register: Register, key: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield what a hand can do to a row and its parts; keys that stand against it are left out."""
    table = register.table
    for column in table.columns:
        if not column.primary_key:
            changed = {column.name: another(column, value_of(column))}
            yield f"{column} edited", update(table).where(is_row(register, key)).values(changed)
    for part in register.parts:
        owner = next(iter(part.primary_key.columns))
        for column in part.columns:
            changed = {column.name: another(column, value_of(column))}
            if column is not owner:
                yield f"{column} edited", update(part).where(owner == key[0]).values(changed)
        yield f"{part.name} taken out", delete(part).where(owner == key[0])
    if not register.parts:
        yield f"{table.name} taken out", delete(table).where(is_row(register, key))


def refused(
    tx: Transaction, register: Register, key: tuple[str, ...], name: str, statement: Any
) -> bool:
    """Say whether an edit leaves a row that is named, and believed by nobody; take it back."""
    with tx.connection.begin_nested() as attempt:
        try:
            assert tx.connection.execute(statement).rowcount == 1
        except IntegrityError:
            # A key of the database stands against it.
            attempt.rollback()
            return True
        is_named = name in tx.rows.differing(register)
        try:
            tx.rows.find(register, *key)
        except RowDisagreesError:
            is_believed = False
        else:
            is_believed = True
        attempt.rollback()
    return is_named and not is_believed


def is_row(register: Register, key: tuple[str, ...]) -> ColumnElement[bool]:
    columns = register.table.primary_key.columns
    return and_(*(column == value for column, value in zip(columns, key, strict=True)))


def spare_column(table: Table) -> Column[Any]:
    """Return a column that is neither key nor points elsewhere."""
    return next(
        one for one in table.columns if not (one.primary_key or one.foreign_keys or one.unique)
    )


def value_of(column: Column[Any]) -> object:
    """Return what this test writes there; what points to another table, to the row of that."""
    for pointer in column.foreign_keys:
        return value_of(pointer.column)
    match column.type:
        case Boolean():
            return True
        case Integer():
            return 1
        case LargeBinary():
            return bytes([1]) * (column.type.length or 8)
        case String(length=length):
            return f"t-{column.table.name}"[: length or 16]
        case _:
            raise AssertionError(column)


def another(column: Column[Any], value: object) -> object:
    """Return another value of the same type, a row that there is where it points to one."""
    if column.foreign_keys:
        return "northshire-police"
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case bytes():
            return bytes([2]) * len(value)
        case _:
            return f"u{str(value)[1:]}"


def test_a_value_of_another_type_than_its_columns_stops_no_comparison_and_is_named(
    sqlite_broker: Services,
) -> None:
    """SQLite keeps any value in any column; PostgreSQL refuses what is of another type."""
    deliver(sqlite_broker)
    believed = {register.table.name for register in REGISTERS} | {"earlier_mark", "rulebook"}
    for column in (column for table in all_tables() for column in table.columns):
        is_bytes = isinstance(column.type, LargeBinary)
        for value in ("'zz'", "-7") if is_bytes else ("x'ff00'",):
            with holding(sqlite_broker, column, value) as was_let:
                named = was_let and says_otherwise(sqlite_broker)
            if was_let and is_bytes and column.table.name in believed:
                assert named, column
    assert not says_otherwise(sqlite_broker)


def says_otherwise(services: Services) -> bool:
    """Say whether the rows or the ledger itself are found to be another than ours, by name."""
    try:
        return bool(services.log.differences())
    except LedgerError:
        return True


@contextmanager
def holding(services: Services, column: Column[Any], value: str) -> Iterator[bool]:
    """Put a value into the first row of a table, say whether it could be, and put it right."""
    database = services.transaction.database
    rowid: ColumnElement[int] = literal_column("rowid")
    query = select(rowid, column).select_from(column.table).limit(1)
    hostile = update(column.table).values({column.name: literal_column(value)})
    try:
        with database.transaction() as connection:
            which, stored = connection.execute(query).one()
            connection.execute(hostile.where(rowid == which))
    except (BrokerError, DBAPIError, NoResultFound):
        # It has no row, lies in a file of its own, or a key of the database stands against it.
        yield False
        return
    yield True
    with database.transaction() as connection:
        back = update(column.table).values({column.name: stored})
        connection.execute(back.where(rowid == which))


def test_what_lives_for_minutes_counts_as_it_was_written(services: Services) -> None:
    for table in (session, challenge, high_water):
        values = {one.name: value_of(one) for one in table.columns if one.name != "mac"}
        (key,) = table.primary_key.columns
        with services.transaction() as tx:
            rows = MarkedRows(tx.connection, services.transaction.rows)
            rows.put(table, values)
            assert rows.one(table, str(values[key.name])) is not None
            for column in table.columns:
                if column.primary_key:
                    continue
                with tx.connection.begin_nested() as attempt:
                    other = another(column, values.get(column.name, bytes(32)))
                    tx.connection.execute(update(table).values({column.name: other}))
                    with pytest.raises(RowDoubtedError):
                        rows.one(table, str(values[key.name]))
                    attempt.rollback()
