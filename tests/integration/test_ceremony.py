"""A restore that lost entries: two people let the ledger go on, and old heads stay true."""

import shutil
from pathlib import Path

import pytest
from brokers import KEEPER_OF_KEYS, NURSE, Clock, a_token, settings_for
from ceremonies import an_officer, hold_ceremony, officers
from children import Children
from hands import lose_from

from audit.errors import (
    BrokenLedgerError,
    RestoreRefusedError,
    RollbackError,
    Rule,
    SignatureRefusedError,
)
from audit.format.checkpoint import open_checkpoint
from audit.format.note import VerifierKey
from audit.format.receipt import Receipt, verify_receipt
from audit.format.trust_policy import NO_QUORUM, TrustPolicy
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.export import export
from audit.log.receipts import prove
from audit.log.verification import verify_database
from audit.verify.export import verify_directory
from audit.verify.export_folder import ExportedFolder
from audit.verify.report import Report
from broker.domain.errors import MismatchedPairError, NotAllowedError, UnfinishedRestoreError
from broker.domain.ledger_origins import names_until
from broker.operations import restore_ceremony as ceremony
from broker.operations.backup import backup, restore
from broker.wiring import Services, assemble
from keys import Purpose, TokenRefusedError

KEPT, LOST = 4, 3
"""How many entries the restored database holds, and how many more there were."""


def trusting(*keys: VerifierKey) -> TrustPolicy:
    return TrustPolicy(logs=keys, witnesses={}, groups={}, quorum=NO_QUORUM)


@pytest.fixture(name="heads")
def _heads(made: Services) -> list[KeptCheckpoint]:
    """The heads of a ledger that lost its end afterwards."""
    heads: list[KeptCheckpoint] = []
    while not heads or heads[-1].checkpoint.size < KEPT + LOST:
        a_token(made, NURSE)
        heads.append(made.keep_checkpoint())
    lose_from(made, KEPT)
    return heads


def again(made: Services, clock: Clock) -> Services:
    started = assemble(settings_for(made.home.path, made.settings.database_url), clock=clock)
    started.begin()
    started.keep_checkpoint()
    return started


def events_of(made: Services) -> list[dict[str, object]]:
    with made.transaction() as tx:
        return [dict(entry.event) for entry in tx.ledger.entries(KEPT)]


def verified(made: Services) -> Report:
    with made.transaction.database.reading() as connection:
        kept = [one.checkpoint for one in made.keeper.all()]
        return verify_database(connection, kept, made.keeper.key, former=made.former_ledger_keys())


def exported(made: Services, folder: Path) -> ExportedFolder:
    with made.transaction.database.reading() as connection:
        log = made.transaction.on(connection).ledger
        export(log, list(made.keeper.all()), made.keeper.key, folder)
    return ExportedFolder(path=folder)


@pytest.mark.usefixtures("heads")
def test_a_database_that_lost_entries_does_not_start(made: Services) -> None:
    with pytest.raises(RollbackError, match="broker ledger restore-ceremony"):
        made.begin()


def test_the_ledger_goes_on_under_another_name(
    made: Services, clock: Clock, heads: list[KeptCheckpoint]
) -> None:
    old = made.keeper.key
    new = hold_ceremony(made)

    started = again(made, clock)
    assert (started.keeper.key, new.name) == (new, f"{old.name}/2")
    assert new.public_key == old.public_key
    report = verified(started)
    lost = heads[-1].checkpoint
    assert [(one.seq, one.size, one.root) for one in report.restorations] == [
        (KEPT, lost.size, lost.root.hex())
    ]
    a_token(started, NURSE)
    assert started.keep_checkpoint().checkpoint.origin == new.name
    started.close()


@pytest.mark.usefixtures("heads")
def test_the_ledger_names_the_two_people_and_the_tokens_they_came_with(made: Services) -> None:
    hold_ceremony(made)

    restored, *tokens = events_of(made)
    assert (restored["by"], restored["second"]) == ("p-keys", "p-guardian")
    assert [(event["type"], event["person"]) for event in tokens] == [
        ("token.issued", "p-keys"),
        ("token.issued", "p-guardian"),
    ]
    assert not made.home.restoring.exists()


