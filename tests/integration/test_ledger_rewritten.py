"""Whoever puts an old ledger back or writes a new one is found by what they do not hold."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_token, settings_for
from tampering import lose_from, rewrite_from

from audit.errors import BrokenLedgerError, ForeignGrowthError, RollbackError, Rule
from audit.format.merkle.tree import EMPTY_ROOT
from audit.format.notes.signed_checkpoint import open_checkpoint
from audit.format.notes.trust_policy import NO_QUORUM, TrustPolicy
from audit.format.receipt import Receipt
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.serving.export import export
from audit.log.verification import verify_database
from audit.verify.export import verify_directory
from audit.verify.export_folder import ExportedFolder
from audit.verify.report import Report
from broker.operations.backup import backup, restore
from broker.operations.installation import begin
from broker.wiring import Services, assemble
from keys import Mark

HELD = 6
"""How many entries the head counts at least that somebody else holds."""


@pytest.fixture(name="held")
def _held(services: Services) -> KeptCheckpoint:
    """A head, held elsewhere, of a ledger whose every head was kept."""
    kept = services.checkpoints.keep()
    while kept.checkpoint.size < HELD:
        a_token(services, NURSE)
        kept = services.checkpoints.keep()
    return kept


def forget_heads(services: Services, *, beyond: int = -1) -> None:
    """Put folder of checkpoints and keystore's mark back as well, as whoever has the host can."""
    for path in services.home.checkpoints.glob("0*"):
        if int(path.name) > beyond:
            path.unlink()
    left = services.checkpoints.store.newest_as_written()
    with services.transaction() as tx:
        note = tx.ledger.newest_note()
    size, root = 0, EMPTY_ROOT
    if note is not None:
        recorded = open_checkpoint(note, services.checkpoints.store.key)
        size, root = recorded.size, recorded.root
    mark = Mark(size=size, root=root, kept=0 if left is None else left.size)
    with services.keystore._changing() as unlocked:
        unlocked.standing.write(replace(unlocked.standing.read(), mark=mark))


def verified(services: Services) -> Report:
    with services.transaction.database.reading() as connection:
        heads = [kept.checkpoint for kept in services.checkpoints.store.all()]
        return verify_database(connection, heads, services.checkpoints.store.key)


def verified_since(services: Services, folder: Path, *held: bytes) -> Report:
    """Export, and verify what comes out beside heads that the verifier holds."""
    with services.transaction.database.reading() as connection:
        log = services.transaction.on(connection).ledger
        export(log, list(services.checkpoints.store.all()), services.checkpoints.store.key, folder)
    policy = TrustPolicy(
        logs=(services.checkpoints.store.key,), witnesses={}, groups={}, quorum=NO_QUORUM
    )
    return verify_directory(ExportedFolder(path=folder), policy, older=held)


def found(verify: pytest.ExceptionInfo[BrokenLedgerError]) -> tuple[int | None, Rule]:
    return verify.value.first_bad, verify.value.rule


@pytest.mark.usefixtures("held")
def test_an_old_database_beside_newer_heads_is_refused_and_found(services: Services) -> None:
    lose_from(services, 4)

    with pytest.raises(RollbackError) as refused:
        begin(services)
    assert refused.value.evidence.endswith("database: 4 entries")
    with pytest.raises(BrokenLedgerError) as caught:
        verified(services)
    assert found(caught) == (4, Rule.TAIL)


def test_an_old_database_with_its_old_heads_is_found_by_a_head_held_elsewhere(
    services: Services, held: KeptCheckpoint, tmp_path: Path
) -> None:
    lose_from(services, 4)
    forget_heads(services, beyond=4)
    begin(services)
    services.checkpoints.keep()

    with pytest.raises(BrokenLedgerError) as caught:
        verified_since(services, tmp_path / "at-once", held.note)
    assert found(caught) == (4, Rule.TAIL)

    for _ in range(held.checkpoint.size):
        a_token(services, NURSE)
    services.checkpoints.keep()
    assert verified(services).entries > held.checkpoint.size
    with pytest.raises(BrokenLedgerError) as caught:
        verified_since(services, tmp_path / "later", held.note)
    assert found(caught) == (4, Rule.CHECKPOINT)


