"""Accounts, passkeys, sign-ins elsewhere, invitations, recoveries: rows of registers, all."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Column, Integer, LargeBinary, Named, String, Table, TypedColumns

from broker.domain.people.accounts import (
    Account,
    Identity,
    Invitation,
    InvitationKind,
    Passkey,
    RecoveryRequest,
)
from broker.domain.times import day_of, day_text, moment_of, rfc3339
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import CaseKey, PersonId, Place, open_field, seal_field


class AccountColumns(TypedColumns):
    """How somebody signs in; `sign_in` is a keyed digest of their address."""

    person: Named[str] = Column(String(64), primary_key=True)
    sign_in: Named[bytes] = Column(LargeBinary(32), unique=True)
    password: Named[str] = Column(String(200))
    app_secret: Named[bytes] = Column(LargeBinary)
    version: Named[int] = Column(Integer)


account = Table("account", metadata, AccountColumns)
_NOBODY: Final = PersonId("nobody")


class PasskeyColumns(TypedColumns):
    """Public keys of people's devices, by the SHA-256 of the identifier that browsers tell."""

    digest: Named[str] = Column(String(64), primary_key=True)
    credential: Named[bytes] = Column(LargeBinary)
    person: Named[str] = Column(String(64), index=True)
    public_key: Named[bytes] = Column(LargeBinary)
    removed_on: Named[str | None] = Column(String(10), nullable=True)
    version: Named[int] = Column(Integer)


passkey = Table("passkey", metadata, PasskeyColumns)


class IdentityColumns(TypedColumns):
    """Whom other organisations' sign-ins stand for, by a keyed digest of issuer and subject."""

    digest: Named[str] = Column(String(64), primary_key=True)
    person: Named[str] = Column(String(64), index=True)
    removed_on: Named[str | None] = Column(String(10), nullable=True)
    version: Named[int] = Column(Integer)


identity = Table("identity", metadata, IdentityColumns)


class InvitationColumns(TypedColumns):
    """Links that are used once; the secret in the link is kept as its SHA-256."""

    digest: Named[str] = Column(String(64), primary_key=True)
    person: Named[str] = Column(String(64), index=True)
    kind: Named[str] = Column(String(16))
    account_version: Named[int] = Column(Integer)
    until: Named[str] = Column(String(32))


invitation = Table("invitation", metadata, InvitationColumns)


class RecoveryColumns(TypedColumns):
    """Who asked that somebody get a new way in, until another confirms it."""

    person: Named[str] = Column(String(64), primary_key=True)
    asked_by: Named[str] = Column(String(64))
    asked_at: Named[str] = Column(String(32))
    version: Named[int] = Column(Integer)


recovery = Table("recovery", metadata, RecoveryColumns)


