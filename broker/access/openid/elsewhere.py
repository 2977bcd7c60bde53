"""People who sign in at their own organisation, and joining such an account to somebody here."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from broker.access.openid.answered import Answered
from broker.access.openid.id_token import Expected, subject_of
from broker.access.openid.provider import Provider
from broker.access.openid.unlinking import unlinked
from broker.access.sessions import Sessions
from broker.access.sign_in import MOST_FAILURES_IN_A_ROW, failures_of
from broker.access.told import told
from broker.domain.people.accounts import Challenge, ChallengeUse, Identity
from broker.domain.people.errors import (
    ElsewhereRefusedError,
    UnknownElsewhereError,
    UnknownPersonError,
)
from broker.domain.times import Clock, uk_day
from broker.ledger import people_events
from broker.storage.transaction import Transactions
from keys import IndexKey, PersonId

WAITS: Final = timedelta(minutes=10)
"""How long somebody may take at their organisation's sign-in."""

_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Lets people in whom their organisation signed in; `origin` is where our pages are.

    A flow belongs to the browser that began it, whose `binder` is in one of its cookies.
    """

    transaction: Transactions
    clock: Clock
    names: IndexKey
    sessions: Sessions
    provider: Provider
    origin: str

    def begin(self, binder: str) -> str:
        """Return where a browser goes to sign in; raises `ElsewhereAwayError`."""
        return self._begin(ChallengeUse.ELSEWHERE, binder, None)

    @told("signed_in", "elsewhere")
    def finish(self, binder: str, answered: Answered) -> str:
        """Return the token of a new session for whoever signed in elsewhere.

        Raises `ElsewhereRefusedError`, `WeakElsewhereError`, `UnknownElsewhereError` and
        `ElsewhereAwayError`; nothing then counts of what was brought back.
        """
        digest = self._identified(self._taken(ChallengeUse.ELSEWHERE, binder, answered), answered)
        with self.transaction() as tx:
            identity = tx.accounts.identity(digest)
            if identity is None or identity.removed_on is not None:
                raise UnknownElsewhereError
            account = tx.accounts.of_person(identity.person)
            person = tx.people.find(identity.person)
            failures = tx.sessions.mark(failures_of(identity.person))
            if account is None or person is None or person.disabled_on:
                raise UnknownElsewhereError
            if failures >= MOST_FAILURES_IN_A_ROW:
                raise UnknownElsewhereError
            return self.sessions.begin(tx, identity.person, account.version)

    def begin_link(self, token: str) -> str:
        """Return where whoever is signed in goes to join an account, after a step-up.

        Raises `NotSignedInError`, `StepUpNeededError` and `ElsewhereAwayError`.
        """
        person = self.sessions.of(token).person
        self.sessions.spend_step_up(token)
        return self._begin(ChallengeUse.LINK, token, person)

    def finish_link(self, token: str, answered: Answered) -> None:
        """Join the account that signed in elsewhere to whoever is signed in here.

        Raises as `finish` does; an account that stands for somebody else is unknown, too.
        """
        person = self.sessions.of(token).person
        challenge = self._taken(ChallengeUse.LINK, token, answered)
        if challenge.person != person:
            raise ElsewhereRefusedError
        digest = self._identified(challenge, answered)
        with self.transaction() as tx:
            before = tx.accounts.identity(digest)
            if before is not None and before.removed_on is None:
                if before.person == person:
                    return
                raise UnknownElsewhereError
            version = 1 if before is None else before.version + 1
            made = Identity(digest=digest, person=person, removed_on=None, version=version)
            mark = tx.accounts.put_identity(made)
            tx.append(people_events.identity_linked(person, mark))

    def is_linked(self, token: str) -> bool:
        """Say whether whoever is signed in can sign in elsewhere; raises `NotSignedInError`."""
        person = self.sessions.of(token).person
        with self.transaction() as tx:
            found = tx.accounts.identities_of(person)
        return any(identity.removed_on is None for identity in found)

    def unlink(self, token: str) -> None:
        """Let no sign-in elsewhere stand for whoever is signed in; raises `NotSignedInError`."""
        person = self.sessions.of(token).person
        with self.transaction() as tx:
            removed = unlinked(tx, person, uk_day(self.clock()))
            if not removed:
                raise UnknownPersonError
            tx.append(*removed)

    def _begin(self, use: ChallengeUse, binder: str, person: PersonId | None) -> str:
        state, secret = secrets.token_urlsafe(_BYTES), secrets.token_bytes(_BYTES)
        address = self.provider.address(
            self._back(use), state=state, nonce=_nonce(secret), verifier=_verifier(secret)
        )
        challenge = Challenge(
            digest=_digest(state, binder),
            challenge=secret,
            use=use,
            person=person,
            until=self.clock() + WAITS,
        )
        with self.transaction() as tx:
            tx.sessions.put_challenge(challenge)
        return address

    def _taken(self, use: ChallengeUse, binder: str, answered: Answered) -> Challenge:
        """Take away what was begun, before anything of the answer is looked at."""
        with self.transaction() as tx:
            challenge = tx.sessions.take_challenge(_digest(answered.state, binder))
        if challenge is None or challenge.use is not use or self.clock() > challenge.until:
            raise ElsewhereRefusedError
        return challenge

    def _identified(self, challenge: Challenge, answered: Answered) -> str:
        """Return the keyed digest of whoever the provider says signed in."""
        described, settings = self.provider.described(), self.provider.settings
        named = answered.issuer
        if (named is None and described.names_itself) or named not in {None, settings.issuer}:
            raise ElsewhereRefusedError
        token = self.provider.token(
            described,
            self._back(challenge.use),
            code=answered.code,
            verifier=_verifier(challenge.challenge),
        )
        expected = Expected(
            issuer=settings.issuer,
            client=settings.client,
            nonce=_nonce(challenge.challenge),
            levels=settings.levels,
        )
        keys = self.provider.keys(described)
        subject = subject_of(token, keys, expected, self.clock())
        return self.names.digest(f"openid|{settings.issuer}|{subject}".encode()).hex()

    def _back(self, use: ChallengeUse) -> str:
        """Return where people come back to, by our own origin and never by what a request says."""
        path = "/sign-in/organisation/back"
        return f"{self.origin}{'/account/organisation/back' if use is ChallengeUse.LINK else path}"


def _nonce(secret: bytes) -> str:
    return hashlib.sha256(b"nonce|" + secret).hexdigest()


def _verifier(secret: bytes) -> str:
    digest = hashlib.sha256(b"verifier|" + secret).digest()
    return urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def _digest(state: str, binder: str) -> str:
    return hashlib.sha256(f"{state}|{binder}".encode("utf-8", "replace")).hexdigest()
