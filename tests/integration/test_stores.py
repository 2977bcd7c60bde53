"""Keystore, database and checkpoints: whichever is older than the rest is noticed and named."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from brokers import KEEPER_OF_KEYS, NURSE, Clock, a_token, settings_for
from callers import a_caller
from ceremonies import hold_ceremony
from children import Children
from packs import pack_bytes
from referrals import submit
from tampering import lose_from

from audit.errors import RestoreRefusedError
from broker.ledger.stores import OlderStoreError, Store
from broker.operations.backup import backup, restore
from broker.operations.installation import begin
from broker.wiring import Services, assemble
from keys import KeyState, Purpose, TokenRefusedError

OLDER = [
    {Store.KEYSTORE},
    {Store.DATABASE},
    {Store.CHECKPOINTS},
    {Store.KEYSTORE, Store.DATABASE},
    {Store.KEYSTORE, Store.CHECKPOINTS},
    {Store.DATABASE, Store.CHECKPOINTS},
]
SAID = {
    Store.KEYSTORE: "keystore",
    Store.DATABASE: "database",
    Store.CHECKPOINTS: "checkpoints",
}
NAMES = ["+".join(sorted(older)) for older in OLDER]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Copies of keystore and checkpoints, and the size of the ledger, as of one moment."""

    keystore: Path
    checkpoints: Path
    size: int

    @classmethod
    def of(cls, services: Services, folder: Path) -> "Earlier":
        size = services.checkpoints.keep().checkpoint.size
        shutil.copytree(services.home.keystore, folder / "keystore")
        shutil.copytree(services.home.checkpoints, folder / "checkpoints")
        return cls(folder / "keystore", folder / "checkpoints", size)

    def put_back(self, services: Services, *stores: Store) -> None:
        if Store.DATABASE in stores:
            lose_from(services, self.size)
        for store, copy, place in (
            (Store.KEYSTORE, self.keystore, services.home.keystore),
            (Store.CHECKPOINTS, self.checkpoints, services.home.checkpoints),
        ):
            if store in stores:
                shutil.rmtree(place)
                shutil.copytree(copy, place)


@pytest.fixture(name="earlier")
def _earlier(services: Services, tmp_path: Path) -> Earlier:
    """The stores of an hour ago; two heads were published since."""
    a_token(services, NURSE)
    earlier = Earlier.of(services, tmp_path / "earlier")
    for _ in range(2):
        a_token(services, NURSE)
        services.checkpoints.keep()
    return earlier


@pytest.fixture(name="start")
def _start(services: Services, clock: Clock) -> Iterator[Callable[[], Services]]:
    started: list[Services] = []

    def start() -> Services:
        again = assemble(
            settings_for(services.home.path, services.settings.database_url), clock=clock
        )
        started.append(again)
        begin(again)
        again.checkpoints.keep()
        return again

    yield start
    for one in started:
        one.close()


def types_of(services: Services) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.ledger.entries()]


@pytest.mark.parametrize("older", OLDER, ids=NAMES)
def test_a_store_that_is_older_than_the_rest_is_named(
    services: Services, earlier: Earlier, start: Callable[[], Services], older: set[Store]
) -> None:
    earlier.put_back(services, *older)

    with pytest.raises(OlderStoreError, match="broker ledger restore-ceremony") as caught:
        start()

    assert caught.value.older == older
    first, _, rest = str(caught.value).partition(" older")
    assert rest
    assert {store for store, word in SAID.items() if word in first.lower()} == older


def test_stores_of_one_time_start(
    services: Services, earlier: Earlier, start: Callable[[], Services]
) -> None:
    assert start().checkpoints.keep().note
    # All three as of an hour ago: only a head that somebody else holds could tell.
    earlier.put_back(services, *Store)
    assert start().checkpoints.keep().note


@pytest.mark.parametrize("older", OLDER, ids=NAMES)
def test_nothing_is_decided_sent_or_told_while_a_store_is_older(
    services: Services, earlier: Earlier, older: set[Store]
) -> None:
    submit(services)
    nurse = a_caller(services)
    services.checkpoints.keep()
    earlier.put_back(services, *older - {Store.DATABASE})
    if Store.DATABASE in older:
        lose_from(services, earlier.size)
    with pytest.raises(OlderStoreError):
        services.checkpoints.keep()

    answer = nurse.submit(pack_bytes(again="Another matter."), key="key-00000009")
    ready = nurse.client.get("/readyz").json

    assert (answer.status_code, answer.json and answer.json["type"].rpartition(":")[2]) in {
        (503, "ledger-at-fault"),
        (401, "token-refused"),
    }
    assert ready is not None
    assert "stores-differ" in ready["faults"]
    assert list(services.home.pickup.iterdir()) == []


