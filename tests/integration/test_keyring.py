"""Signing keys are rotated and retired under a broker that works on; both databases."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from brokers import KEEPER_OF_KEYS, NURSE, Clock, a_token, settings_for
from callers import a_caller
from children import Children
from packs import a_pack
from referrals import GUARDIAN

from audit.errors import BrokenLedgerError, Rule, SignatureRefusedError
from audit.format.notes.signed_checkpoint import open_checkpoint
from audit.format.notes.trust_policy import NO_QUORUM, TrustPolicy
from audit.format.notes.verifier_key import VerifierKey
from audit.format.receipt import Receipt, verify_receipt
from audit.log.checkpoint_store import CheckpointStore
from audit.log.serving.export import export
from audit.log.verification import verify_database
from audit.verify.export import verify_directory
from audit.verify.export_folder import ExportedFolder
from audit.verify.report import Report
from broker.domain.errors import KeyNeededError, RulesUnavailableError
from broker.operations.installation import begin
from broker.wiring import Services, assemble
from keys import (
    KeyId,
    KeyInUseError,
    KeyState,
    Keystore,
    Purpose,
    SigningKey,
    TokenRefusedError,
    UnknownKeyError,
)


def trusting(*keys: VerifierKey) -> TrustPolicy:
    return TrustPolicy(logs=keys, witnesses={}, groups={}, quorum=NO_QUORUM)


def rotate(services: Services, purpose: Purpose = Purpose.LEDGER) -> SigningKey:
    """Rotate, keep a head, and return the key that was active before."""
    before = services.keystore.signing_key(purpose)
    services.signing_keys.rotate(purpose, KEEPER_OF_KEYS)
    services.checkpoints.keep()
    return before


def retire(services: Services, key: SigningKey, *, compromised: bool = False) -> None:
    services.checkpoints.retire_key(key.kid, KEEPER_OF_KEYS, compromised=compromised)
    services.checkpoints.keep()


def states_of(services: Services, purpose: Purpose) -> list[KeyState]:
    return [key.state for key in services.keystore.public_keys(purpose).values()]


def key_events(services: Services) -> list[dict[str, object]]:
    with services.transaction() as tx:
        events = [dict(entry.event) for entry in tx.ledger.entries()]
    return [event for event in events if str(event["type"]).startswith("key.")]


def exported(services: Services, folder: Path) -> ExportedFolder:
    with services.transaction.database.reading() as connection:
        log = services.transaction.on(connection).ledger
        keeper = services.checkpoints.store
        export(log, list(keeper.all()), keeper.key, folder, former=keeper.former)
    return ExportedFolder(path=folder)


def verified(services: Services) -> Report:
    keeper = services.checkpoints.store
    with services.transaction.database.reading() as connection:
        return verify_database(
            connection,
            [kept.checkpoint for kept in keeper.all()],
            keeper.key,
            former=(*keeper.former, *keeper.disowned),
        )


def test_a_head_bears_both_signatures_until_the_old_key_is_retired(services: Services) -> None:
    old = services.checkpoints.store.key
    outgoing = rotate(services)
    joint = services.checkpoints.keep()
    retire(services, outgoing)
    alone = services.checkpoints.keep()

    new = services.checkpoints.store.key
    assert open_checkpoint(joint.note, old) == open_checkpoint(joint.note, new)
    assert open_checkpoint(alone.note, new).size > joint.checkpoint.size
    with pytest.raises(SignatureRefusedError):
        open_checkpoint(alone.note, old)
    assert verified(services).signed == alone.checkpoint.size


def test_the_ledger_names_the_keys_and_who_changed_them(services: Services) -> None:
    old = services.checkpoints.store.key
    outgoing = rotate(services)
    retire(services, outgoing, compromised=True)

    added, retired = key_events(services)
    assert (added["vkey"], added["after"]) == (str(services.checkpoints.store.key), str(old))
    assert (retired["vkey"], retired["why"]) == (str(old), "compromised")
    assert {added["by"], retired["by"]} == {"p-keys"}
    assert retired["key"] == outgoing.kid


@pytest.mark.parametrize("which", ["the old key", "the new key"])
def test_an_outsider_with_either_key_verifies_the_whole_export(
    services: Services, tmp_path: Path, which: str
) -> None:
    old = services.checkpoints.store.key
    retire(services, rotate(services))
    mine = {"the old key": old, "the new key": services.checkpoints.store.key}[which]

    report = verify_directory(exported(services, tmp_path / "export"), trusting(mine))

    assert report.signed == report.entries


def test_a_running_broker_signs_with_the_key_that_another_process_made(
    services: Services, clock: Clock
) -> None:
    running = assemble(services.settings, clock=clock)
    old = running.checkpoints.store.key
    rotate(services)

    told = a_caller(running).submit(a_pack()).json
    running.checkpoints.keep()

    receipt = Receipt.parse(told["receipt"].encode())  # type: ignore[index]
    for key in (old, services.checkpoints.store.key):
        assert verify_receipt(receipt, trusting(key)).entry.type == "decided"
    assert verified(services).entries == verified(running).entries
    running.close()


def test_three_keys_follow_each_other(services: Services, tmp_path: Path) -> None:
    first = services.checkpoints.store.key
    rotate(services)
    rotate(services)

    states = states_of(services, Purpose.LEDGER)
    assert states == [KeyState.VERIFY_ONLY, KeyState.OUTGOING, KeyState.ACTIVE]
    assert verify_directory(exported(services, tmp_path / "export"), trusting(first)).entries


def test_a_stolen_key_vouches_for_no_successor(services: Services, tmp_path: Path) -> None:
    old = services.checkpoints.store.key
    before = services.checkpoints.keep()
    retire(services, rotate(services), compromised=True)
    folder = exported(services, tmp_path / "export")

    with pytest.raises(BrokenLedgerError) as caught:
        verify_directory(folder, trusting(old))
    assert caught.value.rule == Rule.POLICY
    assert str(old) not in folder.policy().decode()
    assert before not in list(services.checkpoints.store.all())
    assert verify_directory(folder, trusting(services.checkpoints.store.key)).entries
    assert verified(services).entries


def forged(services: Services, thief: SigningKey, folder: Path) -> bytes:
    """Return a head of the log as it stands that the thief of a retired key signed."""
    folder.mkdir()
    keeper = CheckpointStore(folder, thief, services.checkpoints.store.key.name)
    with services.transaction() as tx:
        return keeper.keep(tx.ledger).note


@pytest.mark.parametrize("compromised", [False, True])
def test_a_newer_head_by_a_retired_key_is_refused(
    services: Services, tmp_path: Path, *, compromised: bool
) -> None:
    old, thief = services.checkpoints.store.key, rotate(services)
    retire(services, thief, compromised=compromised)
    rotate(services, Purpose.TOKEN)
    note = forged(services, thief, tmp_path / "thief")
    folder = exported(services, tmp_path / "export")

    with pytest.raises(BrokenLedgerError) as caught:
        verify_directory(folder, trusting(old, services.checkpoints.store.key), older=[note])

    added, *_ = [event for event in key_events(services) if event["purpose"] == "ledger"]
    with services.transaction() as tx:
        entry = tx.ledger.entry_of(str(added["id"]))
    assert entry is not None
    assert (caught.value.first_bad, caught.value.rule) == (entry.seq, Rule.KEY)


def test_a_thief_with_a_hand_in_the_database_is_found(services: Services, tmp_path: Path) -> None:
    thief = rotate(services)
    retire(services, thief)
    services.signing_keys.rotate(Purpose.TOKEN, KEEPER_OF_KEYS)
    note = forged(services, thief, tmp_path / "thief")
    with services.transaction() as tx:
        tx.ledger.record_checkpoint(tx.ledger.head().size, note)

    with pytest.raises(BrokenLedgerError) as caught:
        verified(services)

    assert caught.value.rule == Rule.KEY


def test_a_token_outlives_the_rotation_of_its_key_but_not_its_theft(
    services: Services, clock: Clock
) -> None:
    token = a_token(services, NURSE)
    old = rotate(services, Purpose.TOKEN)
    assert services.tokens.verify(token).id == NURSE.id
    assert services.tokens.verify(a_token(services, NURSE)).id == NURSE.id

    retire(services, old, compromised=True)
    with pytest.raises(TokenRefusedError):
        services.tokens.verify(token)
    clock.forward(timedelta(minutes=16))
    assert services.tokens.verify(a_token(services, NURSE)).id == NURSE.id


def test_a_key_that_waits_signs_no_token(services: Services) -> None:
    waiting = services.keystore.prepare(Purpose.TOKEN, services.clock())

    assert services.keystore.signing_key(Purpose.TOKEN).kid != waiting.kid
    assert states_of(services, Purpose.TOKEN) == [KeyState.ACTIVE, KeyState.PENDING]


def test_a_key_that_the_rules_rest_on_is_kept_until_they_are_signed_anew(
    services: Services,
) -> None:
    old = rotate(services, Purpose.POLICY)

    with pytest.raises(KeyNeededError, match="broker policy activate sha256:"):
        retire(services, old)

    services.rulebooks.activate(services.rulebooks.in_force(), KEEPER_OF_KEYS, GUARDIAN)
    retire(services, old)
    assert services.rulebooks.in_force().version


def test_rules_that_a_stolen_key_signed_are_in_force_no_more(services: Services) -> None:
    old = rotate(services, Purpose.POLICY)

    retire(services, old, compromised=True)

    with pytest.raises(RulesUnavailableError, match="no longer believed"):
        _ = services.rulebooks.in_force()


def test_a_key_that_signs_or_is_not_there_cannot_be_retired(services: Services) -> None:
    with pytest.raises(KeyInUseError):
        retire(services, services.keystore.signing_key(Purpose.LEDGER))
    unknown = KeyId(services.keystore.identity)
    with pytest.raises(UnknownKeyError):
        services.checkpoints.retire_key(unknown, KEEPER_OF_KEYS, compromised=True)
    assert key_events(services) == []


def test_a_retired_key_may_be_found_stolen_later(services: Services) -> None:
    old = rotate(services)
    retire(services, old)
    retire(services, old, compromised=True)
    retire(services, old)

    assert [event.get("why") for event in key_events(services)] == [None, "rotated", "compromised"]
    assert states_of(services, Purpose.LEDGER) == [KeyState.COMPROMISED, KeyState.ACTIVE]


@pytest.mark.parametrize("purpose", Purpose)
def test_a_rotation_that_was_cut_short_goes_on_with_the_same_key(
    services: Services, purpose: Purpose
) -> None:
    waiting = services.keystore.prepare(purpose, services.clock())

    begin(services)
    assert key_events(services) == []
    assert services.signing_keys.rotate(purpose, KEEPER_OF_KEYS).kid == waiting.kid

    assert [event["key"] for event in key_events(services)] == [waiting.kid]


def start_again(services: Services, clock: Clock) -> Services:
    again = assemble(settings_for(services.home.path, services.settings.database_url), clock=clock)
    begin(again)
    again.checkpoints.keep()
    return again


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_rotation_that_is_killed_is_finished_or_never_was(
    services: Services, clock: Clock, tmp_path: Path, moment: str
) -> None:
    old, children = services.checkpoints.store.key, Children(services)
    children.killed_at(f"{moment}-commit-of-key.add", "rotate")

    again = start_again(services, clock)
    recorded = len(key_events(again))
    assert recorded == (0 if moment == "before" else 1)
    assert (again.checkpoints.store.key == old) == (moment == "before")
    if moment == "before":
        children.finished("rotate")

    assert [event["by"] for event in key_events(again)] == ["p-keys"]
    again.checkpoints.keep()
    assert verified(again).entries
    assert verify_directory(exported(again, tmp_path / "export"), trusting(old)).entries
    again.close()


def test_no_head_lacks_the_new_key_while_a_rotation_is_half_done(
    services: Services, clock: Clock
) -> None:
    Children(services).killed_at("after-commit-of-key.add", "rotate")

    services.checkpoints.keep()

    assert states_of(services, Purpose.LEDGER) == [KeyState.ACTIVE, KeyState.PENDING]
    again = start_again(services, clock)
    assert verified(again).entries
    again.close()


def test_a_rotation_that_meets_another_follows_the_key_of_that_one(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, prepare = services.checkpoints.store.key, Keystore.prepare

    def after_another(keystore: Keystore, purpose: Purpose, now: datetime) -> SigningKey:
        monkeypatch.setattr(Keystore, "prepare", prepare)
        rotate(services)
        return keystore.prepare(purpose, now)

    monkeypatch.setattr(Keystore, "prepare", after_another)
    services.signing_keys.rotate(Purpose.LEDGER, KEEPER_OF_KEYS)

    first, second = key_events(services)
    assert (first["after"], second["after"]) == (str(old), first["vkey"])
    services.checkpoints.keep()
    assert verified(services).entries
    assert verify_directory(exported(services, tmp_path / "export"), trusting(old)).entries


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_stolen_key_is_given_up_before_it_is_recorded(
    services: Services, clock: Clock, moment: str
) -> None:
    rotate(services)
    Children(services).killed_at(f"{moment}-commit-of-key.retire", "retire-stolen")
    assert states_of(services, Purpose.LEDGER) == [KeyState.COMPROMISED, KeyState.ACTIVE]

    again = start_again(services, clock)

    _, retired = key_events(again)
    assert retired["why"] == "compromised"
    assert retired.get("by") == (None if moment == "before" else "p-keys")
    assert verified(again).entries
    again.close()


def test_no_key_ends_before_a_head_that_both_signed_is_kept(
    services: Services, clock: Clock, tmp_path: Path
) -> None:
    old, children = services.checkpoints.store.key, Children(services)
    services.signing_keys.rotate(Purpose.LEDGER, KEEPER_OF_KEYS)

    children.killed_at("while-keeping-a-head", "retire-stolen")
    assert states_of(services, Purpose.LEDGER) == [KeyState.OUTGOING, KeyState.ACTIVE]

    again = start_again(services, clock)
    joint = again.checkpoints.keep()
    assert open_checkpoint(joint.note, old) == open_checkpoint(
        joint.note, again.checkpoints.store.key
    )
    children.finished("retire-stolen")
    again.checkpoints.keep()
    assert verified(again).entries
    assert verify_directory(
        exported(again, tmp_path / "export"), trusting(again.checkpoints.store.key)
    ).entries
    again.close()


def test_a_half_written_head_is_no_head(services: Services, clock: Clock) -> None:
    rotate(services)
    a_token(services, NURSE)
    before = services.checkpoints.store.newest()

    Children(services).killed_at("while-keeping-a-head", "retire-stolen")

    assert services.checkpoints.store.newest() == before
    again = start_again(services, clock)
    assert verified(again).signed == verified(again).entries
    again.close()
