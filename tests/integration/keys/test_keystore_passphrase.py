from datetime import datetime
from pathlib import Path

import pytest

from keys import (
    Keystore,
    KeystoreDamagedError,
    ScryptCost,
    WeakPassphraseError,
    WrongPassphraseError,
)
from keys.keystore.root_key import Derivation
from keys.keystore.sqlite_file import connected


def test_the_right_passphrase_opens(locked: Keystore, folder: Path, passphrase: str) -> None:
    assert Keystore.open(folder, passphrase).identity == locked.identity


def test_a_passphrase_counts_however_its_letters_are_composed(
    folder: Path, noon: datetime, cheap: ScryptCost
) -> None:
    Keystore.create(folder, "caf\u00e9-made-up-words", now=noon, cost=cheap)

    Keystore.open(folder, "cafe\u0301-made-up-words").check_integrity()


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize(
    "given",
    [
        pytest.param("made-up-words-for-tests-onlY", id="a letter differs"),
        pytest.param("", id="empty"),
        pytest.param(None, id="none"),
    ],
)
def test_any_other_passphrase_is_refused(folder: Path, given: str | None) -> None:
    with pytest.raises(WrongPassphraseError):
        Keystore.open(folder, given)


@pytest.mark.usefixtures("filed")
def test_a_passphrase_that_nobody_set_is_refused(folder: Path, passphrase: str) -> None:
    with pytest.raises(WrongPassphraseError, match="has no passphrase"):
        Keystore.open(folder, passphrase)


def test_a_short_passphrase_is_refused_before_anything_is_made(
    folder: Path, noon: datetime
) -> None:
    with pytest.raises(WeakPassphraseError, match="six random words"):
        Keystore.create(folder, "eleven-long", now=noon)

    assert not folder.exists()


def test_twelve_characters_are_enough(folder: Path, noon: datetime, cheap: ScryptCost) -> None:
    Keystore.create(folder, "twelve-chars", now=noon, cost=cheap)

    Keystore.open(folder, "twelve-chars").check_integrity()


def test_the_usual_cost_is_the_one_promised() -> None:
    assert ScryptCost() == ScryptCost(n=2**17, r=8, p=1)


def test_scrypt_is_the_one_of_its_standard(passphrase: str) -> None:
    # RFC 7914, section 12, third vector; the root takes the first 32 of its 64 bytes.
    way = Derivation(salt=b"NaCl", cost=ScryptCost(n=1024, r=8, p=16))

    root = way.root("password")

    assert root.material.hex() == (
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
    )
    assert root.key_id != way.root(passphrase).key_id


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize(
    "cost",
    [
        pytest.param("scrypt_n = 1 << 30", id="n too dear"),
        pytest.param("scrypt_r = 1 << 20", id="r too dear"),
        pytest.param("scrypt_p = 1 << 20", id="p too dear"),
        pytest.param("scrypt_n = 3", id="n no power of two"),
        pytest.param("scrypt_r = 0", id="r zero"),
    ],
)
def test_a_cost_that_nobody_wrote_is_damage(folder: Path, passphrase: str, cost: str) -> None:
    with connected(folder / "keystore.db") as connection:
        connection.execute(f"UPDATE head SET {cost}")  # noqa: S608 - a literal above

    with pytest.raises(KeystoreDamagedError, match="cost of the passphrase"):
        Keystore.open(folder, passphrase)
