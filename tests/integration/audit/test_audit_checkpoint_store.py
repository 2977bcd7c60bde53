import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ledgers import ORIGIN, Log, a_log, checkpoint_of

from audit.errors import BrokenLedgerError, RollbackError, Rule, SignatureRefusedError
from audit.format.merkle.tree import Frontier
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.format.notes.verifier_key import Signer
from audit.log.append.chain import Head
from audit.log.checkpoint_store import CheckpointStore, KeptCheckpoint


@dataclass(slots=True)
class MisheadedLog(Log):
    def head(self) -> Head:
        return Head(origin=ORIGIN, frontier=Frontier().append(bytes(32)))


@dataclass(slots=True)
class NosyLog(Log):
    """Tries to take the checkpoint_store's lock while the checkpoint_store looks at it."""

    lock: Path = Path()

    def head(self) -> Head:
        with self.lock.open() as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return Log(self.entries).head()


@pytest.fixture
def log() -> Log:
    return a_log(6)


@pytest.fixture
def checkpoint_store(tmp_path: Path, signer: Signer) -> CheckpointStore:
    return CheckpointStore(tmp_path, signer, ORIGIN)


@pytest.fixture
def successor(tmp_path: Path, signer: Signer) -> CheckpointStore:
    return CheckpointStore(tmp_path, signer, ORIGIN)


def head_of(log: Log) -> Checkpoint:
    return checkpoint_of(log.entries)


def test_nothing_is_kept_at_first(checkpoint_store: CheckpointStore) -> None:
    assert checkpoint_store.newest() is None
    assert checkpoint_store.newest_written() is None


def test_when_the_newest_head_was_written_is_the_disks_word(
    tmp_path: Path, checkpoint_store: CheckpointStore, log: Log
) -> None:
    checkpoint_store.keep(log)
    os.utime(tmp_path / "00000000000000000006", (1_773_662_400, 1_773_662_400))

    assert checkpoint_store.newest_written() == datetime(2026, 3, 16, 12, tzinfo=UTC)


def test_a_head_is_signed_and_kept_as_a_file_of_its_size(
    tmp_path: Path, checkpoint_store: CheckpointStore, signer: Signer, log: Log
) -> None:
    note = sign_checkpoint(head_of(log), signer)

    assert checkpoint_store.keep(log) == KeptCheckpoint(checkpoint=head_of(log), note=note)
    assert (tmp_path / "00000000000000000006").read_bytes() == note
    assert sorted(path.name for path in tmp_path.iterdir()) == ["00000000000000000006", "lock"]


def test_each_head_that_grows_is_kept(checkpoint_store: CheckpointStore, log: Log) -> None:
    kept = [checkpoint_store.keep(log.first(size)) for size in (1, 4, 6)]

    assert list(checkpoint_store.all()) == kept
    assert checkpoint_store.newest() == kept[-1]


def test_the_same_head_is_signed_once(
    tmp_path: Path, checkpoint_store: CheckpointStore, log: Log
) -> None:
    first = checkpoint_store.keep(log)
    written = (tmp_path / "00000000000000000006").stat().st_mtime_ns

    assert checkpoint_store.keep(log) == first
    assert (tmp_path / "00000000000000000006").stat().st_mtime_ns == written


def test_a_store_that_is_new_knows_what_was_kept(
    checkpoint_store: CheckpointStore, successor: CheckpointStore, log: Log
) -> None:
    checkpoint_store.keep(log.first(4))

    assert successor.keep(log).checkpoint == head_of(log)


def test_a_shorter_log_is_refused_with_the_evidence(
    checkpoint_store: CheckpointStore, log: Log
) -> None:
    checkpoint_store.keep(log)

    with pytest.raises(RollbackError, match="Nothing is signed") as caught:
        checkpoint_store.keep(log.first(5))

    assert caught.value.evidence == (
        f"signed: size 6, root {log.head().root.hex()}; the database holds 5 entries"
    )


@dataclass(slots=True)
class WatchedLog(Log):
    """Notes from which entry on leaf hashes were read."""

    read_from: list[int] = field(default_factory=list[int])

    def leaves(self, start: int, stop: int, /) -> Iterator[bytes]:
        self.read_from.append(start)
        return Log(self.entries).leaves(start, stop)


def test_a_store_that_is_new_reads_tiles_and_not_the_entries_below_them(
    checkpoint_store: CheckpointStore, successor: CheckpointStore
) -> None:
    log = a_log(600)
    checkpoint_store.keep(log.first(550))
    watched = WatchedLog(log.entries)

    assert successor.keep(watched).checkpoint == head_of(log)
    assert min(watched.read_from) == 512


