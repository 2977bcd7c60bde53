"""Accounts: invited by a link that counts once, opened with a password and an app.

The secret in a link is random and kept as its SHA-256 alone. The app's secret is derived from it
by a key of the keystore until the account is opened, so that the page can be shown again.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from broker.access.app_codes import SECRET_BYTES, app_link, matching_step, secret_text
from broker.access.openid.unlinking import unlinked
from broker.access.passwords import Passwords, check_password
from broker.access.sessions import Sessions
from broker.access.sign_in import codes_of, failures_of
from broker.domain.errors import WrongStateError
from broker.domain.model import Person
from broker.domain.people.accounts import (
    Account,
    Invitation,
    InvitationKind,
    RecoveryRequest,
    sign_in_name,
)
from broker.domain.people.errors import (
    InvitationSpentError,
    NotSignedInError,
    SignInRefusedError,
    TwoPeopleNeededError,
    UnknownPersonError,
)
from broker.domain.people.people import PersonRecord
from broker.domain.times import Clock, uk_day
from broker.ledger import people_events
from broker.ledger.events import Event
from broker.storage.transaction import Transaction, Transactions
from keys import IndexKey, PersonId

INVITATION_LIFE: Final = timedelta(hours=72)
"""How long a link counts."""

RECOVERY_LIFE: Final = timedelta(hours=72)
"""How long a request for a recovery waits for the second person."""

_SECRET_BYTES: Final = 32
_SHORTEST_WORD: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """What the page of a link shows: for whom it is, and the secret for their app."""

    person: PersonId
    name: str
    address: str
    kind: InvitationKind
    app_link: str
    app_secret: str

    def __repr__(self) -> str:
        """Name the person by identifier alone."""
        return f"Welcome(person={self.person!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRegister:
    """Invites people, opens their accounts, and lets two people help one who lost theirs."""

    transaction: Transactions
    clock: Clock
    names: IndexKey
    app_codes: IndexKey
    passwords: Passwords
    sessions: Sessions

    def has_account(self, person: PersonId) -> bool:
        """Say whether a person has an account."""
        with self.transaction() as tx:
            return tx.accounts.of_person(person) is not None

    def invite(self, person: PersonId, by: Person) -> str:
        """Return the secret of a link that opens a person's first account within 72 hours.

        Raises `UnknownPersonError`, and `WrongStateError` for somebody who has an account.
        """
        with self.transaction() as tx:
            _active(tx, person, by)
            if tx.accounts.of_person(person) is not None:
                raise WrongStateError(
                    "This person has an account. If they cannot use it, two administrators give "
                    "them a new link: one asks for it, the other confirms."
                )
            return self._invite(tx, person, InvitationKind.FIRST, by.id, None)

    def ask_recovery(self, person: PersonId, by: Person) -> None:
        """Record that a person needs a new way in; another must confirm it within 72 hours.

        Raises `UnknownPersonError`, `WrongStateError` without an account, and
        `TwoPeopleNeededError` for oneself.
        """
        with self.transaction() as tx:
            _active(tx, person, by)
            if tx.accounts.of_person(person) is None:
                raise WrongStateError("This person has no account yet. Send them a link first.")
            _two_people(tx, by.id, person)
            before = tx.accounts.recovery(person)
            asked = RecoveryRequest(
                person=person,
                asked_by=by.id,
                asked_at=self.clock(),
                version=1 if before is None else before.version + 1,
            )
            mark = tx.accounts.put_recovery(asked)
            tx.append(people_events.recovery_asked(person, mark, by.id))

    def recovery_asked(self, person: PersonId) -> RecoveryRequest | None:
        """Return who asked that a person get a new way in, while it waits for the second one."""
        with self.transaction() as tx:
            asked = tx.accounts.recovery(person)
        is_waiting = asked is not None and self.clock() <= asked.asked_at + RECOVERY_LIFE
        return asked if is_waiting else None

    def confirm_recovery(self, person: PersonId, by: Person) -> str:
        """Return the secret of a link that lets a person in anew, where another asked for it.

        Raises as `ask_recovery`, and `WrongStateError` where nobody asked within 72 hours.
        """
        with self.transaction() as tx:
            _active(tx, person, by)
            asked = tx.accounts.recovery(person)
            if asked is None or self.clock() > asked.asked_at + RECOVERY_LIFE:
                raise WrongStateError("Nobody asked for this lately. Ask for it first.")
            _two_people(tx, by.id, person, asked.asked_by)
            return self._invite(tx, person, InvitationKind.RECOVERY, asked.asked_by, by.id)

    def welcome(self, secret: str) -> Welcome:
        """Return what the page of a link shows; raises `InvitationSpentError`."""
        with self.transaction() as tx:
            invitation, person, _ = self._invited(tx, secret)
        app_secret = self._app_secret(secret)
        return Welcome(
            person=person.id,
            name=person.name,
            address=person.contact,
            kind=invitation.kind,
            app_link=app_link(app_secret, person.contact),
            app_secret=secret_text(app_secret),
        )

    def open(self, secret: str, password: str, code: str) -> str:
        """Open an account, or let its owner in anew, and return the token of their session.

        The link counts no more, and neither does any session, password, app, passkey or sign-in
        elsewhere of before.
        Raises `InvitationSpentError`, `WeakPasswordError`, and `SignInRefusedError` where the code
        is not the app's of this moment.
        """
        with self.transaction() as tx:
            _, person, _ = self._invited(tx, secret)
        chosen = check_password(password, not_in_it=_guessable(person))
        app_secret = self._app_secret(secret)
        step = matching_step(app_secret, code, self.clock())
        if step is None:
            raise SignInRefusedError
        hashed = self.passwords.hash(chosen)
        with self.transaction() as tx:
            invitation, person, before = self._invited(tx, secret)
            account = Account(
                person=person.id,
                sign_in=self.names.digest(sign_in_name(person.contact)),
                password=hashed,
                app_secret=app_secret,
                version=invitation.account_version + 1,
            )
            mark = tx.accounts.put(account)
            tx.sessions.drop_of(person.id)
            tx.sessions.set_mark(codes_of(person.id), step)
            tx.sessions.set_mark(failures_of(person.id), 0)
            token = self.sessions.begin(tx, person.id, account.version)
            what = "opened" if before is None else "recovered"
            tx.append(
                *self._without_passkeys(tx, person.id),
                *unlinked(tx, person.id, uk_day(self.clock())),
                people_events.account_changed(person.id, mark, what, person.id),
            )
        return token

    def change_password(self, token: str, old: str, new: str) -> str:
        """Give whoever is signed in another password, end their sessions, return a new token.

        Raises `NotSignedInError`, `SignInRefusedError` where the old one is wrong, and
        `WeakPasswordError`.
        """
        person = self.sessions.of(token).person
        with self.transaction() as tx:
            account, record = tx.accounts.of_person(person), tx.people.person(person)
        chosen = check_password(new, not_in_it=_guessable(record))
        if account is None or not self.passwords.is_right(account.password, old):
            raise SignInRefusedError
        hashed = self.passwords.hash(chosen)
        with self.transaction() as tx:
            now = tx.accounts.of_person(person)
            if now is None or now.version != account.version:
                raise NotSignedInError
            changed = replace(now, password=hashed, version=now.version + 1)
            mark = tx.accounts.put(changed)
            tx.sessions.drop_of(person)
            anew = self.sessions.begin(tx, person, changed.version)
            tx.append(people_events.account_changed(person, mark, "password", person))
        return anew

    def _invite(
        self,
        tx: Transaction,
        person: PersonId,
        kind: InvitationKind,
        by: PersonId,
        second: PersonId | None,
    ) -> str:
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        account = tx.accounts.of_person(person)
        invitation = Invitation(
            digest=_digest(secret),
            person=person,
            kind=kind,
            account_version=0 if account is None else account.version,
            until=self.clock() + INVITATION_LIFE,
        )
        mark = tx.accounts.put_invitation(invitation)
        tx.append(people_events.account_invited(person, mark, kind, by, second))
        return secret

    def _invited(
        self, tx: Transaction, secret: str
    ) -> tuple[Invitation, PersonRecord, Account | None]:
        """Return what a link stands for, with the person and the account that they have."""
        invitation = tx.accounts.invitation(_digest(secret))
        if invitation is None or self.clock() > invitation.until:
            raise InvitationSpentError
        person = tx.people.find(invitation.person)
        account = tx.accounts.of_person(invitation.person)
        version = 0 if account is None else account.version
        if person is None or person.disabled_on or version != invitation.account_version:
            raise InvitationSpentError
        return invitation, person, account

    def _without_passkeys(self, tx: Transaction, person: PersonId) -> tuple[Event, ...]:
        removed: list[Event] = []
        for passkey in tx.accounts.passkeys_of(person):
            if passkey.removed_on is None:
                gone = replace(
                    passkey, removed_on=uk_day(self.clock()), version=passkey.version + 1
                )
                mark = tx.accounts.put_passkey(gone)
                removed.append(people_events.passkey_removed(person, mark, person))
        return tuple(removed)

    def _app_secret(self, secret: str) -> bytes:
        return self.app_codes.digest(b"invitation/" + secret.encode("utf-8", "replace"))[
            :SECRET_BYTES
        ]


def _active(tx: Transaction, person: PersonId, by: Person) -> PersonRecord:
    """Return an active person of the body of whoever asks."""
    found = tx.people.person(person)
    if found.agency != by.agency:
        raise UnknownPersonError
    if found.disabled_on is not None:
        raise WrongStateError("This person is disabled. Enable them first.")
    return found


def _two_people(tx: Transaction, by: PersonId, *others: PersonId) -> None:
    """Raise `TwoPeopleNeededError` unless `by` is another and has an account of their own."""
    if by in others or tx.accounts.of_person(by) is None:
        raise TwoPeopleNeededError


def _guessable(person: PersonRecord) -> tuple[str, ...]:
    """Return the words of a person's name and address that are long enough to look for."""
    words = (*person.name.split(), person.contact.partition("@")[0])
    return tuple(word for word in words if len(word) >= _SHORTEST_WORD)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
