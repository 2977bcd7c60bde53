"""Whoever reads the ledger for long reads one moment of it, and nobody waits for them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ledgers import EVENT, GATEWAY, run_verifier
from referrals import assert_ledger_verifies
from sqlalchemy import Connection, event

from audit.log.ledger import Ledger
from audit.log.serving.export import export
from audit.log.verification import verify_database
from broker.wiring import Services

SIZE = 600


@pytest.fixture(name="grown")
def _grown(services: Services) -> Services:
    """A broker whose ledger holds 600 entries."""
    with services.transaction() as tx:
        tx.append(*[EVENT] * (SIZE - tx.ledger.head().size))
    services.checkpoints.keep()
    return services


def append(services: Services, count: int = 1) -> None:
    with services.transaction() as tx:
        tx.append(*[EVENT] * count)


def head_size(services: Services) -> int:
    with services.transaction() as tx:
        return tx.ledger.head().size


class GrowingLog(Ledger):
    """The ledger as it is read, while a gateway appends between the rows."""

    services: Services

    def raw_entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        for number, raw in enumerate(super().raw_entries(start, stop)):
            if number % 100 == 0:
                append(self.services, 50)
                self.services.checkpoints.keep()
            yield raw


def test_an_export_is_of_one_moment_whatever_is_appended_meanwhile(
    grown: Services, tmp_path: Path
) -> None:
    kept = list(grown.checkpoints.store.all())
    with grown.transaction.database.reading() as connection:
        log = GrowingLog(connection, grown.clock, GATEWAY)
        log.services = grown
        exported = export(log, kept, grown.checkpoints.store.key, tmp_path / "export")

    assert exported.checkpoint.size == SIZE
    assert head_size(grown) == SIZE + 6 * 50
    assert run_verifier("verify", tmp_path / "export")[0] == 0
    assert_ledger_verifies(grown)


def test_a_ledger_that_grows_while_it_is_verified_holds(grown: Services) -> None:
    def grow(reader: Connection, *_: object) -> None:
        """Append after each statement by which somebody else reads."""
        if reader is connection:
            append(grown)

    kept = [one.checkpoint for one in grown.checkpoints.store.all()]
    with grown.transaction.database.reading() as connection:
        event.listen(connection.engine, "after_cursor_execute", grow)
        report = verify_database(connection, kept, grown.checkpoints.store.key)
        event.remove(connection.engine, "after_cursor_execute", grow)

    assert (report.entries, report.signed) == (SIZE, SIZE)
    assert head_size(grown) >= SIZE + 3


def test_whatever_is_read_first_fixes_the_moment_of_all_that_is_read_after(
    grown: Services,
) -> None:
    firsts: tuple[Callable[[Ledger], object], ...] = (
        lambda log: log.head(),
        lambda log: list(log.raw_entries(0, 1)),
        lambda log: list(log.leaves(0, 1)),
    )
    for first in firsts:
        with grown.transaction.database.reading() as connection:
            log, size = grown.transaction.on(connection).ledger, head_size(grown)
            first(log)
            append(grown)

            assert len(list(log.leaves(size, size + 1))) == 0
            assert (log.head().size, len(list(log.raw_entries()))) == (size, size)


def test_a_reader_who_stays_for_long_stops_no_append_and_costs_room_only_meanwhile(
    sqlite_broker: Services,
) -> None:
    services = sqlite_broker
    wal = services.home.path / "broker.db-wal"
    with services.transaction.database.reading() as connection:
        log = services.transaction.on(connection).ledger
        before = log.head()
        for _ in range(60):
            append(services, 100)
        assert log.head() == before
        assert len(list(log.entries())) == before.size
        held = wal.stat().st_size

    with services.transaction.database.reading() as connection:
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()

    assert (busy, wal.stat().st_size) == (0, 0)
    # SQLite begins anew with its log at 1,000 pages, unless somebody still reads what they held.
    assert held > 1_000 * 4_096
    assert head_size(services) == before.size + 6_000
    assert_ledger_verifies(services)
