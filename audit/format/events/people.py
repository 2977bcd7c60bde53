"""The events about people, their roles and their accounts: each vouches for the row that it names.

No name and no address: people are opaque identifiers, and what a row holds is an HMAC.

>>> PersonChanged(
...     by="p-1", person="p-2", what="disabled", row="person/p-2", row_mac="0" * 64
... ).event()["type"]
'person.changed'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOfPerson(RecordedEvent):
    """What is said of every change: who made it, to whom, and which row it wrote."""

    row: kinds.RowName
    row_mac: kinds.Sha256
    by: kinds.OpaqueId
    person: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(ChangeOfPerson):
    """Somebody was added to the people, or bound to who was known before; changed, or disabled.

    `enabled` ends `disabled`; `bound` says that an earlier release knew the identifier alone.
    """

    type_name: ClassVar[str] = "person.changed"
    what: kinds.PersonChange


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOfRole(ChangeOfPerson):
    """What is said of every change of a role."""

    agency: kinds.OpaqueId
    role: kinds.RoleName


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleProposed(ChangeOfRole):
    """Somebody proposed to give a role that it takes two people to give."""

    type_name: ClassVar[str] = "role.proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(ChangeOfRole):
    """A role was given, by two people where it takes two."""

    type_name: ClassVar[str] = "role.granted"
    second: kinds.OpaqueId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(ChangeOfRole):
    """A role was ended."""

    type_name: ClassVar[str] = "role.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountInvited(ChangeOfPerson):
    """A person was sent a link that opens an account, or the way back into it."""

    type_name: ClassVar[str] = "account.invited"
    what: kinds.InvitationUse
    second: kinds.OpaqueId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged(ChangeOfPerson):
    """An account was opened, recovered, given another address or password, or signed out."""

    type_name: ClassVar[str] = "account.changed"
    what: kinds.AccountChange


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyAdded(ChangeOfPerson):
    """A person let a device of theirs sign them in."""

    type_name: ClassVar[str] = "passkey.added"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyRemoved(ChangeOfPerson):
    """A device signs a person in no more."""

    type_name: ClassVar[str] = "passkey.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityLinked(ChangeOfPerson):
    """A person let another organisation's sign-in sign them in."""

    type_name: ClassVar[str] = "identity.linked"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityUnlinked(ChangeOfPerson):
    """Another organisation's sign-in signs a person in no more."""

    type_name: ClassVar[str] = "identity.unlinked"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryAsked(ChangeOfPerson):
    """Somebody asked that a person get a new way in; another must confirm it."""

    type_name: ClassVar[str] = "recovery.asked"
