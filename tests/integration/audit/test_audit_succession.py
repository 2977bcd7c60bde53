"""Signing keys that follow each other, from the checkpoint_store to the verifier of an export."""

from collections.abc import Callable
from pathlib import Path

import pytest
from ledgers import EVENT, ORIGIN, Log, a_log
from sqlalchemy import Connection

from audit.errors import BrokenLedgerError, Rule, SignatureRefusedError
from audit.format.merkle.tree import Frontier
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import SignedCheckpoint, open_checkpoint
from audit.format.notes.trust_policy import NO_QUORUM, TrustPolicy
from audit.format.notes.verifier_key import Signer, VerifierKey
from audit.log.checkpoint_store import CheckpointStore, LogKeys
from audit.log.ledger import Ledger
from audit.log.serving.export import export
from audit.log.verification import verify_database
from audit.verify.export import verify_directory
from audit.verify.export_folder import ExportedFolder
from audit.verify.succession import Retirement, Succession, check_succession


@pytest.fixture
def log() -> Log:
    return a_log(2)


@pytest.fixture
def successor(stranger: Signer) -> VerifierKey:
    return VerifierKey.of(ORIGIN, stranger)


@pytest.fixture
def record(successor: VerifierKey) -> dict[str, str]:
    return {"type": "key.add", "purpose": "ledger", "key": "k" * 43, "vkey": str(successor)}


@pytest.fixture
def old(tmp_path: Path, signer: Signer) -> CheckpointStore:
    folder = tmp_path / "kept"
    folder.mkdir()
    return CheckpointStore(folder, signer, ORIGIN)


@pytest.fixture
def new(tmp_path: Path, signer: Signer, stranger: Signer) -> CheckpointStore:
    return CheckpointStore(tmp_path / "kept", stranger, ORIGIN, former=[signer.public_key])


Export = Callable[[Log, CheckpointStore], tuple[ExportedFolder, TrustPolicy]]


@pytest.fixture
def exported(tmp_path: Path, key: VerifierKey, successor: VerifierKey) -> Export:
    def make(log: Log, checkpoint_store: CheckpointStore) -> tuple[ExportedFolder, TrustPolicy]:
        former = {key, successor} - {checkpoint_store.key}
        target = tmp_path / "export"
        export(log, list(checkpoint_store.all()), checkpoint_store.key, target, former=former)
        folder = ExportedFolder(path=target)
        return folder, TrustPolicy.parse(folder.policy())

    return make


def test_a_new_key_goes_on_where_the_old_one_ended(
    log: Log,
    old: CheckpointStore,
    new: CheckpointStore,
    record: dict[str, str],
    exported: Export,
) -> None:
    old.keep(log)
    log.add(record)
    new.keep(log)

    report = verify_directory(*exported(log, new))

    assert (report.entries, report.checkpoints) == (3, 2)


def test_a_store_does_not_believe_a_key_it_was_not_told_of(
    log: Log, old: CheckpointStore, new: CheckpointStore
) -> None:
    new.keep(log)

    with pytest.raises(SignatureRefusedError):
        old.newest()


def test_an_old_key_that_signs_on_is_found(
    log: Log, old: CheckpointStore, record: dict[str, str], exported: Export
) -> None:
    old.keep(log)
    log.add(record)
    old.keep(log)

    with pytest.raises(BrokenLedgerError, match="another had followed") as caught:
        verify_directory(*exported(log, old))

    assert (caught.value.first_bad, caught.value.rule) == (2, Rule.KEY)


def test_an_old_key_in_the_database_is_found(
    connection: Connection,
    ledger: Ledger,
    old: CheckpointStore,
    record: dict[str, str],
    successor: VerifierKey,
) -> None:
    ledger.append([record])
    kept = old.keep(ledger)
    ledger.record_checkpoint(kept.checkpoint.size, kept.note)

    with pytest.raises(BrokenLedgerError) as caught:
        verify_database(connection, [kept.checkpoint], successor, former=[old.key])

    assert (caught.value.first_bad, caught.value.rule) == (1, Rule.KEY)


A, B, C = (VerifierKey(name=ORIGIN, public_key=bytes([number]) * 32) for number in (1, 2, 3))
OTHER_LOG = VerifierKey(name="other.example/log", public_key=bytes([4]) * 32)


def head(size: int, *signers: VerifierKey) -> SignedCheckpoint:
    checkpoint = Checkpoint(origin=ORIGIN, size=size, root=Frontier().root())
    return SignedCheckpoint(checkpoint=checkpoint, logs=frozenset(signers))


Entries = list[tuple[int, VerifierKey | str]]


def record_of(entries: Entries) -> list[Succession | Retirement]:
    """Keys that entries add, and those that they retire, named by a word before their seed."""
    return [
        Succession(seq=seq, vkey=str(one))
        if isinstance(one, VerifierKey)
        else Retirement(seq=seq, vkey=str(A), compromised=one == "A is stolen")
        for seq, one in entries
    ]


