"""The schema at head is what the tables say, on both databases."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from brokers import Clock
from ledgers import EVENT, GATEWAY, ORIGIN, Log, SeedSigner, a_log, checkpoint_of, store
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.exc import DBAPIError

import audit.log.tables
from audit.format.entry import GENESIS, Entry
from audit.format.gateway_counters import Counters
from audit.format.notes.verifier_key import VerifierKey
from audit.log.append.entry_writer import write_entry
from audit.log.ledger import Ledger
from audit.log.verification import verify_database
from broker.domain.errors import NotInitialisedError
from broker.storage import tables
from broker.storage.database import Database
from broker.storage.migrate import upgrade
from broker.storage.revision import NEWEST, revision
from broker.storage.rows.short_lived import buckets
from broker.wiring import Services, assemble

A_REFERRAL_OF_THE_FIRST_TABLES = """
INSERT INTO agency (id, name, kind, in_united_kingdom, undertaking_signed)
VALUES ('a', 'Example', 'nhs', true, false);
INSERT INTO mailbox (id, agency, title, address, type, accepts_encrypted, telephone)
VALUES ('m', 'a', 'Team', 'team@example.invalid', 'role', 'yes', '01632 960 001');
INSERT INTO rulebook (version, bundle) VALUES ('r', '');
INSERT INTO disclosure (reference, state, outcome, case_id, sender, requester, recipient,
                        purpose, rulebook, created_at, changed_at, judged)
VALUES ('7Q4KM2XH', 'referred', 'refer', 'c', 'a', 'p', 'm',
        'referral', 'r', '2026-03-16T12:00:00.000000Z', '2026-03-16T12:00:00.000000Z', 1),
       ('7Q4KM2XJ', 'refused', 'refuse', 'c', 'a', 'p', 'm',
        'referral', 'r', '2026-03-16T12:00:00.000000Z', '2026-03-16T12:00:00.000000Z', 1)
"""


def test_the_schema_at_head_equals_the_tables(services: Services) -> None:
    everything = MetaData(naming_convention=tables.NAMING)
    on_postgresql = services.transaction.database.path is None
    buckets_alone = (buckets.metadata,) if on_postgresql else ()
    for metadata in (tables.metadata, audit.log.tables.metadata, *buckets_alone):
        for table in metadata.tables.values():
            table.to_metadata(everything)

    with services.transaction.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, everything)

    assert differences == []


def test_upgrading_again_changes_nothing(services: Services) -> None:
    engine = services.transaction.database.engine
    upgrade(engine)

    with engine.connect() as connection:
        assert revision(connection) == NEWEST


def test_tables_of_another_release_are_not_worked_with(services: Services) -> None:
    with services.transaction.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    with pytest.raises(NotInitialisedError, match="broker db upgrade"):
        assemble(services.settings)


CHANGES = pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_entry SET seq = seq + 10", "DELETE FROM ledger_entry"],
    ids=["update", "delete"],
)


@CHANGES
def test_the_ledger_refuses_to_be_changed(services: Services, statement: str) -> None:
    engine = services.transaction.database.engine

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.postgresql
def test_an_upgrade_may_take_its_time(postgresql_url: str) -> None:
    engine = Database(postgresql_url, threads=1).engine
    allowed: list[object] = []

    def ask(connection: Connection) -> None:
        allowed.append(connection.exec_driver_sql("SHOW statement_timeout").scalar())

    event.listen(engine, "commit", ask)
    upgrade(engine)
    engine.dispose()

    assert allowed == ["0"]


@contextmanager
def at_revision(number: str, engine: Engine, folder: Path) -> Generator[Connection]:
    """A new database with the tables of an older release."""
    (folder / "home").mkdir()
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "broker.storage:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, number)
        yield connection


def test_what_waited_for_a_guardian_before_there_were_deadlines_is_due_at_once(
    tmp_path: Path, database_url: str
) -> None:
    engine = Database(database_url, threads=1).engine
    with at_revision("0001", engine, tmp_path) as connection:
        for statement in A_REFERRAL_OF_THE_FIRST_TABLES.split(";"):
            connection.exec_driver_sql(statement)

    upgrade(engine)

    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT state, due_on FROM disclosure ORDER BY state")
        assert list(rows) == [("referred", "2026-03-16"), ("refused", None)]
    engine.dispose()


def of_the_first_tables(connection: Connection, size: int) -> list[Entry]:
    """Store a log from before there were tiles and counters of gateways."""
    log = Log()
    for entry in a_log(size).entries:
        said = {name: entry.event[name] for name in entry.event if not name.startswith("gw")}
        previous = log.entries[-1].leaf if log.entries else GENESIS
        log.entries.append(write_entry(said, previous, entry.seq))
    store(connection, log)
    return log.entries


@pytest.mark.parametrize("size", [1, 255, 256, 600])
def test_a_log_of_the_first_tables_gets_the_tiles_that_it_filled_and_counts_from_then(
    tmp_path: Path, database_url: str, clock: Clock, size: int
) -> None:
    engine = Database(database_url, threads=1).engine
    with at_revision("0003", engine, tmp_path) as connection:
        entries = of_the_first_tables(connection, size)

    upgrade(engine)

    with engine.begin() as connection:
        ledger = Ledger(connection, clock, GATEWAY)
        assert len(list(ledger.tiles(0, 0, size))) == size // 256
        ledger.append([EVENT] * 256)
        key = VerifierKey.of(ORIGIN, SeedSigner(1))
        report = verify_database(connection, [checkpoint_of(entries)], key)
    assert report.counters == Counters({GATEWAY: 256})
    engine.dispose()


def test_a_log_of_the_first_tables_is_searched_by_identifier_and_repeats_nothing(
    tmp_path: Path, database_url: str, clock: Clock
) -> None:
    engine = Database(database_url, threads=1).engine
    with at_revision("0003", engine, tmp_path) as connection:
        entries = of_the_first_tables(connection, 300)

    upgrade(engine)

    with engine.begin() as connection:
        ledger = Ledger(connection, clock, GATEWAY)
        assert [ledger.entry_of(entry.event_id) for entry in entries] == entries
        assert ledger.append([{**EVENT, "ref": "PRV-7Q4K-M2X9", "id": entries[299].event_id}]) == (
            entries[299],
        )
        assert list(ledger.entries()) == entries
        assert ledger.entries_about("PRV-7Q4K-M2X7") == tuple(entries[7::10])
    engine.dispose()


@CHANGES
def test_a_log_of_the_first_tables_refuses_to_be_changed_after_the_upgrade(
    tmp_path: Path, database_url: str, statement: str
) -> None:
    engine = Database(database_url, threads=1).engine
    with at_revision("0003", engine, tmp_path) as connection:
        of_the_first_tables(connection, 3)

    upgrade(engine)

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