@pytest.mark.parametrize("older", OLDER, ids=NAMES)
def test_two_people_let_it_go_on_and_the_ledger_says_so(
    services: Services, earlier: Earlier, start: Callable[[], Services], older: set[Store]
) -> None:
    name = services.checkpoints.store.key
    earlier.put_back(services, *older)

    with pytest.raises(OlderStoreError):
        start()
    key = hold_ceremony(services)

    again = start()
    assert "stores.confirmed" in types_of(again)
    assert (key == name) == (Store.DATABASE not in older)
    assert submit(again).characters
    assert again.log.verified().entries
    with pytest.raises(RestoreRefusedError):
        hold_ceremony(again)


def test_an_emptied_folder_of_checkpoints_is_an_older_one(
    services: Services, earlier: Earlier, start: Callable[[], Services]
) -> None:
    earlier.put_back(services, Store.DATABASE)
    for path in services.home.checkpoints.glob("0*"):
        path.unlink()

    with pytest.raises(OlderStoreError) as caught:
        start()

    assert caught.value.older == {Store.DATABASE, Store.CHECKPOINTS}


@pytest.mark.parametrize("purpose", [Purpose.TOKEN, Purpose.LEDGER])
def test_a_stolen_key_in_an_older_keystore_does_not_revive(
    services: Services, tmp_path: Path, start: Callable[[], Services], purpose: Purpose
) -> None:
    stolen = services.keystore.signing_key(purpose)
    token = a_token(services, NURSE)
    earlier = Earlier.of(services, tmp_path / "earlier")
    services.signing_keys.rotate(purpose, KEEPER_OF_KEYS)
    services.checkpoints.retire_key(stolen.kid, KEEPER_OF_KEYS, compromised=True)
    services.checkpoints.keep()
    earlier.put_back(services, Store.KEYSTORE)

    with pytest.raises(OlderStoreError) as caught:
        start()
    assert caught.value.older == {Store.KEYSTORE}
    hold_ceremony(services)

    again = start()
    states = {key.kid: key.state for key in again.keystore.public_keys(purpose).values()}
    assert states[stolen.kid].is_over
    if purpose is Purpose.TOKEN:
        assert states[stolen.kid] is KeyState.COMPROMISED
        with pytest.raises(TokenRefusedError):
            again.tokens.verify(token)
    assert again.tokens.verify(a_token(again, NURSE)).id == NURSE.id
    again.checkpoints.keep()
    assert again.log.verified().entries


def test_a_keystore_that_lost_a_change_of_keys_is_older_although_no_head_followed(
    services: Services, tmp_path: Path, start: Callable[[], Services]
) -> None:
    earlier = Earlier.of(services, tmp_path / "earlier")
    services.signing_keys.rewrap(KEEPER_OF_KEYS)
    earlier.put_back(services, Store.KEYSTORE)

    with pytest.raises(OlderStoreError) as caught:
        start()

    assert caught.value.older == {Store.KEYSTORE}


@pytest.mark.parametrize(
    ("action", "stop"),
    [
        ("rotate", "with-a-key-changed"),
        ("retire-stolen", "with-a-key-changed"),
        ("rewrap", "with-a-key-changed"),
        ("keep", "with-a-mark-written"),
    ],
)
def test_a_crash_between_keystore_and_database_stops_no_honest_installation(
    services: Services, start: Callable[[], Services], action: str, stop: str
) -> None:
    if action == "retire-stolen":
        services.signing_keys.rotate(Purpose.LEDGER, KEEPER_OF_KEYS)
    a_token(services, NURSE)
    Children(services).killed_at(stop, action)
    a_token(services, NURSE)
    if action != "retire-stolen":
        Children(services).killed_at(stop, action)
        a_token(services, NURSE)

    again = start()

    assert submit(again).characters
    epochs = types_of(again).count("keystore.changed")
    assert epochs == again.keystore.standing().epoch
    assert again.log.verified().entries


def test_a_matching_backup_restores_with_ease_however_often_heads_were_kept_meanwhile(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    sqlite_broker.signing_keys.rotate(Purpose.TOKEN, KEEPER_OF_KEYS)
    written = backup(sqlite_broker, tmp_path / "backup")
    # The gateway went on serving while the database was copied.
    a_token(sqlite_broker, NURSE)
    kept = sqlite_broker.checkpoints.keep()
    with (
        closing(sqlite3.connect(sqlite_broker.home.path / "broker.db")) as source,
        closing(sqlite3.connect(written.database / "broker.db")) as copy,
    ):
        source.backup(copy)

    settings = settings_for(tmp_path / "again")
    restore(settings, database=written.database, keystore=written.keystore)

    again = assemble(settings, clock=clock)
    begin(again)
    assert again.checkpoints.keep().checkpoint.size >= kept.checkpoint.size
    assert submit(again).characters
    again.close()


def test_a_keystore_of_another_backup_is_noticed_after_a_restore(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    older = backup(sqlite_broker, tmp_path / "older")
    a_token(sqlite_broker, NURSE)
    newer = backup(sqlite_broker, tmp_path / "newer")
    settings = settings_for(tmp_path / "again")
    restore(settings, database=newer.database, keystore=older.keystore)

    again = assemble(settings, clock=clock)
    with pytest.raises(OlderStoreError) as caught:
        begin(again)

    assert Store.KEYSTORE in caught.value.older
    again.close()
