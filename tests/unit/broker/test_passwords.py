"""What is taken for a password, and that a wrong one costs as much as a right one."""

import unicodedata

import pytest

from broker.access.passwords import LONGEST, PasswordCost, Passwords, check_password
from broker.domain.people.errors import WeakPasswordError

CHEAP = Passwords(cost=PasswordCost(passes=1, kibibytes=64))
GOOD = "umbrella gravel seventh kite"


@pytest.mark.parametrize(
    "password", [GOOD, "x7-Kd9!qPz2#mRt", "å" * 10 + " gravel kite sol", "m" + GOOD * 2]
)
def test_long_and_unlikely_passwords_are_taken(password: str) -> None:
    assert check_password(password) == unicodedata.normalize("NFC", password)


@pytest.mark.parametrize(
    "password",
    [
        "fourteen chars",
        "passwordpassword",
        "Password123456789!",
        "qwertyuiop123456",
        "nhs hospital safeguarding 2026",
        "ababababababababab",
        "1234567890123456789",
        f"{GOOD}\n",
        "x" * (LONGEST + 1),
    ],
)
def test_what_somebody_would_guess_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        check_password(password)


def test_ones_own_name_does_not_count_towards_a_password() -> None:
    assert check_password("mira specimen 2026 gravel")
    with pytest.raises(WeakPasswordError):
        check_password("mira specimen 2026", not_in_it=("Mira", "Specimen"))


def test_a_password_is_right_however_its_letters_are_composed() -> None:
    hashed = CHEAP.hash(unicodedata.normalize("NFC", "réservé gravel kite"))

    assert CHEAP.is_right(hashed, unicodedata.normalize("NFD", "réservé gravel kite"))
    assert not CHEAP.is_right(hashed, "reserve gravel kite")


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_without_a_hash_nothing_is_right(stored: str | None) -> None:
    assert not CHEAP.is_right(stored, GOOD)
    assert not CHEAP.is_right(stored, "")


def test_a_guess_takes_the_memory_and_passes_that_slow_it_down() -> None:
    assert Passwords().hash(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_a_hash_says_its_cost_and_never_the_password() -> None:
    hashed = CHEAP.hash(GOOD)

    assert hashed.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert GOOD not in hashed + repr(CHEAP)
