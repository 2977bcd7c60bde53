"""Passkeys (WebAuthn level 2): a device signs a challenge that is taken away before it is checked.

The device must verify its user, so that a passkey stands for both factors.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from broker.access.sessions import Sessions
from broker.access.sign_in import MOST_FAILURES_IN_A_ROW, failures_of
from broker.access.told import told
from broker.domain.errors import WrongStateError
from broker.domain.people.accounts import Challenge, ChallengeUse, Passkey
from broker.domain.people.errors import SignInRefusedError, UnknownPersonError
from broker.domain.times import Clock, uk_day
from broker.ledger import people_events
from broker.storage.transaction import Transaction, Transactions
from keys import PersonId

CHALLENGE_LIFE: Final = timedelta(minutes=5)
_CHALLENGE_BYTES: Final = 32
_MOST_PASSKEYS: Final = 10
_LONGEST_ANSWER: Final = 65_536
_NAME: Final = "Disclosure broker"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """For whom devices sign: a host, and the origins from which their browsers may speak."""

    host: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a page hands to its browser: `options` as JSON, and by what name the answer comes."""

    name: str
    options: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkeys:
    """Lets devices sign people in, and lets people add and remove them."""

    transaction: Transactions
    clock: Clock
    party: RelyingParty
    sessions: Sessions

    def ask_to_sign_in(self) -> Asked:
        """Ask any device for a passkey of this broker, before anybody is signed in."""
        return self._ask(ChallengeUse.SIGN_IN, None)

    @told("signed_in", "passkey")
    def sign_in(self, name: str, answer: str) -> str:
        """Return the token of a new session; raises `SignInRefusedError` for whatever is wrong."""
        challenge = self._taken(name, ChallengeUse.SIGN_IN)
        with self.transaction() as tx:
            passkey = self._checked(tx, challenge, answer)
            account = tx.accounts.of_person(passkey.person)
            person = tx.people.find(passkey.person)
            is_locked = tx.sessions.mark(failures_of(passkey.person)) >= MOST_FAILURES_IN_A_ROW
            if account is None or person is None or person.disabled_on or is_locked:
                raise SignInRefusedError
            return self.sessions.begin(tx, passkey.person, account.version)

    def ask_to_step_up(self, token: str) -> Asked:
        """Ask a device of whoever is signed in for one action; raises `NotSignedInError`."""
        return self._ask(ChallengeUse.STEP_UP, self.sessions.of(token).person)

    @told("stepped_up", "passkey")
    def step_up(self, token: str, name: str, answer: str) -> str:
        """Let the next action go that needs a step-up, and return the session's new token.

        Raises `NotSignedInError` and `SignInRefusedError`.
        """
        person = self.sessions.of(token).person
        challenge = self._taken(name, ChallengeUse.STEP_UP)
        with self.transaction() as tx:
            if self._checked(tx, challenge, answer).person != person:
                raise SignInRefusedError
            return self.sessions.stepped_up(tx, token)

    def ask_to_add(self, token: str) -> Asked:
        """Ask a device to make a passkey for whoever is signed in, after a step-up.

        Raises `NotSignedInError` and `StepUpNeededError`.
        """
        person = self.sessions.of(token).person
        self.sessions.spend_step_up(token)
        return self._ask(ChallengeUse.ENROL, person)

    def add(self, token: str, name: str, answer: str) -> None:
        """Keep the passkey that a device made; raises `NotSignedInError`, `SignInRefusedError`."""
        person = self.sessions.of(token).person
        challenge = self._taken(name, ChallengeUse.ENROL)
        if challenge.person != person or len(answer) > _LONGEST_ANSWER:
            raise SignInRefusedError
        from webauthn import verify_registration_response  # noqa: PLC0415 - slow to load
        from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

        try:
            made = verify_registration_response(
                credential=answer,
                expected_challenge=challenge.challenge,
                expected_rp_id=self.party.host,
                expected_origin=[*self.party.origins],
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as error:
            raise SignInRefusedError from error
        passkey = Passkey(
            credential=made.credential_id,
            person=person,
            public_key=made.credential_public_key,
            removed_on=None,
            version=1,
        )
        with self.transaction() as tx:
            standing = [
                kept for kept in tx.accounts.passkeys_of(person) if kept.removed_on is None
            ]
            if len(standing) >= _MOST_PASSKEYS:
                raise WrongStateError("You have 10 passkeys. Remove one that you do not use.")
            if tx.accounts.passkey(passkey.credential) is not None:
                raise SignInRefusedError
            mark = tx.accounts.put_passkey(passkey)
            tx.sessions.set_mark(_uses_of(passkey), made.sign_count)
            tx.append(people_events.passkey_added(person, mark))

    def listed(self, token: str) -> tuple[Passkey, ...]:
        """Return the passkeys of whoever is signed in; raises `NotSignedInError`."""
        person = self.sessions.of(token).person
        with self.transaction() as tx:
            found = tx.accounts.passkeys_of(person)
            return tuple(passkey for passkey in found if passkey.removed_on is None)

    def remove(self, token: str, credential: bytes) -> None:
        """Let a device sign in no more; raises `NotSignedInError` and `UnknownPersonError`."""
        person = self.sessions.of(token).person
        with self.transaction() as tx:
            passkey = tx.accounts.passkey(credential)
            if passkey is None or passkey.person != person or passkey.removed_on is not None:
                raise UnknownPersonError
            today = uk_day(self.clock())
            gone = replace(passkey, removed_on=today, version=passkey.version + 1)
            mark = tx.accounts.put_passkey(gone)
            tx.append(people_events.passkey_removed(person, mark, person))

    def _ask(self, use: ChallengeUse, person: PersonId | None) -> Asked:
        name = secrets.token_urlsafe(_CHALLENGE_BYTES)
        challenge = Challenge(
            digest=_digest(name),
            challenge=secrets.token_bytes(_CHALLENGE_BYTES),
            use=use,
            person=person,
            until=self.clock() + CHALLENGE_LIFE,
        )
        with self.transaction() as tx:
            tx.sessions.put_challenge(challenge)
            known = () if person is None else tx.accounts.passkeys_of(person)
            contact = "" if person is None else tx.people.person(person).contact
        devices = [passkey.credential for passkey in known if passkey.removed_on is None]
        if use is ChallengeUse.ENROL:
            return Asked(name=name, options=self._to_make(challenge, contact, devices))
        return Asked(name=name, options=self._to_sign(challenge, devices))

    def _to_sign(self, challenge: Challenge, devices: Sequence[bytes]) -> str:
        import webauthn  # noqa: PLC0415 - slow to load
        from webauthn.helpers import structs  # noqa: PLC0415

        options = webauthn.generate_authentication_options(
            rp_id=self.party.host,
            challenge=challenge.challenge,
            allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in devices]
            or None,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    def _to_make(self, challenge: Challenge, contact: str, devices: Sequence[bytes]) -> str:
        import webauthn  # noqa: PLC0415 - slow to load
        from webauthn.helpers import structs  # noqa: PLC0415

        options = webauthn.generate_registration_options(
            rp_id=self.party.host,
            rp_name=_NAME,
            user_id=(challenge.person or "").encode(),
            user_name=contact,
            challenge=challenge.challenge,
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in devices],
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
        )
        return webauthn.options_to_json(options)

    def _taken(self, name: str, use: ChallengeUse) -> Challenge:
        """Take a challenge away for good, before anything about its answer is looked at."""
        with self.transaction() as tx:
            challenge = tx.sessions.take_challenge(_digest(name))
        if challenge is None or challenge.use is not use or self.clock() > challenge.until:
            raise SignInRefusedError
        return challenge

    def _checked(self, tx: Transaction, challenge: Challenge, answer: str) -> Passkey:
        """Return the passkey that signed a challenge, its count of uses gone up."""
        if len(answer) > _LONGEST_ANSWER:
            raise SignInRefusedError
        from webauthn import verify_authentication_response  # noqa: PLC0415 - slow to load
        from webauthn.helpers import parse_authentication_credential_json  # noqa: PLC0415
        from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

        try:
            credential = parse_authentication_credential_json(answer)
            passkey = tx.accounts.passkey(credential.raw_id)
            if passkey is None or passkey.removed_on is not None:
                raise SignInRefusedError
            before = tx.sessions.mark(_uses_of(passkey))
            signed = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge.challenge,
                expected_rp_id=self.party.host,
                expected_origin=[*self.party.origins],
                credential_public_key=passkey.public_key,
                credential_current_sign_count=max(before, 0),
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as error:
            raise SignInRefusedError from error
        tx.sessions.set_mark(_uses_of(passkey), signed.new_sign_count)
        return passkey


def _uses_of(passkey: Passkey) -> str:
    return f"passkey/{hashlib.sha256(passkey.credential).hexdigest()}"


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