@pytest.mark.parametrize("tile", [0, 1])
def test_a_tile_that_is_not_what_was_signed_is_refused(
    checkpoint_store: CheckpointStore, successor: CheckpointStore, tile: int
) -> None:
    log = a_log(600)
    checkpoint_store.keep(log)
    number = 300 * tile
    log.entries[number] = replace(log.entries[number], leaf=bytes(32))

    with pytest.raises(RollbackError, match="Nothing is signed"):
        successor.check(log)


@pytest.fixture
def fork(log: Log) -> Log:
    """A log that begins as `log` did and is longer, but has another past."""
    fork = log.first(1)
    fork.add(*[{"type": "expired"}] * len(log.entries))
    return fork


def test_what_was_signed_counts_and_not_what_was_looked_at_before(
    checkpoint_store: CheckpointStore, successor: CheckpointStore, log: Log, fork: Log
) -> None:
    checkpoint_store.check(fork.first(3))
    kept = successor.keep(log)

    assert checkpoint_store.keep(log) == kept


@pytest.mark.parametrize(
    "size", [pytest.param(6, id="same size"), pytest.param(7, id="grown meanwhile")]
)
def test_another_history_is_refused(
    checkpoint_store: CheckpointStore, successor: CheckpointStore, log: Log, fork: Log, size: int
) -> None:
    checkpoint_store.keep(log)

    with pytest.raises(RollbackError, match="not the one whose head was signed") as caught:
        successor.keep(fork.first(size))

    assert caught.value.evidence.endswith("first entries have another root")


def test_a_restored_folder_does_not_confuse_a_store_that_knows_more(
    tmp_path: Path, checkpoint_store: CheckpointStore, log: Log
) -> None:
    checkpoint_store.keep(log.first(4))
    checkpoint_store.keep(log)
    (tmp_path / "00000000000000000006").unlink()

    assert checkpoint_store.keep(log).checkpoint == head_of(log)


def test_a_store_is_not_fooled_by_what_it_hashed_of_another_database(
    checkpoint_store: CheckpointStore, log: Log, fork: Log
) -> None:
    checkpoint_store.keep(log)
    checkpoint_store.keep(log)  # from now on it knows the edge at the kept head by itself

    with pytest.raises(RollbackError) as caught:
        checkpoint_store.keep(fork)

    assert caught.value.evidence.endswith("first entries have another root")


def test_a_grown_head_that_does_not_fit_its_entries_is_not_signed(
    checkpoint_store: CheckpointStore, log: Log
) -> None:
    checkpoint_store.keep(log.first(1))

    with pytest.raises(BrokenLedgerError) as caught:
        checkpoint_store.keep(MisheadedLog(log.entries))

    assert caught.value.rule == Rule.HEAD


def test_a_head_that_does_not_fit_its_entries_is_not_signed(
    checkpoint_store: CheckpointStore, log: Log
) -> None:
    with pytest.raises(BrokenLedgerError) as caught:
        checkpoint_store.keep(MisheadedLog(log.entries))

    assert caught.value.rule == Rule.HEAD
    assert checkpoint_store.newest() is None


def test_a_kept_file_by_another_key_is_refused(
    tmp_path: Path, checkpoint_store: CheckpointStore, stranger: Signer, log: Log
) -> None:
    CheckpointStore(tmp_path, stranger, ORIGIN).keep(log)

    with pytest.raises(SignatureRefusedError):
        checkpoint_store.newest()


def test_a_kept_file_under_another_name_is_refused(
    tmp_path: Path, checkpoint_store: CheckpointStore, log: Log
) -> None:
    checkpoint_store.keep(log)
    (tmp_path / "00000000000000000006").rename(tmp_path / "00000000000000000009")

    with pytest.raises(RollbackError, match="another size's name") as caught:
        checkpoint_store.newest()

    assert caught.value.evidence == "file 00000000000000000009 holds size 6"


def test_a_look_at_the_log_signs_nothing(
    tmp_path: Path, checkpoint_store: CheckpointStore, log: Log
) -> None:
    checkpoint_store.check(log)

    assert list(tmp_path.iterdir()) == []


def test_a_look_at_a_restored_log_refuses_it(checkpoint_store: CheckpointStore, log: Log) -> None:
    checkpoint_store.keep(log)

    with pytest.raises(RollbackError):
        checkpoint_store.check(log.first(5))


