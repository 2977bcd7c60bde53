"""The ledger's figures: appends, tiles, proofs, verification, and what the disk holds of it."""

import math
import os
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path

from brokers import NURSE, Clock, a_broker
from callers import a_caller
from ledgers import GATEWAY, ORIGIN, LeafTree, SeedSigner
from measuring import Measure, beside, duration
from packs import pack_bytes
from postgres import SUPERUSER, installed, running_cluster
from sqlalchemy import Connection, Engine, func, select

from audit.format.entry import Entry, parse_entry
from audit.format.event_table import OF_THE_LEDGER
from audit.format.merkle.proofs import inclusion_proof, verify_inclusion
from audit.format.merkle.tiles import WIDTH
from audit.format.merkle.tree import Frontier, leaf_hash
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.known import KnownLog
from audit.log.ledger import Ledger
from audit.log.serving.receipts import issue_receipt
from audit.log.tables import APPEND_ONLY, ledger_head
from audit.verify.batch_verifier import BatchVerifier
from audit.verify.batches import batches
from broker.domain.references import parse_reference
from broker.ledger.readings import Content, Entrance, record_reading
from broker.ledger.words import recordable
from broker.storage.database import Database
from broker.storage.migrate import upgrade

ENTRIES = 50_000
SHORT = 1_000
LONG = 1_000_000
BATCH = 5_000
PROOFS = 200
TILES = 16
LEAVES = 2**17
SEED = 20260316
SENT: Mapping[str, object] = {
    "type": "sent",
    "ref": "PRV-7Q4K-M2XH",
    "courier": "pickup",
    "sha256": "0" * 64,
    "attempt": 1,
    "tls": "none",
}
EXPIRED: Mapping[str, object] = {"type": "expired", "ref": "PRV-7Q4K-M2XH"}


def append_alone(folder: Path) -> Measure:
    """Measure one entry, one commit, one caller on SQLite against 4 KiB with fdatasync."""
    engine = _ledger(folder)
    with engine.connect() as connection:
        append = _one_by_one(connection, SENT)

        with (folder / "floor").open("ab", buffering=0) as file:

            def sync() -> int:
                file.write(bytes(4096))
                os.fdatasync(file.fileno())
                return 1

            ratio, measured, floor = beside(append, sync)
    return Measure(
        name="ledger append / fdatasync",
        ratio=ratio,
        goal=">= 0.80",
        detail=f"{measured:,.0f} entries/s beside {floor:,.0f} syncs/s",
    )


def record_a_reading(folder: Path) -> Measure:
    """Measure what recording a reading takes above one sync of 4 KiB, in milliseconds."""
    services = a_broker(folder / "home", Clock())
    path = a_caller(services).submit(pack_bytes()).headers["Location"]
    reference = parse_reference(path.rpartition("/")[2])

    def read() -> int:
        with services.transaction() as tx:
            record_reading(tx, NURSE, Content.PACK, Entrance.API, reference)
        return 1

    with (folder / "floor").open("ab", buffering=0) as file:

        def sync() -> int:
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            return 1

        _, measured, floor = beside(read, sync)
    services.close()
    return Measure(
        name="read entry above one sync, ms",
        ratio=1_000 / measured - 1_000 / floor,
        goal="<= 1",
        detail=f"{1_000 / measured:.2f} ms beside {1_000 / floor:.2f} ms",
    )


def append_that_fills_a_tile(folder: Path) -> Measure:
    """Measure the appends that store a tile against those between them; one in 256 does."""
    with _ledger(folder).connect() as connection:
        append = _one_by_one(connection, SENT)
        times = [duration(append) for _ in range(TILES * WIDTH)]
    # Entry 0 opened the log, so the 255th append is the first to fill a tile.
    filling = times[WIDTH - 2 :: WIDTH]
    others = statistics.median(times)
    return Measure(
        name="append with a tile / without",
        ratio=statistics.median(filling) / others,
        goal="<= 4",
        detail=f"{statistics.median(filling) * 1e6:,.0f} us beside {others * 1e6:,.0f} us",
    )


def append_to_a_long_log(folder: Path) -> Measure:
    """Measure appends to a ledger of a million entries against one of a thousand."""
    short = _ledger(folder)
    _grow(short, SHORT)
    with _long_log(folder.parent).connect() as long, short.connect() as floor:
        ratio, measured, beside_it = beside(
            _one_by_one(long, EXPIRED), _one_by_one(floor, EXPIRED)
        )
    return Measure(
        name="append at 1,000,000 / at 1,000",
        ratio=ratio,
        goal=">= 0.90",
        detail=f"{measured:,.0f} entries/s beside {beside_it:,.0f} entries/s",
    )


