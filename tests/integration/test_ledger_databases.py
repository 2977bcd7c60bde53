"""The ledger on real databases: races, crashes, old backups, full disks, hands in the rows."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import ledgers
import pytest
from ledgers import EVENT, GATEWAY, ORIGIN, LeafTree, SeedSigner, disarm, past_the_triggers
from sqlalchemy import Connection, Engine, Update, create_engine, event, select, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from audit.errors import BrokenLedgerError, ForeignRowsError, RollbackError, Rule
from audit.format.entry import Entry
from audit.format.merkle.proofs import inclusion_proof
from audit.log.append.chain import Head
from audit.log.checkpoint_store import CheckpointStore
from audit.log.ledger import Ledger
from audit.log.serving.export import export
from audit.log.serving.receipts import issue_receipt
from audit.log.tables import APPEND_ONLY, ledger_head, metadata, triggers
from audit.log.verification import verify_database
from audit.verify.report import Report


def now() -> datetime:
    return datetime.now(UTC)


def engine_for(url: str) -> Engine:
    engine = create_engine(url, pool_size=8)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # sqlite3's own: we begin
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        connection.cursor().execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@pytest.fixture(
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
    ],
)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def ledger_engine(ledger_url: str) -> Generator[Engine]:
    """An engine of a database whose ledger is open and holds entry 0."""
    engine = engine_for(ledger_url)
    with engine.begin() as connection:
        metadata.create_all(connection)
        for statement in triggers(engine.dialect.name):
            connection.exec_driver_sql(statement)
        Ledger(connection, now, GATEWAY).open_log(ORIGIN)
    yield engine
    engine.dispose()


@pytest.fixture
def checkpoints(tmp_path: Path) -> Path:
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    return folder


@pytest.fixture
def keeper(checkpoints: Path) -> CheckpointStore:
    return CheckpointStore(checkpoints, SeedSigner(1), ORIGIN)


def append(engine: Engine, count: int = 1) -> None:
    with engine.begin() as connection:
        Ledger(connection, now, GATEWAY).append([EVENT] * count)


def sign(engine: Engine, keeper: CheckpointStore) -> None:
    with engine.begin() as connection:
        ledger = Ledger(connection, now, GATEWAY)
        kept = keeper.keep(ledger)
        ledger.record_checkpoint(kept.checkpoint.size, kept.note)


def verified(engine: Engine, keeper: CheckpointStore) -> Report:
    with engine.begin() as connection:
        kept = [kept.checkpoint for kept in keeper.all()]
        return verify_database(connection, kept, keeper.key)


def head_of(engine: Engine) -> Head:
    with engine.begin() as connection:
        return Ledger(connection, now, GATEWAY).head()


def test_what_was_committed_is_there_after_a_restart(
    ledger_url: str, ledger_engine: Engine, keeper: CheckpointStore
) -> None:
    append(ledger_engine, 300)
    sign(ledger_engine, keeper)
    ledger_engine.dispose()

    again = engine_for(ledger_url)
    report = verified(again, keeper)
    again.dispose()

    assert (report.entries, report.signed) == (301, 301)


def test_what_was_rolled_back_never_was(ledger_engine: Engine) -> None:
    before = head_of(ledger_engine)

    with ledger_engine.connect() as connection, connection.begin() as transaction:
        Ledger(connection, now, GATEWAY).append([EVENT])
        transaction.rollback()

    assert head_of(ledger_engine) == before


def test_racing_writers_leave_one_chain(ledger_engine: Engine, keeper: CheckpointStore) -> None:
    writers, each = 8, 10
    barrier = Barrier(writers)

    def write() -> None:
        barrier.wait()
        for _ in range(each):
            append(ledger_engine)

    with ThreadPoolExecutor(writers) as pool:
        for writer in [pool.submit(write) for _ in range(writers)]:
            writer.result()
    sign(ledger_engine, keeper)

    assert verified(ledger_engine, keeper).entries == 1 + writers * each


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
def test_rows_are_not_touched_by_accident(
    ledger_engine: Engine, keeper: CheckpointStore, table: str, verb: str
) -> None:
    append(ledger_engine, 255)
    sign(ledger_engine, keeper)
    column = {"ledger_entry": "entry", "ledger_checkpoint": "note", "ledger_tile": "hashes"}[table]

    with (
        pytest.raises(DBAPIError, match="append-only"),
        ledger_engine.begin() as connection,
    ):
        connection.exec_driver_sql(verb.format(table=table, column=column))


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        pytest.param(
            "UPDATE ledger_entry SET entry = (SELECT entry FROM ledger_entry WHERE seq = 4)"
            " WHERE seq = 5",
            (5, Rule.LEAF),
            id="entry edited",
        ),
        pytest.param(
            "UPDATE ledger_entry SET leaf = entry WHERE seq = 5", (5, Rule.COLUMN), id="leaf"
        ),
        pytest.param(
            "UPDATE ledger_entry SET reference = 'x' WHERE seq = 5",
            (5, Rule.COLUMN),
            id="reference",
        ),
        pytest.param("DELETE FROM ledger_entry WHERE seq = 5", (5, Rule.NUMBER), id="removed"),
        pytest.param("DELETE FROM ledger_entry WHERE seq > 5", (6, Rule.TAIL), id="tail cut"),
        pytest.param(
            "UPDATE ledger_head SET frontier = previous_leaf", (None, Rule.HEAD), id="head"
        ),
        pytest.param(
            "UPDATE ledger_checkpoint SET size = 5", (None, Rule.CHECKPOINT), id="checkpoint"
        ),
        pytest.param("DELETE FROM ledger_tile", (None, Rule.TILE), id="tile removed"),
        pytest.param("UPDATE ledger_tile SET number = 5", (None, Rule.TILE), id="tile moved"),
    ],
)
def test_a_hand_in_the_rows_is_found(
    ledger_engine: Engine,
    keeper: CheckpointStore,
    statement: str,
    found: tuple[int | None, Rule],
) -> None:
    append(ledger_engine, 9)
    sign(ledger_engine, keeper)
    append(ledger_engine, 250)
    past_the_triggers(ledger_engine, statement)

    with pytest.raises(BrokenLedgerError) as caught:
        verified(ledger_engine, keeper)

    assert (caught.value.first_bad, caught.value.rule) == found


NOT_SAID = {("ledger_head", "id"), ("ledger_head", "authenticator")}
"""What no row can have otherwise: the table allows one value."""


def other_than(value: object) -> object:
    match value:
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1])
        case int():
            return value + 7
        case str():
            return value[:-1] + ("x" if value[-1] != "x" else "y")
        case _:
            return "x"


def each_row_changed(connection: Connection, every: int) -> Iterator[Update]:
    """Of every so manieth entry one column in turn; of all other rows every column."""
    for table in metadata.sorted_tables:
        for number, row in enumerate(connection.execute(select(table)).mappings().all()):
            columns = [
                column for column in table.columns if (table.name, column.name) not in NOT_SAID
            ]
            if table.name == "ledger_entry":
                columns = [] if number % every else [columns[number // every % len(columns)]]
            same = [key == row[key.name] for key in table.primary_key]
            for column in columns:
                wrong = 1_000 + number if column.name == "seq" else other_than(row[column.name])
                yield update(table).where(*same).values({column.name: wrong})


@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.long)])
def test_every_value_of_every_row_counts(
    ledger_engine: Engine, keeper: CheckpointStore, every: int
) -> None:
    for more in (8, 250):
        append(ledger_engine, more)
        sign(ledger_engine, keeper)
    append(ledger_engine, 2)
    kept = [one.checkpoint for one in keeper.all()]
    with ledger_engine.begin() as connection:
        changes = list(each_row_changed(connection, every))

    for change in changes:
        with ledger_engine.connect() as connection, connection.begin() as transaction:
            disarm(connection)
            connection.execute(change)
            with pytest.raises(BrokenLedgerError):
                verify_database(connection, kept, keeper.key)
            transaction.rollback()

    assert len(changes) > 261 // every
    assert verified(ledger_engine, keeper).entries == 261


def test_a_retry_after_an_unknown_commit_is_recorded_once(ledger_engine: Engine) -> None:
    known = {**EVENT, "id": "019cf684-71e8-7000-8000-00000000abcd"}
    entries: list[Entry] = []

    for _ in range(2):
        with ledger_engine.begin() as connection:
            entries += Ledger(connection, now, GATEWAY).append([known])

    assert entries[0] == entries[1]
    assert head_of(ledger_engine).size == 2


def test_a_row_that_took_the_next_number_is_told_from_a_race(ledger_engine: Engine) -> None:
    known = {**EVENT, "id": "019cf684-71e8-7000-8000-00000000abcd"}
    with ledger_engine.begin() as connection:
        ledger = Ledger(connection, now, GATEWAY)
        before = connection.execute(select(ledger_head)).mappings().one()
        ledger.append([known])
        connection.execute(update(ledger_head).values(**before))

    with pytest.raises(ForeignRowsError), ledger_engine.begin() as connection:
        Ledger(connection, now, GATEWAY).append([EVENT])


def test_the_export_of_a_database_is_the_log(
    ledger_engine: Engine, keeper: CheckpointStore, tmp_path: Path
) -> None:
    append(ledger_engine, 300)
    sign(ledger_engine, keeper)
    target = tmp_path / "export"

    with ledger_engine.begin() as connection:
        export(Ledger(connection, now, GATEWAY), list(keeper.all()), keeper.key, target)

    run = subprocess.run([sys.executable, "-m", "audit", "verify", target], check=False)
    assert run.returncode == 0


@pytest.mark.parametrize("index", [0, 255, 256, 511, 600])
def test_a_receipt_from_a_database_s_tiles_is_that_from_its_leaves(
    ledger_engine: Engine, keeper: CheckpointStore, index: int
) -> None:
    append(ledger_engine, 600)
    sign(ledger_engine, keeper)
    kept = keeper.newest()
    assert kept is not None

    with ledger_engine.begin() as connection:
        ledger = Ledger(connection, now, GATEWAY)
        receipt = issue_receipt(ledger, index, kept)
        leaves = LeafTree(list(ledger.leaves(0, 601)))

    assert receipt.path == inclusion_proof(leaves, index)


def test_a_database_without_the_tile_hands_out_no_receipt(
    ledger_engine: Engine, keeper: CheckpointStore
) -> None:
    append(ledger_engine, 300)
    sign(ledger_engine, keeper)
    kept = keeper.newest()
    assert kept is not None
    past_the_triggers(ledger_engine, "DELETE FROM ledger_tile")

    with (
        pytest.raises(BrokenLedgerError, match="broker ledger verify"),
        ledger_engine.begin() as connection,
    ):
        issue_receipt(Ledger(connection, now, GATEWAY), 5, kept)


CHILD = """
import sys
from itertools import count
from pathlib import Path
sys.path[:0] = sys.argv[1].split(":")
from ledgers import GATEWAY, ORIGIN, SeedSigner
from test_ledger_databases import append, engine_for, head_of, now, sign
from audit.log.serving.export import export
from audit.log.checkpoint_store import CheckpointStore
from audit.log.ledger import Ledger
engine = engine_for(sys.argv[2])
keeper = CheckpointStore(Path(sys.argv[3]), SeedSigner(1), ORIGIN)
for round in count():
    append(engine)
    if "signing" in sys.argv:
        sign(engine, keeper)
    if "exporting" in sys.argv:
        with engine.begin() as connection:
            target = Path(sys.argv[3]).parent / f"export-{round}"
            export(Ledger(connection, now, GATEWAY), list(keeper.all()), keeper.key, target)
    print(head_of(engine).size, flush=True)
