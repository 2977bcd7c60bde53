"""A restore that lost entries: two people let the ledger go on, and old heads stay true."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from brokers import KEEPER_OF_KEYS, NURSE, Clock, a_token, settings_for
from ceremonies import an_officer, hold_ceremony, officers
from children import Children
from tampering import lose_from

from audit.errors import (
    BrokenLedgerError,
    RestoreRefusedError,
    RollbackError,
    Rule,
    SignatureRefusedError,
)
from audit.format.notes.signed_checkpoint import open_checkpoint
from audit.format.notes.trust_policy import NO_QUORUM, TrustPolicy
from audit.format.notes.verifier_key import VerifierKey
from audit.format.receipt import Receipt, verify_receipt
from audit.log.checkpoint_store import CheckpointStore, KeptCheckpoint
from audit.log.serving.export import export
from audit.log.serving.receipts import issue_receipt
from audit.log.verification import verify_database
from audit.verify.export import verify_directory
from audit.verify.export_folder import ExportedFolder
from audit.verify.report import Report
from broker.domain.errors import MismatchedPairError, NotAllowedError, UnfinishedRestoreError
from broker.ledger.names import names_until
from broker.operations import restore_ceremony as ceremony
from broker.operations.backup import backup, restore
from broker.operations.installation import begin
from broker.wiring import Services, assemble
from keys import KeyState, Purpose, TokenRefusedError

KEPT, LOST = 16, 3
"""How many entries the restored database holds, and how many more there were."""


def trusting(*keys: VerifierKey) -> TrustPolicy:
    return TrustPolicy(logs=keys, witnesses={}, groups={}, quorum=NO_QUORUM)


@pytest.fixture(name="heads")
def _heads(services: Services) -> list[KeptCheckpoint]:
    """The heads of a ledger that lost its end afterwards."""
    heads = [services.checkpoints.keep()]
    while heads[-1].checkpoint.size < KEPT + LOST:
        a_token(services, NURSE)
        heads.append(services.checkpoints.keep())
    lose_from(services, KEPT)
    return heads


def again(services: Services, clock: Clock) -> Services:
    started = assemble(
        settings_for(services.home.path, services.settings.database_url), clock=clock
    )
    begin(started)
    started.checkpoints.keep()
    return started


def events_of(services: Services) -> list[dict[str, object]]:
    with services.transaction() as tx:
        return [dict(entry.event) for entry in tx.ledger.entries(KEPT)]


def verified(services: Services) -> Report:
    with services.transaction.database.reading() as connection:
        kept = [one.checkpoint for one in services.checkpoints.store.all()]
        return verify_database(
            connection,
            kept,
            services.checkpoints.store.key,
            former=services.checkpoints.former_keys(),
        )


def exported(services: Services, folder: Path) -> ExportedFolder:
    with services.transaction.database.reading() as connection:
        log = services.transaction.on(connection).ledger
        export(log, list(services.checkpoints.store.all()), services.checkpoints.store.key, folder)
    return ExportedFolder(path=folder)


@pytest.mark.usefixtures("heads")
def test_a_database_that_lost_entries_does_not_start(services: Services) -> None:
    with pytest.raises(RollbackError, match="broker ledger restore-ceremony"):
        begin(services)


def test_the_ledger_goes_on_under_another_name(
    services: Services, clock: Clock, heads: list[KeptCheckpoint]
) -> None:
    old = services.checkpoints.store.key
    new = hold_ceremony(services)

    started = again(services, clock)
    assert (started.checkpoints.store.key, new.name) == (new, f"{old.name}/2")
    assert new.public_key != old.public_key
    report = verified(started)
    lost = heads[-1].checkpoint
    assert [(one.seq, one.size, one.root) for one in report.restorations] == [
        (KEPT, lost.size, lost.root.hex())
    ]
    a_token(started, NURSE)
    assert started.checkpoints.keep().checkpoint.origin == new.name
    started.close()


def test_the_new_name_begins_with_a_key_that_never_signed_as_another(
    services: Services, clock: Clock, heads: list[KeptCheckpoint], tmp_path: Path
) -> None:
    waiting = services.keystore.prepare(Purpose.LEDGER, services.clock())
    old = services.checkpoints.store.key
    new = hold_ceremony(services)
    started = again(services, clock)

    states = {key.kid: key.state for key in started.keystore.public_keys(Purpose.LEDGER).values()}
    assert [*states.values()] == [KeyState.RETIRED, KeyState.RETIRED, KeyState.ACTIVE]
    assert states[waiting.kid] is KeyState.RETIRED
    assert {key.name: key.public_key for key in started.checkpoints.former_keys()} == {
        old.name: waiting.public_key,
        new.name: new.public_key,
    }
    restored, *_ = events_of(started)
    assert restored["vkey"] == str(new)
    policy = f"log {old}\nlog {new}\nquorum none\n"
    folder = exported(started, tmp_path / "export")
    within = [one.note for one in heads if one.checkpoint.size <= KEPT]
    both = TrustPolicy.parse(policy.encode())
    assert verify_directory(folder, both, older=within).restorations
    started.close()


def test_a_key_of_before_signs_nothing_under_the_new_name(
    services: Services, clock: Clock, heads: list[KeptCheckpoint], tmp_path: Path
) -> None:
    thief = services.keystore.signing_key(Purpose.LEDGER)
    new = hold_ceremony(services)
    started = again(services, clock)
    (tmp_path / "thief").mkdir()
    store = CheckpointStore(tmp_path / "thief", thief, new.name)
    with started.transaction() as tx:
        note = store.keep(tx.ledger).note

    with pytest.raises(BrokenLedgerError) as caught:
        verify_directory(
            exported(started, tmp_path / "export"),
            trusting(new, replace(new, public_key=thief.public_key)),
            older=[note],
        )
    assert (caught.value.first_bad, caught.value.rule) == (KEPT, Rule.KEY)
    assert heads
    started.close()


def test_a_keystore_from_before_the_ceremony_is_refused(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    a_token(sqlite_broker, NURSE)
    sqlite_broker.checkpoints.keep()
    older = backup(sqlite_broker, tmp_path / "older")
    lose_from(sqlite_broker, 2)
    hold_ceremony(sqlite_broker)
    newer = backup(again(sqlite_broker, clock), tmp_path / "newer")

    settings = settings_for(tmp_path / "again")
    restore(settings, database=newer.database, keystore=older.keystore)

    with pytest.raises(MismatchedPairError, match="backed up after the restore ceremony"):
        assemble(settings, clock=clock)


@pytest.mark.usefixtures("heads")
def test_the_ledger_names_the_two_people_and_the_tokens_they_came_with(services: Services) -> None:
    hold_ceremony(services)

    restored, confirmed, *tokens, retired, first, second = events_of(services)
    assert (restored["by"], restored["second"]) == ("p-keys", "p-guardian")
    assert (confirmed["by"], confirmed["second"]) == ("p-keys", "p-guardian")
    assert (confirmed["type"], confirmed["older"]) == ("stores.confirmed", ["database"])
    assert retired["type"] == "key.retire"
    assert (first["epoch"], second["epoch"]) == (1, 2)
    assert [(event["type"], event["person"]) for event in tokens] == [
        ("token.issued", "p-keys"),
        ("token.issued", "p-guardian"),
    ]
    assert not services.home.restoring.exists()


def test_the_old_heads_are_kept_and_stay_true(
    services: Services, heads: list[KeptCheckpoint]
) -> None:
    old = services.checkpoints.store.key
    hold_ceremony(services)

    closed = services.home.closed_checkpoints(1)
    notes = [path.read_bytes() for path in sorted(closed.glob("0*"))]
    assert [one.note for one in heads] == notes[-len(heads) :]
    assert all(open_checkpoint(note, old).origin == old.name for note in notes)


def test_a_key_whose_entry_was_lost_is_recorded_again(
    services: Services, clock: Clock, tmp_path: Path
) -> None:
    held, before = services.checkpoints.keep(), services.keystore.signing_key(Purpose.LEDGER)
    lost = services.signing_keys.rotate(Purpose.LEDGER, KEEPER_OF_KEYS)
    services.checkpoints.retire_key(before.kid, KEEPER_OF_KEYS, compromised=False)
    services.checkpoints.keep()
    lose_from(services, held.checkpoint.size)

    new = hold_ceremony(services)

    started = again(services, clock)
    started.checkpoints.keep()
    assert verified(started).restorations
    assert verify_directory(exported(started, tmp_path / "export"), trusting(new)).entries
    with started.transaction() as tx:
        keys = [dict(one.event) for one in tx.ledger.entries() if one.type.startswith("key.")]
    name = held.checkpoint.origin
    assert [
        (event["type"], event["key"], str(event["vkey"]).partition("+")[0]) for event in keys
    ] == [
        ("key.add", lost.kid, name),
        ("key.retire", before.kid, name),
        ("key.retire", lost.kid, name),
    ]
    started.close()


def test_an_auditor_learns_what_an_old_head_proves(
    services: Services, clock: Clock, heads: list[KeptCheckpoint], tmp_path: Path
) -> None:
    old, new = services.checkpoints.store.key, hold_ceremony(services)
    started = again(services, clock)
    folder = exported(started, tmp_path / "export")
    within = [one.note for one in heads if one.checkpoint.size <= KEPT]

    with pytest.raises(BrokenLedgerError, match="a later name of a log that you trust"):
        verify_directory(folder, trusting(old))
    assert within
    assert verify_directory(folder, trusting(old, new), older=within).restorations
    proves = f"proves that {KEPT + LOST} entries were there"
    with pytest.raises(BrokenLedgerError, match=proves) as caught:
        verify_directory(folder, trusting(old, new), older=[heads[-1].note])
    assert (caught.value.first_bad, caught.value.rule) == (KEPT, Rule.RESTORED)
    started.close()


def test_receipts_of_before_stay_true_and_can_be_had_anew(
    services: Services, clock: Clock
) -> None:
    a_token(services, NURSE)
    a_token(services, NURSE)
    old, head = services.checkpoints.store.key, services.checkpoints.keep()
    with services.transaction.database.reading() as connection:
        before = issue_receipt(services.transaction.on(connection).ledger, 1, head)
    lose_from(services, 3)
    hold_ceremony(services)

    started = again(services, clock)
    anew = Receipt.parse(started.receipts.of(1))
    assert verify_receipt(before, trusting(old)).entry.raw == before.raw
    assert verify_receipt(anew, trusting(started.checkpoints.store.key)).entry.raw == before.raw
    started.close()


@pytest.mark.usefixtures("heads")
def test_a_gateway_of_before_signs_nothing_more(services: Services, clock: Clock) -> None:
    running = assemble(services.settings, clock=clock)
    hold_ceremony(services)

    with pytest.raises(SignatureRefusedError):
        running.checkpoints.keep()
    shutil.rmtree(services.home.checkpoints)
    services.home.checkpoints.mkdir()
    with pytest.raises(RollbackError, match="another name"):
        running.checkpoints.keep()
    running.close()


@pytest.mark.usefixtures("heads")
def test_it_takes_two_people_who_may(services: Services) -> None:
    found, (first, _) = ceremony.loss(services), officers(services)

    with pytest.raises(NotAllowedError, match="different people"):
        ceremony.begin(services, found, first, an_officer(services, KEEPER_OF_KEYS))
    with pytest.raises(NotAllowedError, match="operators or Guardians"):
        an_officer(services, NURSE)
    assert not services.home.restoring.exists()


def test_a_token_of_daily_work_and_one_of_the_ceremony_do_not_pass_for_each_other(
    services: Services,
) -> None:
    daily = a_token(services, KEEPER_OF_KEYS)
    a_token(services, NURSE)
    services.checkpoints.keep()
    with pytest.raises(RestoreRefusedError, match="nothing to restore"):
        an_officer(services, KEEPER_OF_KEYS)
    lose_from(services, KEPT - 1)

    with pytest.raises(TokenRefusedError):
        ceremony.officer(services, daily)
    with pytest.raises(TokenRefusedError):
        services.tokens.verify(an_officer(services, KEEPER_OF_KEYS).token)


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
    services: Services, clock: Clock, stop: str
) -> None:
    children = Children(services)
    children.killed_at(stop, "restore")

    refusal = RollbackError if stop == "while-writing-the-plan" else UnfinishedRestoreError
    with pytest.raises(refusal):
        services.checkpoints.check_growth()
    children.finished("restore")

    started = again(services, clock)
    # A key that was made for a plan that never was ends unused.
    ends = ["key.retire"] * (2 if stop == "while-writing-the-plan" else 1)
    types = [event["type"] for event in events_of(started)]
    tokens, epochs = ["token.issued"] * 2, types[4 + len(ends) :]
    assert types[: 4 + len(ends)] == ["restored", "stores.confirmed", *tokens, *ends]
    assert set(epochs) == {"keystore.changed"}
    assert verified(started).signed == KEPT + len(types)
    assert list(services.home.closed_checkpoints(1).glob("0*"))
    started.close()


@pytest.mark.usefixtures("heads")
def test_a_plan_for_another_database_is_refused(services: Services) -> None:
    ceremony.begin(services, ceremony.loss(services), *officers(services))
    lose_from(services, KEPT - 1)

    with pytest.raises(RestoreRefusedError, match="it changed since"):
        ceremony.finish(services)

    assert events_of(services) == []


def test_a_ledger_can_be_restored_more_than_once(
    services: Services, clock: Clock, heads: list[KeptCheckpoint]
) -> None:
    hold_ceremony(services)
    second = again(services, clock)
    a_token(second, NURSE)
    second.checkpoints.keep()
    with second.transaction() as tx:
        size = tx.ledger.head().size
    lose_from(second, size - 1)
    name = hold_ceremony(second).name

    third = again(services, clock)
    assert (name, third.checkpoints.store.key.name) == (f"{heads[0].checkpoint.origin}/3", name)
    assert len(verified(third).restorations) == 2
    second.close()
    third.close()


def test_a_backup_holds_the_evidence(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    a_token(sqlite_broker, NURSE)
    sqlite_broker.checkpoints.keep()
    lose_from(sqlite_broker, 2)
    hold_ceremony(sqlite_broker)
    started = again(sqlite_broker, clock)
    written = backup(started, tmp_path / "backup")
    started.close()

    settings = settings_for(tmp_path / "again")
    home = restore(settings, database=written.database, keystore=written.keystore)

    assert list(home.closed_checkpoints(1).glob("0*"))
    restored = assemble(settings, clock=clock)
    begin(restored)
    assert restored.checkpoints.store.key == started.checkpoints.store.key
    restored.close()


@pytest.mark.parametrize("ending", ["/1", "/02", "/x", "/9999", "x", "/2/3"])
def test_a_name_that_is_none_of_this_keystore_s_is_refused(ending: str) -> None:
    first = names_until("disclosure-broker.invalid/abc", "abc")[0]
    assert names_until(f"{first}/3", "abc") == (first, f"{first}/2", f"{first}/3")

    with pytest.raises(MismatchedPairError, match="the name of another keystore"):
        names_until(f"{first}{ending}", "abc")
