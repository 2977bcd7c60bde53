"""Accounts and sessions: plain frozen values; no secret of theirs is ever shown."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, unique

from broker.domain.model import Person
from broker.domain.people.people import RoleId
from keys import PersonId


def sign_in_name(address: str) -> bytes:
    """Return by what an account is found, however its address is spelled; it is then digested.

    >>> sign_in_name(" Mira.Specimen@School.Example ")
    b'mira.specimen@school.example'
    """
    return unicodedata.normalize("NFKC", address).strip().casefold().encode("utf-8", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How one person signs in: an argon2id hash, the secret of an app that shows codes.

    `version` goes up with every change, and every session of before ends with it.
    """

    person: PersonId
    sign_in: bytes = field(repr=False)
    password: str = field(repr=False)
    app_secret: bytes = field(repr=False)
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A public key of a person's device (WebAuthn), by the identifier that browsers tell."""

    credential: bytes
    person: PersonId
    public_key: bytes
    removed_on: date | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A sign-in of another organisation (OpenID Connect) that stands for a person here.

    `digest` is the keyed digest of its issuer and its subject: never an address.
    """

    digest: str
    person: PersonId
    removed_on: date | None
    version: int


@unique
class InvitationKind(StrEnum):
    """What an invitation opens: a first account, or the way back into one."""

    FIRST = "first"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link used once, until a moment; it counts for one version of the account and no other."""

    digest: str
    person: PersonId
    kind: InvitationKind
    account_version: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRequest:
    """One administrator asked that a person get a new way in; another must confirm it."""

    person: PersonId
    asked_by: PersonId
    asked_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A session as it is stored: by the digest of its identifier, for one person.

    `role` is None until they have chosen one. `account_version` and `role_version` are those at
    its beginning: it ends with either. `fresh_until` is how long a step-up counts that was made
    for the next action alone.
    """

    digest: str
    person: PersonId
    account_version: int
    role: RoleId | None
    role_version: int
    began_at: datetime
    seen_at: datetime
    fresh_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in: `caller` is what the use cases ask for, once a role is chosen."""

    row: SessionRow
    person: PersonId
    caller: Person | None


@unique
class ChallengeUse(StrEnum):
    """What a device is asked to sign for, or another organisation's sign-in to answer for."""

    SIGN_IN = "sign-in"
    ENROL = "enrol"
    STEP_UP = "step-up"
    ELSEWHERE = "elsewhere"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a device is to sign once, until a moment; `person` is whose it must be, if known."""

    digest: str
    challenge: bytes
    use: ChallengeUse
    person: PersonId | None
    until: datetime