@pytest.mark.parametrize(
    ("signed", "entries"),
    [
        pytest.param(head(9, A), [], id="nothing recorded"),
        pytest.param(head(5, A), [(5, B)], id="just before the other"),
        pytest.param(head(6, B), [(5, B)], id="by the other"),
        pytest.param(head(5, A, B), [(5, B)], id="by both, just before the other"),
        pytest.param(head(6, A, B), [(5, B)], id="by both"),
        pytest.param(head(9, A), [(1, A)], id="recorded at the start"),
        pytest.param(head(9, A), [(5, B), (7, A)], id="recorded anew"),
        pytest.param(head(9, A), [(5, OTHER_LOG)], id="a key of another log"),
        pytest.param(head(5, A), [(5, B), (7, "A is over")], id="before it was retired"),
        pytest.param(head(5, A), [(5, B), (7, "A is stolen")], id="before it was followed"),
        pytest.param(head(9, B), [(5, B), (7, "A is over")], id="the other was retired"),
    ],
)
def test_a_key_in_force_suffices(signed: SignedCheckpoint, entries: Entries) -> None:
    check_succession([signed], record_of(entries), [A, B])


@pytest.mark.parametrize(
    ("signed", "entries", "objection"),
    [
        pytest.param(head(6, A), [(5, B)], 5, id="just after the other"),
        pytest.param(head(9, A), [(1, A), (5, B)], 5, id="recorded and followed"),
        pytest.param(head(5, B), [(5, B)], 5, id="just before it was recorded"),
        pytest.param(head(8, A), [(5, B), (7, "A is over")], 5, id="retired"),
        pytest.param(head(7, A), [(5, B), (7, "A is stolen")], 5, id="stolen"),
    ],
)
def test_a_key_that_is_not_in_force_does_not_suffice(
    signed: SignedCheckpoint, entries: Entries, objection: int
) -> None:
    with pytest.raises(BrokenLedgerError, match="no key that was in force") as caught:
        check_succession([signed], record_of(entries), [A, B])

    assert (caught.value.first_bad, caught.value.rule) == (objection, Rule.KEY)


@pytest.mark.parametrize(
    ("trusted", "heads", "entries"),
    [
        pytest.param(A, [head(6, A, B)], [(5, B)], id="the old key, while both sign"),
        pytest.param(
            A, [head(6, A, B), head(9, B)], [(5, B), (7, "A is over")], id="through the log"
        ),
        pytest.param(A, [head(7, A, B)], [(5, B), (7, "A is over")], id="just before it ended"),
        pytest.param(A, [head(6, A, B), head(9, B, C), head(12, C)], [(5, B), (8, C)], id="twice"),
        pytest.param(A, [head(5, A)], [(5, B), (7, "A is stolen")], id="before the theft counts"),
    ],
)
def test_one_trusted_key_vouches_for_those_that_the_log_names_under_it(
    trusted: VerifierKey, heads: list[SignedCheckpoint], entries: Entries
) -> None:
    assert str(trusted) in check_succession(heads, record_of(entries), [trusted])


@pytest.mark.parametrize(
    ("trusted", "heads", "entries"),
    [
        pytest.param(A, [head(9, B)], [(5, B)], id="no head bears both signatures"),
        pytest.param(A, [head(5, A), head(9, B)], [(5, B)], id="not yet counted"),
        pytest.param(A, [head(8, A, B)], [(5, B), (7, "A is over")], id="just after it ended"),
        pytest.param(A, [head(6, A, B)], [(5, B), (7, "A is stolen")], id="it was stolen"),
        pytest.param(B, [head(5, B, A)], [(5, B)], id="the new key, before it was recorded"),
        pytest.param(B, [head(5, A), head(9, B)], [(5, B)], id="an old key nobody names"),
    ],
)
def test_a_head_that_no_believed_key_signed_is_not_vouched_for(
    trusted: VerifierKey, heads: list[SignedCheckpoint], entries: Entries
) -> None:
    with pytest.raises(BrokenLedgerError, match="is not vouched for") as caught:
        check_succession(heads, record_of(entries), [trusted])

    assert (caught.value.first_bad, caught.value.rule) == (None, Rule.KEY)


def test_the_new_key_vouches_for_the_one_that_the_log_names_before_it() -> None:
    record = [Succession(seq=5, vkey=str(B), after=str(A))]

    assert str(A) in check_succession([head(5, A), head(9, B)], record, [B])


RETIRE_A = {"type": "key.retire", "purpose": "ledger", "key": "k" * 43, "why": "rotated"}


