"""Sessions of people who are signed in: kept on the server, known by the digest of a random name.

A session ends after its idle time, after eight hours, with sign-out, with any change of the
account, and with the person or the role. What a person may do with a case is never kept in it.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from audit.errors import LedgerError
from broker.domain.model import Person
from broker.domain.people.accounts import Session, SessionRow
from broker.domain.people.errors import (
    NotSignedInError,
    RoleNotChosenError,
    RowDoubtedError,
    StepUpNeededError,
    UnknownPersonError,
)
from broker.domain.people.people import RoleHolding, RoleId
from broker.domain.times import Clock, uk_day
from broker.ledger import people_events
from broker.storage.transaction import Transaction, Transactions
from keys import PersonId

IDLE: Final = timedelta(minutes=15)
"""How long a session counts unused, unless the organisation allows more."""

ABSOLUTE: Final = timedelta(hours=8)
"""How long a session counts at all."""

FRESH: Final = timedelta(minutes=5)
"""How long a sign-in counts as a step-up, and how long a step-up waits for its action."""

_NOTED_AFTER: Final = timedelta(seconds=30)
_TOKEN_BYTES: Final = 32

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Begins, reads and ends sessions; a token is what a browser's cookie holds."""

    transaction: Transactions
    clock: Clock
    idle: timedelta = IDLE

    def of(self, token: str) -> Session:
        """Return who is signed in, and note that they were seen; raises `NotSignedInError`."""
        with self.transaction() as tx:
            session = self._read(tx, token)
            now = self.clock()
            if now - session.row.seen_at > _NOTED_AFTER:
                tx.sessions.put(replace(session.row, seen_at=now))
        return session

    def caller(self, token: str) -> Person:
        """Return as whom somebody acts; raises as `of`, and `RoleNotChosenError`."""
        session = self.of(token)
        if session.caller is None:
            raise RoleNotChosenError
        return session.caller

    def lately_of(self, token: str) -> Person | None:
        """Return as whom somebody acted whose session its idle time alone has ended, else None.

        It lets nobody in: what they typed before is kept for them, and nothing is shown.
        """
        with self.transaction() as tx:
            try:
                row = tx.sessions.session(_digest(token))
            except RowDoubtedError:
                return None
            if row is None or not row.began_at <= self.clock() < row.began_at + ABSOLUTE:
                return None
            account = tx.accounts.of_person(row.person)
            if account is None or account.version != row.account_version:
                return None
            try:
                return self._caller(tx, row)
            except NotSignedInError:
                return None

    def roles(self, token: str) -> tuple[RoleHolding, ...]:
        """Return the roles among which whoever is signed in may choose; raises as `of`."""
        with self.transaction() as tx:
            session = self._read(tx, token)
            return standing_roles(tx, session.person, self.clock())

    def choose(self, token: str, role: RoleId) -> str:
        """Let somebody act in one of their roles, and return the session's new token.

        Raises as `of`, and `UnknownPersonError` for a role that is not theirs today.
        """
        with self.transaction() as tx:
            session = self._read(tx, token)
            held = {held.id: held for held in standing_roles(tx, session.person, self.clock())}
            if role not in held:
                raise UnknownPersonError
            tx.sessions.drop(session.row.digest)
            chosen = replace(session.row, role=role, role_version=held[role].version)
            return self._anew(tx, chosen)

    def begin(self, tx: Transaction, person: PersonId, account_version: int) -> str:
        """Begin a session and return its token; somebody with one role acts in it at once."""
        now = self.clock()
        tx.sessions.drop_before(now - ABSOLUTE, now)
        held = standing_roles(tx, person, now)
        only = held[0] if len(held) == 1 else None
        row = SessionRow(
            digest="",
            person=person,
            account_version=account_version,
            role=None if only is None else only.id,
            role_version=0 if only is None else only.version,
            began_at=now,
            seen_at=now,
            fresh_until=None,
        )
        return self._anew(tx, row)

    def end(self, token: str) -> None:
        """Sign somebody out, everywhere: with the account's version every session of theirs ends.

        An old row that is put back names an older version. Nobody need be signed in.
        """
        try:
            with self.transaction() as tx:
                session = self._read(tx, token)
                account = tx.accounts.of_person(session.person)
                tx.sessions.drop_of(session.person)
                if account is not None:
                    mark = tx.accounts.put(replace(account, version=account.version + 1))
                    tx.append(
                        people_events.account_changed(
                            session.person, mark, "signed-out", session.person
                        )
                    )
        except NotSignedInError:
            return
        except LedgerError:
            # The row goes all the same: whoever leaves a desk must not stay signed in there.
            with self.transaction() as tx:
                tx.sessions.drop(_digest(token))

    def stepped_up(self, tx: Transaction, token: str) -> str:
        """Let the next action go that needs a code of this moment; return the new token."""
        session = self._read(tx, token)
        tx.sessions.drop(session.row.digest)
        return self._anew(tx, replace(session.row, fresh_until=self.clock() + FRESH))

    def is_fresh(self, token: str) -> bool:
        """Say whether `spend_step_up` would let an action go now; raises `NotSignedInError`."""
        with self.transaction() as tx:
            return self._is_fresh(self._read(tx, token).row)

    def _is_fresh(self, row: SessionRow) -> bool:
        now = self.clock()
        stepped_up = row.fresh_until is not None and now <= row.fresh_until
        return stepped_up or now - row.began_at <= FRESH

    def spend_step_up(self, token: str) -> None:
        """Return if an action may go that needs a code of this moment; raises `StepUpNeededError`.

        Signing in counts for five minutes; after that each action needs a step-up of its own.
        """
        with self.transaction() as tx:
            row, now = self._read(tx, token).row, self.clock()
            if not self._is_fresh(row):
                raise StepUpNeededError
            if now - row.began_at <= FRESH:
                return
            tx.sessions.put(replace(row, fresh_until=None, seen_at=now))

    def _anew(self, tx: Transaction, row: SessionRow) -> str:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        tx.sessions.put(replace(row, digest=_digest(token), seen_at=self.clock()))
        return token

    def _read(self, tx: Transaction, token: str) -> Session:
        try:
            row = tx.sessions.session(_digest(token))
        except RowDoubtedError:
            _log.error("session_row_doubted")
            raise NotSignedInError from None
        if row is None or not self._is_in_time(row):
            raise NotSignedInError
        account = tx.accounts.of_person(row.person)
        person = tx.people.find(row.person)
        if account is None or account.version != row.account_version:
            raise NotSignedInError
        if person is None or person.disabled_on is not None:
            raise NotSignedInError
        return Session(row=row, person=row.person, caller=self._caller(tx, row))

    def _caller(self, tx: Transaction, row: SessionRow) -> Person | None:
        if row.role is None:
            return None
        held = tx.people.role(row.role)
        is_same = held.person == row.person and held.version == row.role_version
        if not is_same or not held.stands_on(uk_day(self.clock())):
            raise NotSignedInError
        return Person(id=row.person, agency=held.agency, role=held.role)

    def _is_in_time(self, row: SessionRow) -> bool:
        now = self.clock()
        return (
            row.began_at <= now < row.began_at + ABSOLUTE
            and row.seen_at <= now <= row.seen_at + self.idle
        )


def standing_roles(tx: Transaction, person: PersonId, now: datetime) -> tuple[RoleHolding, ...]:
    """Return the roles that a person may act in today."""
    return tuple(held for held in tx.people.roles_of(person) if held.stands_on(uk_day(now)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