class Accounts:
    """How people sign in, read and written inside the caller's transaction.

    Readers raise `RowDisagreesError` where a row is not the one that the ledger knows.
    """

    def __init__(self, rows: RegisterRows, key: CaseKey) -> None:
        """Seal the secrets of apps by `key`."""
        self._rows = rows
        self._key = key

    def put(self, made: Account) -> RowMark:
        """Write an account, and return what the event says of the row."""
        return self._rows.put(
            account,
            {
                "person": made.person,
                "sign_in": made.sign_in,
                "password": made.password,
                "app_secret": seal_field(
                    self._key, made.app_secret, self._place(made.person, made.version)
                ),
                "version": made.version,
            },
        )

    def of_person(self, person: PersonId) -> Account | None:
        """Return a person's account, None where they never had one."""
        row = self._rows.one(account, person)
        return None if row is None else self._account(row)

    def named(self, sign_in: bytes) -> Account | None:
        """Return the account of a name, by its keyed digest; None is asked for like another."""
        row = next(self._rows.find(account, account.c.sign_in == sign_in), None)
        return self.of_person(_NOBODY) if row is None else self._account(row)

    def put_passkey(self, made: Passkey) -> RowMark:
        """Write a passkey, and return what the event says of the row."""
        values = {
            "digest": digest_of(made.credential),
            "credential": made.credential,
            "person": made.person,
            "public_key": made.public_key,
            "removed_on": day_text(made.removed_on),
            "version": made.version,
        }
        return self._rows.put(passkey, values)

    def passkey(self, credential: bytes) -> Passkey | None:
        """Return a passkey by the identifier that a browser tells, None where there is none."""
        row = self._rows.one(passkey, digest_of(credential))
        return None if row is None else _passkey(row)

    def passkeys_of(self, person: PersonId) -> tuple[Passkey, ...]:
        """Return the passkeys of a person, removed ones too."""
        return tuple(map(_passkey, self._rows.find(passkey, passkey.c.person == person)))

    def put_identity(self, made: Identity) -> RowMark:
        """Write for whom a sign-in elsewhere stands, and return what the event says of the row."""
        values = {
            "digest": made.digest,
            "person": made.person,
            "removed_on": day_text(made.removed_on),
            "version": made.version,
        }
        return self._rows.put(identity, values)

    def identity(self, digest: str) -> Identity | None:
        """Return for whom a sign-in elsewhere stands or stood, by its keyed digest."""
        row = self._rows.one(identity, digest)
        return None if row is None else _identity(row)

    def identities_of(self, person: PersonId) -> tuple[Identity, ...]:
        """Return a person's sign-ins elsewhere, those that count no more too."""
        return tuple(map(_identity, self._rows.find(identity, identity.c.person == person)))

    def put_invitation(self, made: Invitation) -> RowMark:
        """Write an invitation, and return what the event says of the row."""
        values = {
            "digest": made.digest,
            "person": made.person,
            "kind": made.kind.value,
            "account_version": made.account_version,
            "until": rfc3339(made.until),
        }
        return self._rows.put(invitation, values)

    def invitation(self, digest: str) -> Invitation | None:
        """Return an invitation by the SHA-256 of its secret, used or not."""
        row = self._rows.one(invitation, digest)
        return None if row is None else _invitation(row)

    def put_recovery(self, asked: RecoveryRequest) -> RowMark:
        """Write who asked for a recovery, and return what the event says of the row."""
        values = {
            "person": asked.person,
            "asked_by": asked.asked_by,
            "asked_at": rfc3339(asked.asked_at),
            "version": asked.version,
        }
        return self._rows.put(recovery, values)

    def recovery(self, person: PersonId) -> RecoveryRequest | None:
        """Return who asked last that a person get a new way in."""
        row = self._rows.one(recovery, person)
        return None if row is None else _recovery(row)

    def _place(self, person: str, version: int) -> Place:
        return Place(case=self._key.case, field=f"account/{person}/app_secret", version=version)

    def _account(self, row: Mapping[str, Any]) -> Account:
        place = self._place(row["person"], row["version"])
        return Account(
            person=PersonId(row["person"]),
            sign_in=bytes(row["sign_in"]),
            password=row["password"],
            app_secret=open_field(self._key, bytes(row["app_secret"]), place),
            version=row["version"],
        )


def digest_of(credential: bytes) -> str:
    """Return how the row of a passkey is named."""
    return hashlib.sha256(credential).hexdigest()


def _passkey(row: Mapping[str, Any]) -> Passkey:
    return Passkey(
        credential=bytes(row["credential"]),
        person=PersonId(row["person"]),
        public_key=bytes(row["public_key"]),
        removed_on=day_of(row["removed_on"]),
        version=row["version"],
    )


def _identity(row: Mapping[str, Any]) -> Identity:
    return Identity(
        digest=row["digest"],
        person=PersonId(row["person"]),
        removed_on=day_of(row["removed_on"]),
        version=row["version"],
    )


def _invitation(row: Mapping[str, Any]) -> Invitation:
    return Invitation(
        digest=row["digest"],
        person=PersonId(row["person"]),
        kind=InvitationKind(row["kind"]),
        account_version=row["account_version"],
        until=moment_of(row["until"]),
    )


def _recovery(row: Mapping[str, Any]) -> RecoveryRequest:
    return RecoveryRequest(
        person=PersonId(row["person"]),
        asked_by=PersonId(row["asked_by"]),
        asked_at=moment_of(row["asked_at"]),
        version=row["version"],
    )