"""


def killed_after(acknowledged: int, url: str, folder: Path, *work: str) -> int:
    """Start a writer, kill it after so many acknowledgements, return the last size it told."""
    places = [Path(__file__).parent, Path(ledgers.__file__).parent]
    path = ":".join(str(place) for place in places)
    command = [sys.executable, "-c", CHILD, path, url, str(folder), *work]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = [child.stdout.readline() for _ in range(acknowledged)]
        child.send_signal(signal.SIGKILL)
        told += child.stdout
        return max(int(line) for line in told if line.endswith("\n"))


def rounds(few: list[int], many: range) -> list[object]:
    return [*few, *(pytest.param(number, marks=pytest.mark.long) for number in many)]


@pytest.mark.parametrize("acknowledged", rounds([3, 40], range(41, 141)))
def test_a_killed_writer_loses_nothing_that_it_acknowledged(
    ledger_url: str,
    ledger_engine: Engine,
    keeper: CheckpointStore,
    checkpoints: Path,
    acknowledged: int,
) -> None:
    size = killed_after(acknowledged, ledger_url, checkpoints)
    append(ledger_engine)
    sign(ledger_engine, keeper)

    # One commit may have been made and not yet told.
    assert verified(ledger_engine, keeper).entries - 1 - size in {0, 1}


@pytest.mark.parametrize("acknowledged", rounds([4, 5, 6], range(7, 40)))
def test_a_writer_killed_while_a_tile_fills_leaves_it_whole_or_not_there(
    ledger_url: str,
    ledger_engine: Engine,
    keeper: CheckpointStore,
    checkpoints: Path,
    acknowledged: int,
) -> None:
    append(ledger_engine, 250)

    size = killed_after(acknowledged, ledger_url, checkpoints)
    sign(ledger_engine, keeper)

    assert verified(ledger_engine, keeper).entries - size in {0, 1}


@pytest.mark.parametrize("acknowledged", rounds([2, 5, 9], range(10, 60)))
def test_a_killed_signer_leaves_whole_checkpoints_only(
    ledger_url: str,
    ledger_engine: Engine,
    keeper: CheckpointStore,
    checkpoints: Path,
    acknowledged: int,
) -> None:
    size = killed_after(acknowledged, ledger_url, checkpoints, "signing")

    assert verified(ledger_engine, keeper).signed in {size, size + 1}
    sign(ledger_engine, keeper)
    assert verified(ledger_engine, keeper).signed in {size, size + 1}


@pytest.mark.parametrize("acknowledged", [1, 2])
def test_a_killed_export_is_whole_or_not_there(
    ledger_url: str,
    ledger_engine: Engine,
    checkpoints: Path,
    acknowledged: int,
) -> None:
    append(ledger_engine, 300)
    killed_after(acknowledged, ledger_url, checkpoints, "signing", "exporting")

    exports = sorted(checkpoints.parent.glob("export-*"))
    assert len(exports) >= acknowledged
    for folder in exports:
        run = subprocess.run([sys.executable, "-m", "audit", "verify", folder], check=False)
        assert run.returncode == 0


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Generator[Engine]:
    engine = engine_for(f"sqlite:///{tmp_path / 'ledger.db'}")
    with engine.begin() as connection:
        metadata.create_all(connection)
        Ledger(connection, now, GATEWAY).open_log(ORIGIN)
    yield engine
    engine.dispose()


def test_a_restored_backup_is_refused_before_anything_is_signed(
    sqlite_engine: Engine, keeper: CheckpointStore, tmp_path: Path
) -> None:
    append(sqlite_engine, 5)
    sqlite_engine.dispose()
    shutil.copy(tmp_path / "ledger.db", tmp_path / "backup.db")
    append(sqlite_engine, 5)
    sign(sqlite_engine, keeper)

    restored = engine_for(f"sqlite:///{tmp_path / 'backup.db'}")
    with pytest.raises(RollbackError, match="Nothing is signed"):
        sign(restored, keeper)
    append(restored, 9)
    with pytest.raises(RollbackError, match="Nothing is signed"):
        sign(restored, keeper)
    restored.dispose()


def test_a_full_disk_takes_nothing_and_goes_on_when_there_is_room(
    sqlite_engine: Engine, keeper: CheckpointStore
) -> None:
    def limit(pages: int) -> None:
        with sqlite_engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    append(sqlite_engine, 5)
    limit(1)
    before = head_of(sqlite_engine)
    with pytest.raises(OperationalError, match="full"):
        append(sqlite_engine, 500)
    assert head_of(sqlite_engine) == before

    limit(1_000_000)
    append(sqlite_engine, 500)
    sign(sqlite_engine, keeper)
    assert verified(sqlite_engine, keeper).entries == 506


@pytest.mark.postgresql
def test_a_stricter_isolation_fails_rather_than_fork(
    postgresql_url: str, keeper: CheckpointStore
) -> None:
    engine = create_engine(postgresql_url, isolation_level="REPEATABLE READ")
    with engine.begin() as connection:
        metadata.create_all(connection)
        Ledger(connection, now, GATEWAY).open_log(ORIGIN)

    with engine.connect() as slow, slow.begin() as transaction:
        slow.exec_driver_sql("SELECT 1 FROM ledger_head")
        append(engine)
        with pytest.raises(DBAPIError, match="could not serialize"):
            Ledger(slow, now, GATEWAY).append([EVENT])
        transaction.rollback()
    sign(engine, keeper)

    assert verified(engine, keeper).entries == 2
    engine.dispose()


def test_entries_of_two_gateways_with_unequal_clocks_stay_in_order(
    ledger_engine: Engine, keeper: CheckpointStore
) -> None:
    fast = now().replace(year=2100)

    for clock, gateway in ((lambda: fast, "g-fast"), (now, "g-slow")):
        with ledger_engine.begin() as connection:
            Ledger(connection, clock, gateway).append([EVENT])
    sign(ledger_engine, keeper)

    with ledger_engine.begin() as connection:
        ahead, behind = Ledger(connection, now, GATEWAY).entries(1)
    assert behind.moment == ahead.moment
    assert behind.event["clock"] == "behind"
    assert [(one.gateway, one.gateway_number) for one in (ahead, behind)] == [
        ("g-fast", 0),
        ("g-slow", 0),
    ]
    assert verified(ledger_engine, keeper).entries == 3
