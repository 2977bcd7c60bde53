"""A log that was restored from a backup: what it says of it, and what old heads prove."""

from pathlib import Path

import pytest
from ledgers import EVENT, ORIGIN, Log, SeedSigner, a_log
from sqlalchemy import Connection

from audit.errors import (
    BrokenLedgerError,
    RestoreRefusedError,
    RollbackError,
    Rule,
    UnrecordableEventError,
)
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.trust_policy import TrustPolicy
from audit.format.notes.verifier_key import Signer, VerifierKey
from audit.log.append.chain import Head
from audit.log.checkpoint_store import CheckpointStore
from audit.log.ledger import Ledger
from audit.log.serving.export import export
from audit.log.verification import verify_database
from audit.verify.batch_verifier import verify_entries
from audit.verify.export import verify_directory
from audit.verify.export_folder import ExportedFolder
from audit.verify.report import Report, Restoration
from audit.verify.verdict import Status, judge

LATER = f"{ORIGIN}/2"


def restored(lost: Checkpoint, origin: str = LATER) -> dict[str, object]:
    return {
        "type": "restored",
        "by": "admin-1",
        "second": "admin-2",
        "size": lost.size,
        "root": lost.root.hex(),
        "origin": origin,
        "vkey": str(VerifierKey.of(origin, SeedSigner(3))),
    }


def head_of(log: Log, origin: str = ORIGIN) -> Checkpoint:
    return Checkpoint(origin=origin, size=log.head().size, root=log.head().root)


@pytest.fixture
def before() -> Log:
    """The log as it was: 9 entries."""
    return a_log(9)


@pytest.fixture
def after(before: Log) -> Log:
    """The same log after a restore to its first 6 entries, and one more."""
    log = before.first(6)
    log.add(restored(head_of(before)), EVENT)
    return log


def verified(log: Log, *heads: Checkpoint) -> Report:
    return verify_entries((entry.raw for entry in log.entries), heads)


def test_a_restored_log_verifies_under_its_names(before: Log, after: Log) -> None:
    heads = [head_of(before.first(6)), head_of(after.first(7), LATER), head_of(after, LATER)]

    report = verified(after, *heads)

    assert (report.origin, report.signed) == (LATER, 8)
    assert report.restorations == (
        Restoration(seq=6, size=9, root=head_of(before).root.hex(), origin=LATER),
    )


@pytest.mark.parametrize("size", [7, 8, 9])
def test_a_head_of_what_was_lost_is_told_plainly(before: Log, after: Log, size: int) -> None:
    with pytest.raises(BrokenLedgerError, match=r"restored from a backup at entry 6\.") as caught:
        verified(after, head_of(before.first(size)), head_of(after, LATER))

    assert (caught.value.first_bad, caught.value.rule) == (6, Rule.RESTORED)
    assert f"size {size} that you hold proves that {size} entries were there" in str(caught.value)
    assert "does not admit" not in str(caught.value)


def test_a_head_of_more_than_the_log_admits_to_have_lost_says_so(before: Log) -> None:
    log = before.first(6)
    log.add(restored(head_of(before.first(7))))

    with pytest.raises(BrokenLedgerError, match="more was lost than it says"):
        verified(log, head_of(before), head_of(log, LATER))


@pytest.mark.parametrize(
    ("size", "origin"),
    [
        pytest.param(6, LATER, id="the new name too early"),
        pytest.param(8, f"{ORIGIN}/3", id="a name that it never had"),
        pytest.param(8, "other.example/log", id="another log"),
    ],
)
def test_a_head_under_a_name_that_the_log_did_not_have_is_refused(
    after: Log, size: int, origin: str
) -> None:
    with pytest.raises(BrokenLedgerError) as caught:
        verified(after, head_of(after.first(size), origin))

    assert caught.value.rule == Rule.OPENING


def test_the_old_name_does_not_go_on_after_a_restore(after: Log) -> None:
    with pytest.raises(BrokenLedgerError) as caught:
        verified(after, head_of(after))

    assert caught.value.rule == Rule.RESTORED


def test_a_verdict_tells_of_the_restore(before: Log, after: Log) -> None:
    verdict = judge(lambda: verified(after, head_of(after, LATER)))

    root = head_of(before).root.hex()
    assert verdict.status is Status.VERIFIED
    assert verdict.document["restored"] == [{"entry": 6, "size": 9, "root": root, "origin": LATER}]
    assert verdict.lines[2] == (
        "Restored from a backup at entry 6: entries 6 to 8 of then are lost. Their head had the "
        f"root {root}."
    )


class Renamed(Log):
    """A log that goes on as `LATER`."""

    def head(self) -> Head:
        head = Log(self.entries).head()
        return Head(origin=LATER, frontier=head.frontier)


@pytest.fixture
def checkpoint_store(tmp_path: Path, signer: Signer) -> CheckpointStore:
    (tmp_path / "kept").mkdir()
    return CheckpointStore(tmp_path / "kept", signer, ORIGIN)


