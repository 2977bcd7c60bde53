"""Passwords: what is taken for one, and argon2id so that a stolen hash is slow to guess."""

import base64
import re
import secrets
import threading
import unicodedata
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from argon2 import DEFAULT_HASH_LENGTH as _DIGEST
from argon2 import DEFAULT_RANDOM_SALT_LENGTH as _SALT
from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION  # pyright: ignore[reportUnknownVariableType]  # of C

from broker.domain.errors import OverloadedError
from broker.domain.people.errors import WeakPasswordError

SHORTEST: Final = 15
LONGEST: Final = 256
FEWEST_LETTERS: Final = 6
TOGETHER: Final = 2
"""How many passwords are hashed at a time: each takes the memory of its cost, and a core."""

AT_HAND: Final = TOGETHER + 6
"""How many are hashed or wait for it; who comes then is told so, and holds nobody else up."""

_COMMON: Final = re.compile(
    "password|passwort|passw0rd|qwertyuiop|qwerty|asdfghjkl|asdfgh|zxcvbnm|azerty|letmein|welcome"
    "|iloveyou|monkey|dragon|football|baseball|superman|batman|princess|sunshine|liverpool"
    "|arsenal|chelsea|charlie|michael|trustno|master|login|admin|secret|changeme|default|abc"
    "|nhs|hospital|safeguarding|prevent|channel|police|school|teacher|nurse|winter|spring|summer"
    "|autumn|january|february|monday|london|england"
)
"""Words with which guessing begins, those of this work among them."""


def check_password(password: str, *, not_in_it: tuple[str, ...] = ()) -> str:
    """Return `password` in its one spelling (NFC), or raise `WeakPasswordError`.

    `not_in_it` are words that anybody would try: the person's name and address.
    """
    text = unicodedata.normalize("NFC", password)
    if len(text) < SHORTEST:
        raise WeakPasswordError(
            f"Use at least {SHORTEST} characters. Four words that do not belong together are good."
        )
    if len(text) > LONGEST:
        raise WeakPasswordError(f"Use at most {LONGEST} characters.")
    if any(unicodedata.category(letter).startswith("C") for letter in text):
        raise WeakPasswordError("Leave out characters that cannot be seen.")
    left = text.casefold()
    for word in not_in_it:
        left = left.replace(word.casefold(), "")
    left = re.sub(r"[^\w]|[\d_]", "", _COMMON.sub("", left))
    if len(set(left)) < FEWEST_LETTERS:
        raise WeakPasswordError(
            "This is among the first that somebody would guess. Use four words that do not "
            "belong together, and none of your name or work."
        )
    return text


def _random(length: int) -> str:
    return base64.b64encode(secrets.token_bytes(length)).decode("ascii").rstrip("=")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordCost:
    """What a guess costs; 64 MiB and three passes take a fifth of a second on one core."""

    passes: int = 3
    kibibytes: int = 65_536


@dataclass(frozen=True, kw_only=True)
class Passwords:
    """Hashes passwords and compares them, two at a time, so that memory stays bounded.

    Each way of it raises `OverloadedError` where as many wait as may.
    """

    cost: PasswordCost = field(default_factory=PasswordCost)
    _turns: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(TOGETHER), repr=False
    )
    _places: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(AT_HAND), repr=False
    )

    def hash(self, password: str) -> str:
        """Return the argon2id hash of a password, with its cost and a fresh salt in it."""
        with self._turn():
            return self._hasher.hash(password)

    def is_right(self, stored: str | None, password: str) -> bool:
        """Say whether a password is the one of a hash; without a hash, as slowly, that it is not.

        Nobody can tell by the time whether there is an account.
        """
        text = unicodedata.normalize("NFC", password[: LONGEST + 1])
        with self._turn():
            try:
                self._hasher.verify(self._nobody if stored is None else stored, text)
            except (VerificationError, InvalidHashError):
                return False
        return stored is not None

    @contextmanager
    def _turn(self) -> Generator[None]:
        if not self._places.acquire(blocking=False):
            raise OverloadedError
        try:
            with self._turns:
                yield
        finally:
            self._places.release()

    @cached_property
    def _hasher(self) -> PasswordHasher:
        return PasswordHasher(
            time_cost=self.cost.passes,
            memory_cost=self.cost.kibibytes,
            parallelism=1,
            type=Type.ID,
        )

    @cached_property
    def _nobody(self) -> str:
        """Return the hash of no password, at the cost of any other; nothing is hashed for it."""
        cost = f"m={self.cost.kibibytes},t={self.cost.passes},p=1"
        return f"$argon2id$v={ARGON2_VERSION}${cost}${_random(_SALT)}${_random(_DIGEST)}"