def test_a_head_held_elsewhere_that_is_put_back_stops_an_old_database(
    services: Services, held: KeptCheckpoint
) -> None:
    lose_from(services, 4)
    forget_heads(services)
    begin(services)

    (services.home.checkpoints / f"{HELD:020}").write_bytes(held.note)

    with pytest.raises(RollbackError):
        begin(services)


@pytest.mark.usefixtures("held")
def test_a_cut_tail_is_found_by_the_receipt_of_an_entry_in_it(
    services: Services, tmp_path: Path
) -> None:
    receipt = Receipt.parse(services.receipts.of(5))
    lose_from(services, 4)
    forget_heads(services)
    services.checkpoints.keep()

    with pytest.raises(BrokenLedgerError) as caught:
        verified_since(services, tmp_path / "export", receipt.note)
    assert found(caught) == (4, Rule.TAIL)


@pytest.mark.usefixtures("held")
def test_a_ledger_recomputed_without_the_key_is_not_signed_and_found(services: Services) -> None:
    rewrite_from(services, 3)

    for asked in (services.checkpoints.keep, lambda: a_token(services, NURSE)):
        with pytest.raises(ForeignGrowthError):
            asked()
    with pytest.raises(BrokenLedgerError) as caught:
        verified(services)
    # The first that no head before it vouches for.
    place, rule = found(caught)
    assert (rule, place in range(4)) == (Rule.CHECKPOINT, True)


def test_a_ledger_recomputed_with_the_key_is_found_by_a_head_held_elsewhere(
    services: Services, held: KeptCheckpoint, tmp_path: Path
) -> None:
    early = next(kept for kept in services.checkpoints.store.all() if kept.checkpoint.size <= 3)
    rewrite_from(services, 3, holding_the_keys=True)
    forget_heads(services)
    services.checkpoints.keep()
    size = held.checkpoint.size
    assert verified(services).signed == size

    assert verified_since(services, tmp_path / "early", early.note).signed == size
    shutil.rmtree(tmp_path / "early")
    with pytest.raises(BrokenLedgerError) as caught:
        verified_since(services, tmp_path / "export", early.note, held.note)
    assert (found(caught)[1], found(caught)[0] in range(early.checkpoint.size, size)) == (
        Rule.CHECKPOINT,
        True,
    )


def test_yesterdays_backup_of_all_is_found_by_what_others_hold_and_by_nothing_else(
    services: Services, clock: Clock, tmp_path: Path, second_url: str | None
) -> None:
    """Database, keys and folder of checkpoints are put back on another host, which forgets."""
    older, written = services.checkpoints.keep(), backup(services, tmp_path / "backup")
    size = older.checkpoint.size
    a_token(services, NURSE)
    a_token(services, NURSE)
    newer, receipt = services.checkpoints.keep(), Receipt.parse(services.receipts.of(size))
    settings = settings_for(tmp_path / "again", second_url)
    restore(settings, database=written.database, keystore=written.keystore)
    again = assemble(settings, clock=clock)
    begin(again)
    again.checkpoints.keep()

    assert verified_since(again, tmp_path / "unknown", older.note).entries == size
    for name, note in (("newer", newer.note), ("receipt", receipt.note)):
        with pytest.raises(BrokenLedgerError) as caught:
            verified_since(again, tmp_path / name, note)
        assert found(caught) == (size, Rule.TAIL)

    clock.forward(timedelta(hours=1))
    while again.checkpoints.keep().checkpoint.size <= newer.checkpoint.size:
        a_token(again, NURSE)
    assert verified_since(again, tmp_path / "unknown-still", older.note).entries > size
    for name, note in (("newer", newer.note), ("receipt", receipt.note)):
        with pytest.raises(BrokenLedgerError) as caught:
            verified_since(again, tmp_path / f"{name}-later", note)
        place, rule = found(caught)
        assert (rule, place in range(size, newer.checkpoint.size)) == (Rule.CHECKPOINT, True)
    again.close()