def test_an_older_state_of_a_log_fits_its_heads_as_far_as_it_goes(
    checkpoint_store: CheckpointStore, before: Log
) -> None:
    for size in (2, 5, 9):
        checkpoint_store.keep(before.first(size))

    checkpoint_store.refuse_other_past(before.first(6))
    checkpoint_store.refuse_other_past(before)


def test_a_shorter_log_with_another_past_was_not_restored(
    checkpoint_store: CheckpointStore, before: Log
) -> None:
    for size in (3, 9):
        checkpoint_store.keep(before.first(size))
    other = before.first(2)
    other.add({"type": "expired"}, EVENT)

    with pytest.raises(RestoreRefusedError, match="its entries are others"):
        checkpoint_store.refuse_other_past(other)


class Misheaded(Log):
    """A log whose head belongs to other entries."""

    def head(self) -> Head:
        return a_log(5).head()


def test_a_shorter_log_whose_head_does_not_fit_was_not_restored(
    checkpoint_store: CheckpointStore, before: Log
) -> None:
    checkpoint_store.keep(before)
    other = before.first(4)
    other.add({"type": "expired"})

    with pytest.raises(RestoreRefusedError, match="its entries are others"):
        checkpoint_store.refuse_other_past(Misheaded(other.entries))


def test_a_store_of_the_old_name_signs_nothing_more(
    checkpoint_store: CheckpointStore, after: Log
) -> None:
    with pytest.raises(RollbackError, match="another name") as caught:
        checkpoint_store.keep(Renamed(after.entries))

    assert caught.value.evidence == f"signed as {ORIGIN}; the database says {LATER}"


@pytest.fixture
def kept(tmp_path: Path, after: Log) -> CheckpointStore:
    """The folder of the new name, with the head of the restored log."""
    (tmp_path / "later").mkdir()
    checkpoint_store = CheckpointStore(tmp_path / "later", SeedSigner(3), LATER)
    checkpoint_store.keep(Renamed(after.entries))
    return checkpoint_store


@pytest.fixture
def folder(tmp_path: Path, after: Log, kept: CheckpointStore) -> ExportedFolder:
    export(after, list(kept.all()), kept.key, tmp_path / "export")
    return ExportedFolder(path=tmp_path / "export")


def trusting(*keys: VerifierKey) -> TrustPolicy:
    """The policy that an outsider writes into a file."""
    lines = "".join(f"log {key}\n" for key in keys)
    return TrustPolicy.parse(f"{lines}quorum none\n".encode())


def test_who_trusts_the_old_name_alone_is_told_and_refused(
    folder: ExportedFolder, checkpoint_store: CheckpointStore
) -> None:
    with pytest.raises(BrokenLedgerError, match="restored from a backup") as caught:
        verify_directory(folder, trusting(checkpoint_store.key))

    assert caught.value.rule == Rule.POLICY


def test_an_older_head_shows_whether_it_was_lost(
    folder: ExportedFolder, checkpoint_store: CheckpointStore, kept: CheckpointStore, before: Log
) -> None:
    both = trusting(checkpoint_store.key, kept.key)
    within = checkpoint_store.keep(before.first(6)).note
    lost = checkpoint_store.keep(before).note

    assert verify_directory(folder, both, older=[within]).checkpoints == 2
    with pytest.raises(BrokenLedgerError) as caught:
        verify_directory(folder, both, older=[within, lost])
    assert caught.value.rule == Rule.RESTORED


def test_a_folder_of_another_log_gets_no_such_hint(folder: ExportedFolder) -> None:
    stranger = VerifierKey.of("other.example/log", SeedSigner(1))

    with pytest.raises(BrokenLedgerError, match="not a key that the trust policy names"):
        verify_directory(folder, trusting(stranger))


def test_a_ledger_goes_on_under_the_name_of_its_restore(
    connection: Connection,
    ledger: Ledger,
    checkpoint_store: CheckpointStore,
    kept: CheckpointStore,
) -> None:
    ledger.append([EVENT])
    held = checkpoint_store.keep(ledger)
    ledger.record_checkpoint(held.checkpoint.size, held.note)
    lost = Checkpoint(origin=ORIGIN, size=40, root=bytes(32))

    entry = ledger.restore_log(restored(lost))

    assert (entry.seq, ledger.head().origin) == (2, LATER)
    head = Checkpoint(origin=LATER, size=3, root=ledger.head().root)
    report = verify_database(connection, [head], kept.key, former=[checkpoint_store.key])
    assert (report.origin, len(report.restorations)) == (LATER, 1)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(restored(Checkpoint(origin="", size=1, root=bytes(32)), ORIGIN), id="same"),
        pytest.param(EVENT, id="another event"),
    ],
)
def test_a_ledger_is_not_restored_by_another_event_or_under_its_own_name(
    ledger: Ledger, event: dict[str, object]
) -> None:
    with pytest.raises(UnrecordableEventError, match="goes on under another name"):
        ledger.restore_log(event)


def test_a_restore_is_not_appended_like_any_event(ledger: Ledger) -> None:
    lost = Checkpoint(origin=ORIGIN, size=40, root=bytes(32))

    with pytest.raises(UnrecordableEventError, match="by restore_log alone"):
        ledger.append([restored(lost)])
