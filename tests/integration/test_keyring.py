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
from audit.format.checkpoint import open_checkpoint
from audit.format.note import VerifierKey
from audit.format.receipt import Receipt, verify_receipt
from audit.format.trust_policy import NO_QUORUM, TrustPolicy
from audit.log.checkpoint_store import CheckpointKeeper
from audit.log.export import export
from audit.log.verification import verify_database
from audit.verify.export import verify_directory
from audit.verify.export_folder import ExportedFolder
from audit.verify.report import Report
from broker.domain.errors import KeyNeededError, RulesUnavailableError
from broker.wiring import Services, assemble
from keys import (
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


def rotate(made: Services, purpose: Purpose = Purpose.LEDGER) -> SigningKey:
    """Rotate, keep a head, and return the key that was active before."""
    before = made.keystore.signing_key(purpose)
    made.keyring.rotate(purpose, KEEPER_OF_KEYS)
    made.keep_checkpoint()
    return before


def retire(made: Services, key: SigningKey, *, compromised: bool = False) -> None:
    made.retire_key(key.kid, KEEPER_OF_KEYS, compromised=compromised)
    made.keep_checkpoint()


def states_of(made: Services, purpose: Purpose) -> list[KeyState]:
    return [key.state for key in made.keystore.public_keys(purpose).values()]


def key_events(made: Services) -> list[dict[str, object]]:
    with made.transaction() as tx:
        events = [dict(entry.event) for entry in tx.ledger.entries()]
    return [event for event in events if str(event["type"]).startswith("key.")]


def exported(made: Services, folder: Path) -> ExportedFolder:
    with made.transaction.database.reading() as connection:
        log = made.transaction.on(connection).ledger
        keeper = made.keeper
        export(log, list(keeper.all()), keeper.key, folder, former=keeper.former)
    return ExportedFolder(path=folder)


def verified(made: Services) -> Report:
    keeper = made.keeper
    with made.transaction.database.reading() as connection:
        return verify_database(
            connection,
            [kept.checkpoint for kept in keeper.all()],
            keeper.key,
            former=(*keeper.former, *keeper.disowned),
        )


def test_a_head_bears_both_signatures_until_the_old_key_is_retired(made: Services) -> None:
    old = made.keeper.key
    outgoing = rotate(made)
    joint = made.keep_checkpoint()
    retire(made, outgoing)
    alone = made.keep_checkpoint()

    new = made.keeper.key
    assert open_checkpoint(joint.note, old) == open_checkpoint(joint.note, new)
    assert open_checkpoint(alone.note, new).size > joint.checkpoint.size
    with pytest.raises(SignatureRefusedError):
        open_checkpoint(alone.note, old)
    assert verified(made).signed == alone.checkpoint.size


def test_the_ledger_names_the_keys_and_who_changed_them(made: Services) -> None:
    old = made.keeper.key
    outgoing = rotate(made)
    retire(made, outgoing, compromised=True)

    added, retired = key_events(made)
    assert (added["vkey"], added["after"]) == (str(made.keeper.key), str(old))
    assert (retired["vkey"], retired["why"]) == (str(old), "compromised")
    assert {added["by"], retired["by"]} == {"p-keys"}
    assert retired["key"] == outgoing.kid


@pytest.mark.parametrize("which", ["the old key", "the new key"])
def test_an_outsider_with_either_key_verifies_the_whole_export(
    made: Services, tmp_path: Path, which: str
) -> None:
    old = made.keeper.key
    retire(made, rotate(made))
    mine = {"the old key": old, "the new key": made.keeper.key}[which]

    report = verify_directory(exported(made, tmp_path / "export"), trusting(mine))

    assert report.signed == report.entries


def test_a_running_broker_signs_with_the_key_that_another_process_made(
    made: Services, clock: Clock
) -> None:
    running = assemble(made.settings, clock=clock)
    old = running.keeper.key
    rotate(made)

    told = a_caller(running).submit(a_pack()).json
    running.keep_checkpoint()

    receipt = Receipt.parse(told["receipt"].encode())  # type: ignore[index]
    for key in (old, made.keeper.key):
        assert verify_receipt(receipt, trusting(key)).entry.type == "decided"
    assert verified(made).entries == verified(running).entries
    running.close()


def test_three_keys_follow_each_other(made: Services, tmp_path: Path) -> None:
    first = made.keeper.key
    rotate(made)
    rotate(made)

    states = states_of(made, Purpose.LEDGER)
    assert states == [KeyState.VERIFY_ONLY, KeyState.OUTGOING, KeyState.ACTIVE]
    assert verify_directory(exported(made, tmp_path / "export"), trusting(first)).entries


def test_a_stolen_key_vouches_for_no_successor(made: Services, tmp_path: Path) -> None:
    old = made.keeper.key
    before = made.keep_checkpoint()
    retire(made, rotate(made), compromised=True)
    folder = exported(made, tmp_path / "export")

    with pytest.raises(BrokenLedgerError) as caught:
        verify_directory(folder, trusting(old))
    assert caught.value.rule == Rule.POLICY
    assert str(old) not in folder.policy().decode()
    assert before not in list(made.keeper.all())
    assert verify_directory(folder, trusting(made.keeper.key)).entries
    assert verified(made).entries


def forged(made: Services, thief: SigningKey, folder: Path) -> bytes:
    """Return a head of the log as it stands that the thief of a retired key signed."""
    folder.mkdir()
    keeper = CheckpointKeeper(folder, thief, made.keeper.key.name)
    with made.transaction() as tx:
        return keeper.keep(tx.ledger).note


@pytest.mark.parametrize("compromised", [False, True])
def test_a_newer_head_by_a_retired_key_is_refused(
    made: Services, tmp_path: Path, *, compromised: bool
) -> None:
    old, thief = made.keeper.key, rotate(made)
    retire(made, thief, compromised=compromised)
    rotate(made, Purpose.TOKEN)
    note = forged(made, thief, tmp_path / "thief")
    folder = exported(made, tmp_path / "export")

    with pytest.raises(BrokenLedgerError) as caught:
        verify_directory(folder, trusting(old, made.keeper.key), older=[note])

    added, *_ = [event for event in key_events(made) if event["purpose"] == "ledger"]
    with made.transaction() as tx:
        entry = tx.ledger.entry_of(str(added["id"]))
    assert entry is not None
    assert (caught.value.first_bad, caught.value.rule) == (entry.seq, Rule.KEY)


def test_a_thief_with_a_hand_in_the_database_is_found(made: Services, tmp_path: Path) -> None:
    thief = rotate(made)
    retire(made, thief)
    made.keyring.rotate(Purpose.TOKEN, KEEPER_OF_KEYS)
    note = forged(made, thief, tmp_path / "thief")
    with made.transaction() as tx:
        tx.ledger.record_checkpoint(tx.ledger.head().size, note)

    with pytest.raises(BrokenLedgerError) as caught:
        verified(made)

    assert caught.value.rule == Rule.KEY


def test_a_token_outlives_the_rotation_of_its_key_but_not_its_theft(
    made: Services, clock: Clock
) -> None:
    token = a_token(made, NURSE)
    old = rotate(made, Purpose.TOKEN)
    assert made.verify_token(token).person == NURSE.id
    assert made.verify_token(a_token(made, NURSE)).person == NURSE.id

    retire(made, old, compromised=True)
    with pytest.raises(TokenRefusedError):
        made.verify_token(token)
    clock.forward(timedelta(minutes=16))
    assert made.verify_token(a_token(made, NURSE)).person == NURSE.id


def test_a_key_that_waits_signs_no_token(made: Services) -> None:
    waiting = made.keystore.prepare(Purpose.TOKEN, made.clock())

    assert made.keystore.signing_key(Purpose.TOKEN).kid != waiting.kid
    assert states_of(made, Purpose.TOKEN) == [KeyState.ACTIVE, KeyState.PENDING]


def test_a_key_that_the_rules_rest_on_is_kept_until_they_are_signed_anew(made: Services) -> None:
    old = rotate(made, Purpose.POLICY)

    with pytest.raises(KeyNeededError, match="broker policy activate sha256:"):
        retire(made, old)

    made.rulebooks.activate(made.rulebook, KEEPER_OF_KEYS, GUARDIAN)
    retire(made, old)
    assert made.rulebook.version


def test_rules_that_a_stolen_key_signed_are_in_force_no_more(made: Services) -> None:
    old = rotate(made, Purpose.POLICY)

    retire(made, old, compromised=True)

    with pytest.raises(RulesUnavailableError, match="no longer believed"):
        _ = made.rulebook


def test_a_key_that_signs_or_is_not_there_cannot_be_retired(made: Services) -> None:
    with pytest.raises(KeyInUseError):
        retire(made, made.keystore.signing_key(Purpose.LEDGER))
    with pytest.raises(UnknownKeyError):
        made.retire_key(made.keystore.identity, KEEPER_OF_KEYS, compromised=True)  # type: ignore[arg-type]
    assert key_events(made) == []


def test_a_retired_key_may_be_found_stolen_later(made: Services) -> None:
    old = rotate(made)
    retire(made, old)
    retire(made, old, compromised=True)
    retire(made, old)

    assert [event.get("why") for event in key_events(made)] == [None, "rotated", "compromised"]
    assert states_of(made, Purpose.LEDGER) == [KeyState.COMPROMISED, KeyState.ACTIVE]


@pytest.mark.parametrize("purpose", Purpose)
def test_a_rotation_that_was_cut_short_goes_on_with_the_same_key(
    made: Services, purpose: Purpose
) -> None:
    waiting = made.keystore.prepare(purpose, made.clock())

    made.begin()
    assert key_events(made) == []
    assert made.keyring.rotate(purpose, KEEPER_OF_KEYS).kid == waiting.kid

    assert [event["key"] for event in key_events(made)] == [waiting.kid]


def start_again(made: Services, clock: Clock) -> Services:
    again = assemble(settings_for(made.home.path, made.settings.database_url), clock=clock)
    again.begin()
    again.keep_checkpoint()
    return again


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_rotation_that_is_killed_is_finished_or_never_was(
    made: Services, clock: Clock, tmp_path: Path, moment: str
) -> None:
    old, children = made.keeper.key, Children(made)
    children.killed_at(f"{moment}-commit-of-key.add", "rotate")

    again = start_again(made, clock)
    recorded = len(key_events(again))
    assert recorded == (0 if moment == "before" else 1)
    assert (again.keeper.key == old) == (moment == "before")
    if moment == "before":
        children.finished("rotate")

    assert [event["by"] for event in key_events(again)] == ["p-keys"]
    again.keep_checkpoint()
    assert verified(again).entries
    assert verify_directory(exported(again, tmp_path / "export"), trusting(old)).entries
    again.close()


def test_no_head_lacks_the_new_key_while_a_rotation_is_half_done(
    made: Services, clock: Clock
) -> None:
    Children(made).killed_at("after-commit-of-key.add", "rotate")

    made.keep_checkpoint()

    assert states_of(made, Purpose.LEDGER) == [KeyState.ACTIVE, KeyState.PENDING]
    again = start_again(made, clock)
    assert verified(again).entries
    again.close()


def test_a_rotation_that_meets_another_follows_the_key_of_that_one(
    made: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, prepare = made.keeper.key, Keystore.prepare

    def after_another(keystore: Keystore, purpose: Purpose, now: datetime) -> SigningKey:
        monkeypatch.setattr(Keystore, "prepare", prepare)
        rotate(made)
        return keystore.prepare(purpose, now)

    monkeypatch.setattr(Keystore, "prepare", after_another)
    made.keyring.rotate(Purpose.LEDGER, KEEPER_OF_KEYS)

    first, second = key_events(made)
    assert (first["after"], second["after"]) == (str(old), first["vkey"])
    made.keep_checkpoint()
    assert verified(made).entries
    assert verify_directory(exported(made, tmp_path / "export"), trusting(old)).entries


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_stolen_key_is_given_up_before_it_is_recorded(
    made: Services, clock: Clock, moment: str
) -> None:
    rotate(made)
    Children(made).killed_at(f"{moment}-commit-of-key.retire", "retire-stolen")
    assert states_of(made, Purpose.LEDGER) == [KeyState.COMPROMISED, KeyState.ACTIVE]

    again = start_again(made, clock)

    _, retired = key_events(again)
    assert retired["why"] == "compromised"
    assert retired.get("by") == (None if moment == "before" else "p-keys")
    assert verified(again).entries
    again.close()


def test_no_key_ends_before_a_head_that_both_signed_is_kept(
    made: Services, clock: Clock, tmp_path: Path
) -> None:
    old, children = made.keeper.key, Children(made)
    made.keyring.rotate(Purpose.LEDGER, KEEPER_OF_KEYS)

    children.killed_at("while-keeping-a-head", "retire-stolen")
    assert states_of(made, Purpose.LEDGER) == [KeyState.OUTGOING, KeyState.ACTIVE]

    again = start_again(made, clock)
    joint = again.keep_checkpoint()
    assert open_checkpoint(joint.note, old) == open_checkpoint(joint.note, again.keeper.key)
    children.finished("retire-stolen")
    again.keep_checkpoint()
    assert verified(again).entries
    assert verify_directory(
        exported(again, tmp_path / "export"), trusting(again.keeper.key)
    ).entries
    again.close()


def test_a_half_written_head_is_no_head(made: Services, clock: Clock) -> None:
    rotate(made)
    a_token(made, NURSE)
    before = made.keeper.newest()

    Children(made).killed_at("while-keeping-a-head", "retire-stolen")

    assert made.keeper.newest() == before
    again = start_again(made, clock)
    assert verified(again).signed == verified(again).entries
    again.close()