def prove_from_a_long_log(folder: Path) -> Measure:
    """Measure a receipt out of a million entries, read, signed head opened and verified."""
    signer, chance = SeedSigner(1), random.Random(SEED)  # noqa: S311 - a sample, not a secret
    with _long_log(folder.parent).connect() as connection:
        log = Ledger(connection, _now, GATEWAY)
        head = log.head()
        checkpoint = Checkpoint(origin=head.origin, size=head.size, root=head.root)
        kept = KeptCheckpoint(checkpoint=checkpoint, note=sign_checkpoint(checkpoint, signer))
        times = [
            duration(lambda: issue_receipt(log, chance.randrange(head.size), kept)) * 1000
            for _ in range(PROOFS)
        ]
    centiles = statistics.quantiles(times, n=100)
    return Measure(
        name="receipt from 1,000,000 / 50 ms",
        ratio=centiles[49] / 50,
        goal="<= 1",
        detail=f"p50 {centiles[49]:.1f} ms, p99 {centiles[98]:.1f} ms, of {head.size:,} entries",
    )


def know_a_long_log(folder: Path) -> Measure:
    """Measure how long a start takes to know a million entries, one by one, against 10 s."""
    log = KnownLog()
    with _long_log(folder.parent).connect() as connection:
        seconds = duration(lambda: log.at(Ledger(connection, _now, GATEWAY)))
    return Measure(
        name="knowing 1,000,000 entries / 10 s",
        ratio=seconds / 10,
        goal="<= 1.00",
        detail=f"{seconds:.1f} s, {log.size / seconds:,.0f} entries/s",
    )


def use_a_long_log(folder: Path) -> Measure:
    """Measure a use that learns one entry of a million against one of a thousand."""
    rates: list[float] = []
    for engine in (_long_log(folder.parent), _ledger(folder)):
        _grow(engine, SHORT)
        known = KnownLog()
        with engine.connect() as connection:
            log = Ledger(connection, _now, GATEWAY)
            known.at(log)
            append = _one_by_one(connection, EXPIRED)
            connection.rollback()

            def use(log: Ledger = log, append: Callable[[], int] = append) -> float:
                append()
                seconds = duration(lambda: known.at(log))  # noqa: B023  # called before the next turn
                connection.rollback()  # ends what the look began
                return seconds

            rates.append(statistics.median(use() for _ in range(PROOFS)))
    long, short = rates
    return Measure(
        name="a use of 1,000,000 entries / 1,000",
        ratio=long / short,
        goal="<= 1.50",
        detail=f"{long * 1e6:,.0f} microseconds beside {short * 1e6:,.0f}",
    )


def bytes_on_disk(folder: Path) -> Measure:
    """Measure the database over its entries' bytes, less 33 bytes an entry for the tiles."""
    return _bytes_stored(_ledger(folder), folder / "home", "SQLite")


def bytes_on_postgresql(folder: Path) -> Measure:
    """Measure the same on PostgreSQL: the ledger's tables with all that belongs to them."""
    try:
        installed()
    except FileNotFoundError:
        return _stored_in(math.nan, "PostgreSQL is absent: apt-get install postgresql")
    with running_cluster() as cluster:
        return _bytes_stored(_ledger_at(cluster.url(SUPERUSER)), folder / "home", "PostgreSQL")


def _bytes_stored(engine: Engine, home: Path, where: str) -> Measure:
    events, empty = cycle(_a_disclosure(home)[1]), _size_of(engine)
    for _ in range(0, ENTRIES, BATCH):
        with engine.begin() as connection:
            Ledger(connection, _now, GATEWAY, words=recordable).append(islice(events, BATCH))
    with engine.connect() as connection:
        raw = sum(map(len, Ledger(connection, _now, GATEWAY).raw_entries()))
    stored = _size_of(engine) - empty
    return _stored_in(
        (stored - 33 * ENTRIES) / raw,
        f"{stored / ENTRIES:,.0f} bytes an entry of {raw / ENTRIES:,.0f}, on {where}",
    )


def _stored_in(ratio: float, detail: str) -> Measure:
    return Measure(
        name="(database - 33 B each) / entries", ratio=ratio, goal="<= 1.35", detail=detail
    )


