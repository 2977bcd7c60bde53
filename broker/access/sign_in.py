"""Signing in, and showing again that it is you: address, password and a code that counts once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from broker.access.app_codes import SECRET_BYTES, matching_step
from broker.access.attempts import Attempts
from broker.access.passwords import Passwords
from broker.access.sessions import Sessions
from broker.access.told import told
from broker.domain.people.accounts import Account, sign_in_name
from broker.domain.people.errors import SignInRefusedError, TooManyTriesError
from broker.domain.times import Clock
from broker.storage.transaction import Transaction, Transactions
from keys import IndexKey, PersonId

MOST_FAILURES_IN_A_ROW: Final = 20
"""After so many an account is locked until two administrators open it again."""

_NO_SECRET: Final = bytes(SECRET_BYTES)
_NOBODY: Final = PersonId("nobody")
"""Of whom is asked what is asked of a known person, so that the answer takes as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Lets people in who know their password and hold their app."""

    transaction: Transactions
    clock: Clock
    names: IndexKey
    passwords: Passwords
    attempts: Attempts
    sessions: Sessions

    @told("signed_in", "password-and-code")
    def sign_in(self, address: str, password: str, code: str) -> str:
        """Return the token of a new session.

        Raises `SignInRefusedError`, alike and after as long whatever was wrong, and
        `TooManyTriesError`; and `OverloadedError`, when nothing was tried.
        """
        name = self.names.digest(sign_in_name(address))
        self.attempts.check(name)
        with self.transaction() as tx:
            account = tx.accounts.named(name)
        is_right = self.passwords.is_right(None if account is None else account.password, password)
        try:
            token = self._let_in(account, code, is_right=is_right)
        except SignInRefusedError:
            self.attempts.failed(name)
            raise
        self.attempts.succeeded(name)
        return token

    @told("stepped_up", "code")
    def step_up(self, token: str, code: str) -> str:
        """Let the next action go that needs a code of this moment; return the new token.

        Raises `NotSignedInError`, `SignInRefusedError`, `TooManyTriesError`.
        """
        person = self.sessions.of(token).person
        subject = self.names.digest(b"step-up/" + person.encode())
        self.attempts.check(subject)
        with self.transaction() as tx:
            account = tx.accounts.of_person(person)
            is_taken = account is not None and take_code(tx, account, code, self.clock())
            new = self.sessions.stepped_up(tx, token) if is_taken else None
        if new is None:
            self.attempts.failed(subject)
            raise SignInRefusedError
        return new

    def _let_in(self, account: Account | None, code: str, *, is_right: bool) -> str:
        """Return a session's token; count in the account what went wrong, and never say what."""
        with self.transaction() as tx:
            # For a name that nobody has the same is asked and noted, of nobody.
            subject = _NOBODY if account is None else account.person
            current = tx.accounts.of_person(subject)
            failures = tx.sessions.mark(failures_of(subject))
            person = tx.people.find(subject)
            is_same = current is not None and current == account
            is_active = is_same and person is not None and person.disabled_on is None
            secret = _NO_SECRET if account is None else account.app_secret
            # Compared whatever else is wrong, as all above is read of whomever.
            step = _unused_step(tx, subject, secret, code, self.clock())
            if account is not None and is_active and is_right and step is not None:
                if failures >= MOST_FAILURES_IN_A_ROW:
                    # Only whoever knows everything is told, so that a guess learns nothing.
                    raise TooManyTriesError
                tx.sessions.set_mark(codes_of(account.person), step)
                tx.sessions.set_mark(failures_of(account.person), 0)
                return self.sessions.begin(tx, account.person, account.version)
            more = min(max(failures, 0) + 1, MOST_FAILURES_IN_A_ROW)
            tx.sessions.set_mark(failures_of(subject), more)
        raise SignInRefusedError


def failures_of(person: PersonId) -> str:
    """Return under what the failures of a person in a row are counted."""
    return f"failures/{person}"


def codes_of(person: PersonId) -> str:
    """Return under what the newest code that a person used is remembered."""
    return f"code/{person}"


def take_code(tx: Transaction, account: Account, code: str, now: datetime) -> bool:
    """Say whether a code is the app's of this moment, and let it count this once alone."""
    step = _unused_step(tx, account.person, account.app_secret, code, now)
    if step is not None:
        tx.sessions.set_mark(codes_of(account.person), step)
    return step is not None


def _unused_step(
    tx: Transaction, person: PersonId, secret: bytes, code: str, now: datetime
) -> int | None:
    """Return the step of a code that is the app's of this moment and newer than any used one."""
    newest, step = tx.sessions.mark(codes_of(person)), matching_step(secret, code, now)
    return None if step is None or step <= newest else step