@pytest.fixture
def rotated(log: Log, old: CheckpointStore, record: dict[str, str], both: CheckpointStore) -> Log:
    """A log of 5 whose heads of 2, 3 and 5 are signed by the old key, by both, and by the new."""
    old.keep(log)
    log.add({**record, "after": str(old.key)})
    both.keep(log)
    log.add({**RETIRE_A, "vkey": str(old.key)}, EVENT)
    return log


@pytest.fixture
def both(tmp_path: Path, signer: Signer, stranger: Signer) -> CheckpointStore:
    keys = LogKeys(signers=(stranger, signer))
    return CheckpointStore.following(tmp_path / "kept", lambda: keys, ORIGIN)


def trusting(key: VerifierKey) -> TrustPolicy:
    return TrustPolicy(logs=(key,), witnesses={}, groups={}, quorum=NO_QUORUM)


@pytest.mark.parametrize("mine", ["old", "new"])
def test_a_verifier_with_one_of_the_keys_verifies_all(
    rotated: Log, old: CheckpointStore, new: CheckpointStore, exported: Export, mine: str
) -> None:
    new.keep(rotated)
    folder, _ = exported(rotated, new)

    report = verify_directory(folder, trusting({"old": old, "new": new}[mine].key))

    assert (report.entries, report.checkpoints) == (5, 3)


def test_a_head_of_the_overlap_stands_on_its_own_for_the_old_key(
    log: Log, record: dict[str, str], old: CheckpointStore, both: CheckpointStore
) -> None:
    log.add(record)

    assert open_checkpoint(both.keep(log).note, old.key) == open_checkpoint(
        both.keep(log).note, both.key
    )


def test_the_old_key_alone_does_not_reach_past_a_head_that_lacks_it(
    tmp_path: Path, rotated: Log, old: CheckpointStore, new: CheckpointStore, exported: Export
) -> None:
    (tmp_path / "kept" / f"{3:020}").unlink()
    new.keep(rotated)
    folder, _ = exported(rotated, new)

    with pytest.raises(BrokenLedgerError, match="is not vouched for"):
        verify_directory(folder, trusting(old.key))


def test_a_folder_that_shows_a_key_which_its_log_does_not_name_is_refused(
    log: Log, old: CheckpointStore, successor: VerifierKey, exported: Export
) -> None:
    old.keep(log)
    folder, _ = exported(log, old)
    (folder.path / "log.vkey").write_text(f"{successor}\n")

    with pytest.raises(BrokenLedgerError, match=r"log\.vkey is not a key") as caught:
        verify_directory(folder, trusting(old.key))

    assert caught.value.rule == Rule.POLICY


def test_a_folder_without_a_policy_leaves_the_verifier_s_own(
    log: Log, old: CheckpointStore, exported: Export
) -> None:
    old.keep(log)
    folder, policy = exported(log, old)
    (folder.path / "policy").write_text("quorum")

    with pytest.raises(BrokenLedgerError) as caught:
        verify_directory(folder, policy)

    assert caught.value.rule == Rule.MANIFEST


@pytest.mark.usefixtures("rotated")
def test_what_only_a_disowned_key_signed_is_passed_over(
    tmp_path: Path, signer: Signer, stranger: Signer
) -> None:
    keys = LogKeys(signers=(stranger,), disowned=(signer.public_key,))
    checkpoint_store = CheckpointStore.following(tmp_path / "kept", lambda: keys, ORIGIN)

    assert [kept.checkpoint.size for kept in checkpoint_store.all()] == [3]
    assert checkpoint_store.disowned == (VerifierKey.of(ORIGIN, signer),)


def test_a_disowned_key_is_no_high_water_mark(
    tmp_path: Path, log: Log, old: CheckpointStore, signer: Signer, stranger: Signer
) -> None:
    old.keep(log)
    keys = LogKeys(signers=(stranger,), disowned=(signer.public_key,))

    with pytest.raises(SignatureRefusedError):
        CheckpointStore.following(tmp_path / "kept", lambda: keys, ORIGIN).keep(log)


def test_a_store_signs_with_the_keys_of_the_moment(
    tmp_path: Path, log: Log, signer: Signer, stranger: Signer
) -> None:
    now = [LogKeys(signers=(signer,))]
    (tmp_path / "moving").mkdir()
    checkpoint_store = CheckpointStore.following(tmp_path / "moving", lambda: now[-1], ORIGIN)
    before, first = checkpoint_store.key, checkpoint_store.keep(log)

    now.append(LogKeys(signers=(stranger,), former=(signer.public_key,)))
    log.add(EVENT)
    second = checkpoint_store.keep(log)

    assert open_checkpoint(first.note, before).size == 2
    assert open_checkpoint(second.note, checkpoint_store.key).size == 3
    assert checkpoint_store.former == (before,)
    with pytest.raises(SignatureRefusedError):
        open_checkpoint(second.note, before)