def verify_inclusions(_folder: Path) -> Measure:
    """Measure proofs of inclusion verified a second, of 17 hashes each."""
    tree = LeafTree([leaf_hash(number.to_bytes(4, "big")) for number in range(LEAVES)])
    head = Checkpoint(origin=ORIGIN, size=LEAVES, root=tree.root(range(LEAVES)))
    proofs = [(index, inclusion_proof(tree, index)) for index in range(0, LEAVES, LEAVES // 16)]

    def verify() -> int:
        for index, path in proofs:
            verify_inclusion(tree.leaves[index], index, path, head)
        return len(proofs)

    def hash_alone() -> int:
        for _, path in proofs:
            for sibling in path:
                sha256(b"\x01" + sibling + sibling).digest()
        return len(proofs)

    ratio, measured, floor = beside(verify, hash_alone, time.process_time)
    return Measure(
        name="inclusion proofs / 100,000 a second",
        ratio=measured / 100_000,
        goal=">= 1",
        detail=f"{measured:,.0f}/s; their hashes alone {floor:,.0f}/s, {ratio:.2f} of that",
    )


def grow_the_root(_folder: Path) -> Measure:
    """Measure leaves taken into a root a second against hashing as many pairs alone."""
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(LEAVES)]

    def grow() -> int:
        Frontier().extend(leaves).root()
        return LEAVES

    def hash_pairs() -> int:
        left = leaves[0]
        for right in leaves:
            sha256(b"\x01" + left + right).digest()
        return LEAVES

    ratio, measured, floor = beside(grow, hash_pairs, time.process_time)
    return Measure(
        name="incremental root / node hashes",
        ratio=ratio,
        goal=">= 0.80",
        detail=f"{measured:,.0f} leaves/s beside {floor:,.0f} hashes/s",
    )


def verify_all(folder: Path) -> Measure:
    """Measure a full verification against hashing the same leaves alone, entries of 370 bytes."""
    return _verification(_ledger(folder), [SENT])


def verify_disclosures(folder: Path) -> Measure:
    """Measure the same of what disclosures record: a third of the bytes are findings of rules."""
    rules, recorded = _a_disclosure(folder / "home")
    return _verification(_ledger(folder), recorded, before=rules)


def _verification(
    engine: Engine,
    events: Sequence[Mapping[str, object]],
    before: Sequence[Mapping[str, object]] = (),
) -> Measure:
    with engine.begin() as connection:
        log = Ledger(connection, _now, GATEWAY, words=recordable)
        log.append([*before, *islice(cycle(events), ENTRIES)])
        raw = list(log.raw_entries())
        head = log.head()
    checkpoint = Checkpoint(origin=head.origin, size=head.size, root=head.root)

    def verify() -> int:
        verifier = BatchVerifier([checkpoint])
        for run in batches(raw):
            verifier.extend(run)
        return sum(one.tile.width for one in verifier.verified().tree.tiles() if one.level == 0)

    def hash_leaves() -> int:
        for entry in raw:
            leaf_hash(entry)
        return len(raw)

    ratio, measured, floor = beside(verify, hash_leaves, time.process_time)
    return Measure(
        name=f"full verify / leaf hashes, {sum(map(len, raw)) // len(raw)} B",
        ratio=ratio,
        goal=">= 0.25",
        detail=f"{measured:,.0f} entries/s beside {floor:,.0f} hashes/s",
    )


def _ledger(folder: Path) -> Engine:
    folder.mkdir(exist_ok=True)
    return _ledger_at(f"sqlite:///{folder / 'ledger.db'}")


def _ledger_at(url: str) -> Engine:
    engine = Database(url, threads=1).engine
    upgrade(engine)
    with engine.begin() as connection:
        Ledger(connection, _now, GATEWAY).open_log("bench.invalid/ledger")
    return engine


@cache
def _long_log(folder: Path) -> Engine:
    """A million entries, appended as all others are, but thousands in a transaction."""
    engine = _ledger(folder / "long")
    _grow(engine, LONG)
    return engine


def _grow(engine: Engine, size: int) -> None:
    for start in range(1, size, BATCH):
        with engine.begin() as connection:
            Ledger(connection, _now, GATEWAY).append([EXPIRED] * min(BATCH, size - start))


def _one_by_one(connection: Connection, event: Mapping[str, object]) -> Callable[[], int]:
    log = Ledger(connection, _now, GATEWAY)

    def append() -> int:
        with connection.begin():
            log.append([event])
        return 1

    return append


def _a_disclosure(home: Path) -> tuple[list[Mapping[str, object]], list[Mapping[str, object]]]:
    """Return what puts rules in force, and what one disclosure records until it has opened."""
    services = a_broker(home, Clock())
    sender = a_caller(services)
    path = sender.submit(pack_bytes()).headers["Location"]
    with services.dispatcher.alone():
        services.dispatcher.dispatch()
    sender.post(f"{path}/handover")
    sender.post(f"{path}/acknowledgement")
    with services.transaction() as tx:
        entries = [*map(parse_entry, tx.ledger.raw_entries())]
    services.close()
    return (
        [_event(entry) for entry in entries if entry.type == "policy.activate"],
        [_event(entry) for entry in entries if entry.reference == path.rpartition("/")[2]],
    )


def _event(entry: Entry) -> Mapping[str, object]:
    return {
        name: value for name, value in entry.event.items() if name not in {"id", *OF_THE_LEDGER}
    }


def _size_of(engine: Engine) -> int:
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            return sum(
                int(connection.scalar(select(func.pg_total_relation_size(table))) or 0)
                for table in (*APPEND_ONLY, ledger_head.name)
            )
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    return int(pages) * int(size)


def _now() -> datetime:
    return datetime.now(UTC)


LEDGER_MEASURES = (
    append_alone,
    record_a_reading,
    append_that_fills_a_tile,
    append_to_a_long_log,
    prove_from_a_long_log,
    know_a_long_log,
    use_a_long_log,
    bytes_on_disk,
    bytes_on_postgresql,
    verify_all,
    verify_disclosures,
    verify_inclusions,
    grow_the_root,
)