def test_the_old_heads_are_kept_and_stay_true(made: Services, heads: list[KeptCheckpoint]) -> None:
    old = made.keeper.key
    hold_ceremony(made)

    closed = made.home.closed_checkpoints(1)
    notes = [path.read_bytes() for path in sorted(closed.glob("0*"))]
    assert [one.note for one in heads] == notes[-len(heads) :]
    assert all(open_checkpoint(note, old).origin == old.name for note in notes)


def test_a_key_whose_entry_was_lost_is_recorded_again(
    made: Services, clock: Clock, tmp_path: Path
) -> None:
    held, before = made.keep_checkpoint(), made.keystore.signing_key(Purpose.LEDGER)
    made.keyring.rotate(Purpose.LEDGER, KEEPER_OF_KEYS)
    made.retire_key(before.kid, KEEPER_OF_KEYS, compromised=False)
    made.keep_checkpoint()
    lose_from(made, held.checkpoint.size)

    new = hold_ceremony(made)

    started = again(made, clock)
    started.keep_checkpoint()
    assert verified(started).restorations
    assert verify_directory(exported(started, tmp_path / "export"), trusting(new)).entries
    with started.transaction() as tx:
        keys = [dict(one.event) for one in tx.ledger.entries() if one.type.startswith("key.")]
    assert [(event["type"], event["key"]) for event in keys] == [
        ("key.add", started.keystore.signing_key(Purpose.LEDGER).kid),
        ("key.retire", before.kid),
    ]
    started.close()


def test_an_auditor_learns_what_an_old_head_proves(
    made: Services, clock: Clock, heads: list[KeptCheckpoint], tmp_path: Path
) -> None:
    old, new = made.keeper.key, hold_ceremony(made)
    started = again(made, clock)
    folder = exported(started, tmp_path / "export")
    within = [one.note for one in heads if one.checkpoint.size <= KEPT]

    with pytest.raises(BrokenLedgerError, match="a later name of a log that you trust"):
        verify_directory(folder, trusting(old))
    assert within
    assert verify_directory(folder, trusting(old, new), older=within).restorations
    with pytest.raises(BrokenLedgerError, match="proves that 7 entries were there") as caught:
        verify_directory(folder, trusting(old, new), older=[heads[-1].note])
    assert (caught.value.first_bad, caught.value.rule) == (KEPT, Rule.RESTORED)
    started.close()


def test_receipts_of_before_stay_true_and_can_be_had_anew(made: Services, clock: Clock) -> None:
    a_token(made, NURSE)
    a_token(made, NURSE)
    old, head = made.keeper.key, made.keep_checkpoint()
    with made.transaction.database.reading() as connection:
        before = prove(made.transaction.on(connection).ledger, 1, head)
    lose_from(made, 3)
    hold_ceremony(made)

    started = again(made, clock)
    anew = Receipt.parse(started.receipts.of(1))
    assert verify_receipt(before, trusting(old)).entry.raw == before.raw
    assert verify_receipt(anew, trusting(started.keeper.key)).entry.raw == before.raw
    started.close()


@pytest.mark.usefixtures("heads")
def test_a_gateway_of_before_signs_nothing_more(made: Services, clock: Clock) -> None:
    running = assemble(made.settings, clock=clock)
    hold_ceremony(made)

    with pytest.raises(SignatureRefusedError):
        running.keep_checkpoint()
    shutil.rmtree(made.home.checkpoints)
    made.home.checkpoints.mkdir()
    with pytest.raises(RollbackError, match="another name"):
        running.keep_checkpoint()
    running.close()


