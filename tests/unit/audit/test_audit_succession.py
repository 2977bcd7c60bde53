"""Signing keys that follow each other, from the keeper to the verifier of an export."""

from collections.abc import Callable
from pathlib import Path

import pytest
from ledgers import ORIGIN, Log, a_log
from sqlalchemy import Connection

from audit.checkpoint import Checkpoint, SignedHead
from audit.directory import ExportedFolder
from audit.errors import BrokenLedgerError, Rule, SignatureRefusedError
from audit.export import export
from audit.keeper import CheckpointKeeper
from audit.ledger import Ledger
from audit.note import Algorithm, Signer, VerifierKey
from audit.policy import TrustPolicy
from audit.succession import Succession, check_succession
from audit.tree import Frontier
from audit.verify_database import verify_database
from audit.verify_directory import verify_directory


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
def old(tmp_path: Path, signer: Signer) -> CheckpointKeeper:
    folder = tmp_path / "kept"
    folder.mkdir()
    return CheckpointKeeper(folder, signer, ORIGIN)


@pytest.fixture
def new(tmp_path: Path, signer: Signer, stranger: Signer) -> CheckpointKeeper:
    return CheckpointKeeper(tmp_path / "kept", stranger, ORIGIN, former=[signer.public_key])


Export = Callable[[Log, CheckpointKeeper], tuple[ExportedFolder, TrustPolicy]]


@pytest.fixture
def exported(tmp_path: Path, key: VerifierKey, successor: VerifierKey) -> Export:
    def make(log: Log, keeper: CheckpointKeeper) -> tuple[ExportedFolder, TrustPolicy]:
        former = {key, successor} - {keeper.key}
        target = tmp_path / "export"
        export(log, list(keeper.all()), keeper.key, target, former=former)
        folder = ExportedFolder(path=target)
        return folder, TrustPolicy.parse(folder.policy())

    return make


def test_a_new_key_goes_on_where_the_old_one_ended(
    log: Log,
    old: CheckpointKeeper,
    new: CheckpointKeeper,
    record: dict[str, str],
    exported: Export,
) -> None:
    old.keep(log)
    log.add(record)
    new.keep(log)

    report = verify_directory(*exported(log, new))

    assert (report.entries, report.checkpoints) == (3, 2)


def test_a_keeper_does_not_believe_a_key_it_was_not_told_of(
    log: Log, old: CheckpointKeeper, new: CheckpointKeeper
) -> None:
    new.keep(log)

    with pytest.raises(SignatureRefusedError):
        old.newest()


def test_an_old_key_that_signs_on_is_found(
    log: Log, old: CheckpointKeeper, record: dict[str, str], exported: Export
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
    old: CheckpointKeeper,
    record: dict[str, str],
    successor: VerifierKey,
) -> None:
    ledger.append([record])
    kept = old.keep(ledger)
    ledger.record_checkpoint(kept.checkpoint.size, kept.note)

    with pytest.raises(BrokenLedgerError) as caught:
        verify_database(connection, [kept.checkpoint], successor, former=[old.key])

    assert (caught.value.first_bad, caught.value.rule) == (1, Rule.KEY)


A, B = (
    VerifierKey(name=ORIGIN, public_key=bytes([number]) * 32, algorithm=Algorithm.ED25519)
    for number in (1, 2)
)
WITNESS = VerifierKey(name="w.example", public_key=bytes(32), algorithm=Algorithm.COSIGNATURE)


def head(size: int, *signers: VerifierKey) -> SignedHead:
    checkpoint = Checkpoint(origin=ORIGIN, size=size, root=Frontier().root())
    return SignedHead(checkpoint=checkpoint, signers=frozenset(signers))


@pytest.mark.parametrize(
    ("signed", "record"),
    [
        pytest.param(head(9, A), [], id="nothing recorded"),
        pytest.param(head(5, A), [(5, B)], id="just before the other"),
        pytest.param(head(6, B), [(5, B)], id="by the other"),
        pytest.param(head(3, B), [(5, B)], id="by the other before it was recorded"),
        pytest.param(head(9, A, B), [(5, B)], id="by both"),
        pytest.param(head(9, A), [(1, A)], id="recorded at the start"),
        pytest.param(head(9, A), [(5, B), (7, A)], id="recorded anew"),
    ],
)
def test_a_key_in_force_suffices(
    signed: SignedHead, record: list[tuple[int, VerifierKey]]
) -> None:
    check_succession([signed], [Succession(seq=seq, vkey=str(key)) for seq, key in record])


@pytest.mark.parametrize(
    ("signed", "record", "followed_at"),
    [
        pytest.param(head(6, A), [(5, B)], 5, id="just after the other"),
        pytest.param(head(9, A), [(1, A), (5, B)], 5, id="recorded and followed"),
        pytest.param(head(9, A, WITNESS), [(5, B)], 5, id="a witness is no signer"),
    ],
)
def test_a_key_that_was_followed_does_not_suffice(
    signed: SignedHead, record: list[tuple[int, VerifierKey]], followed_at: int
) -> None:
    with pytest.raises(BrokenLedgerError) as caught:
        check_succession([signed], [Succession(seq=seq, vkey=str(key)) for seq, key in record])

    assert (caught.value.first_bad, caught.value.rule) == (followed_at, Rule.KEY)