def test_a_head_for_a_receipt_is_signed_and_not_kept(
    tmp_path: Path, checkpoint_store: CheckpointStore, signer: Signer, log: Log
) -> None:
    checkpoint_store.keep(log.first(4))

    signed = checkpoint_store.sign(log)

    assert signed.note == sign_checkpoint(head_of(log), signer)
    assert not (tmp_path / "00000000000000000006").exists()
    assert checkpoint_store.sign(log.first(4)) == checkpoint_store.newest()


def test_a_receipt_is_signed_for_nothing_older_than_what_was_kept(
    checkpoint_store: CheckpointStore, successor: CheckpointStore, log: Log, fork: Log
) -> None:
    checkpoint_store.keep(log)

    for one in (checkpoint_store, successor):
        for other in (log.first(5), fork):
            with pytest.raises(RollbackError):
                one.sign(other)


@pytest.mark.parametrize("name", ["00000000000000000009.new", "a-name-of-20-letters", "9"])
def test_other_files_are_not_checkpoints(
    tmp_path: Path, checkpoint_store: CheckpointStore, log: Log, name: str
) -> None:
    (tmp_path / name).write_bytes(b"half")

    assert checkpoint_store.keep(log).checkpoint == head_of(log)


def test_a_store_works_alone_from_looking_to_keeping(
    tmp_path: Path, checkpoint_store: CheckpointStore, log: Log
) -> None:
    checkpoint_store.keep(NosyLog(log.entries, tmp_path / "lock"))

    assert checkpoint_store.keep(log).checkpoint == head_of(log)


def test_a_head_that_could_not_be_written_is_not_kept(
    tmp_path: Path, checkpoint_store: CheckpointStore, log: Log
) -> None:
    in_the_way = tmp_path / f".{6:020}.new"
    in_the_way.mkdir()
    with pytest.raises(IsADirectoryError):
        checkpoint_store.keep(log)
    assert checkpoint_store.newest() is None
    in_the_way.rmdir()

    assert checkpoint_store.keep(log) == checkpoint_store.newest()


def test_two_keepers_of_one_folder_take_turns(
    checkpoint_store: CheckpointStore, successor: CheckpointStore, log: Log
) -> None:
    sizes = [
        one.keep(log.first(size)).checkpoint.size
        for size, one in (
            (2, checkpoint_store),
            (3, successor),
            (5, checkpoint_store),
            (6, successor),
        )
    ]

    assert sizes == [2, 3, 5, 6]


def test_what_was_hashed_of_a_past_that_is_gone_is_hashed_anew(
    tmp_path: Path,
    checkpoint_store: CheckpointStore,
    successor: CheckpointStore,
    log: Log,
    fork: Log,
) -> None:
    checkpoint_store.keep(log)
    checkpoint_store.check(log)
    (tmp_path / f"{6:020}").unlink()
    kept = successor.keep(fork)

    checkpoint_store.check(fork)

    assert checkpoint_store.keep(fork) == kept


def test_each_head_is_told_before_it_is_kept_with_the_size_of_the_one_before(
    tmp_path: Path, checkpoint_store: CheckpointStore, log: Log
) -> None:
    told: list[tuple[int, int, int]] = []

    def publish(checkpoint: Checkpoint, kept: int) -> None:
        told.append((checkpoint.size, kept, len(list(tmp_path.glob("0*")))))

    for size in (2, 2, 6):
        checkpoint_store.keep(log.first(size), publish)

    assert told == [(2, 0, 0), (6, 2, 1)]


def test_the_newest_file_can_be_read_whoever_signed_it(
    tmp_path: Path, checkpoint_store: CheckpointStore, stranger: Signer, log: Log
) -> None:
    assert checkpoint_store.newest_as_written() is None
    CheckpointStore(tmp_path, stranger, ORIGIN).keep(log)

    assert checkpoint_store.newest_as_written() == head_of(log)
    with pytest.raises(SignatureRefusedError):
        checkpoint_store.newest()
    assert [key.public_key for key in checkpoint_store.believed()] == [
        checkpoint_store.key.public_key
    ]


def test_a_file_under_another_size_s_name_is_no_head(
    tmp_path: Path, checkpoint_store: CheckpointStore, log: Log
) -> None:
    checkpoint_store.keep(log)
    (kept,) = tmp_path.glob("0*")
    kept.rename(tmp_path / f"{99:020}")

    with pytest.raises(RollbackError, match="another size's name"):
        checkpoint_store.newest_as_written()