@pytest.mark.usefixtures("heads")
def test_it_takes_two_people_who_may(made: Services) -> None:
    found, (first, _) = ceremony.loss(made), officers(made)

    with pytest.raises(NotAllowedError, match="different people"):
        ceremony.begin(made, found, first, an_officer(made, KEEPER_OF_KEYS))
    with pytest.raises(NotAllowedError, match="administrators or Guardians"):
        an_officer(made, NURSE)
    assert not made.home.restoring.exists()


def test_a_token_of_daily_work_and_one_of_the_ceremony_do_not_pass_for_each_other(
    made: Services,
) -> None:
    daily = a_token(made, KEEPER_OF_KEYS)
    a_token(made, NURSE)
    made.keep_checkpoint()
    with pytest.raises(RestoreRefusedError, match="nothing to restore"):
        an_officer(made, KEEPER_OF_KEYS)
    lose_from(made, KEPT - 1)

    with pytest.raises(TokenRefusedError):
        ceremony.officer(made, daily)
    with pytest.raises(TokenRefusedError):
        made.verify_token(an_officer(made, KEEPER_OF_KEYS).token)


@pytest.mark.parametrize(
    "stop",
    [
        "while-writing-the-plan",
        "before-commit-of-token.issued",
        "after-commit-of-token.issued",
        "before-a-new-folder",
        "while-keeping-a-head",
    ],
)
@pytest.mark.usefixtures("heads")
def test_a_ceremony_that_is_killed_is_finished_or_never_was(
    made: Services, clock: Clock, stop: str
) -> None:
    children = Children(made)
    children.killed_at(stop, "restore")

    refusal = RollbackError if stop == "while-writing-the-plan" else UnfinishedRestoreError
    with pytest.raises(refusal):
        made.check_growth()
    children.finished("restore")

    started = again(made, clock)
    assert [event["type"] for event in events_of(started)] == [
        "restored",
        "token.issued",
        "token.issued",
    ]
    assert verified(started).signed == KEPT + 3
    assert list(made.home.closed_checkpoints(1).glob("0*"))
    started.close()


@pytest.mark.usefixtures("heads")
def test_a_plan_for_another_database_is_refused(made: Services) -> None:
    ceremony.begin(made, ceremony.loss(made), *officers(made))
    lose_from(made, KEPT - 1)

    with pytest.raises(RestoreRefusedError, match="it changed since"):
        ceremony.finish(made)

    assert events_of(made) == []


def test_a_ledger_can_be_restored_more_than_once(
    made: Services, clock: Clock, heads: list[KeptCheckpoint]
) -> None:
    hold_ceremony(made)
    second = again(made, clock)
    a_token(second, NURSE)
    second.keep_checkpoint()
    with second.transaction() as tx:
        size = tx.ledger.head().size
    lose_from(second, size - 1)
    name = hold_ceremony(second).name

    third = again(made, clock)
    assert (name, third.keeper.key.name) == (f"{heads[0].checkpoint.origin}/3", name)
    assert len(verified(third).restorations) == 2
    second.close()
    third.close()


def test_a_backup_holds_the_evidence(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    a_token(sqlite_broker, NURSE)
    sqlite_broker.keep_checkpoint()
    lose_from(sqlite_broker, 2)
    hold_ceremony(sqlite_broker)
    started = again(sqlite_broker, clock)
    written = backup(started, tmp_path / "backup")
    started.close()

    settings = settings_for(tmp_path / "again")
    home = restore(settings, database=written.database, keystore=written.keystore)

    assert list(home.closed_checkpoints(1).glob("0*"))
    restored = assemble(settings, clock=clock)
    restored.begin()
    assert restored.keeper.key == started.keeper.key
    restored.close()


@pytest.mark.parametrize("ending", ["/1", "/02", "/x", "/9999", "x", "/2/3"])
def test_a_name_that_is_none_of_this_keystore_s_is_refused(ending: str) -> None:
    first = names_until("disclosure-broker.invalid/abc", "abc")[0]
    assert names_until(f"{first}/3", "abc") == (first, f"{first}/2", f"{first}/3")

    with pytest.raises(MismatchedPairError, match="the name of another keystore"):
        names_until(f"{first}{ending}", "abc")
