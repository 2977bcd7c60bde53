"""Which entries somebody wants to see: of a reference, a kind, an act, a day, a body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Final

from audit.format.entry import Entry


@unique
class Act(StrEnum):
    """Whose act an entry records, by the task that it belongs to."""

    SENDER = "sender"
    GUARDIAN = "guardian"
    BROKER = "broker"
    READER = "reader"
    KEEPER = "keeper"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    OTHER = "other"


_KINDS: Final[Mapping[Act, frozenset[str]]] = {
    Act.SENDER: frozenset({"received", "replied", "acknowledged", "recalled", "duty.done"}),
    Act.GUARDIAN: frozenset({"reviewed", "asked", "looked-back"}),
    Act.BROKER: frozenset(
        {
            "decided",
            "sealed",
            "packed",
            "sent",
            "delivered",
            "rejected",
            "refused-tls",
            "deferred",
            "unknown",
            "expired",
            "drafts.destroyed",
            "policy.expire",
            "alive",
            "log.open",
        }
    ),
    Act.READER: frozenset({"read", "revealed"}),
    Act.KEEPER: frozenset({"directory.changed"}),
    Act.ADMINISTRATOR: frozenset(
        {
            "person.changed",
            "role.proposed",
            "role.granted",
            "role.ended",
            "account.invited",
            "account.changed",
            "passkey.added",
            "passkey.removed",
            "identity.linked",
            "identity.unlinked",
            "recovery.asked",
        }
    ),
    Act.OPERATOR: frozenset(
        {
            "policy.activate",
            "key.add",
            "key.retire",
            "keystore.changed",
            "token.issued",
            "rows.sealed",
            "build.run",
            "clock.confirmed",
            "restored",
            "stores.confirmed",
            "foreign",
            "erased",
            "kept",
            "hold.set",
            "hold.lift",
        }
    ),
}
_ACTS: Final = {kind: act for act, kinds in _KINDS.items() for kind in kinds}


def act_of(kind: str) -> Act:
    """Return whose act an entry of a kind records; a kind that nobody placed is of others.

    >>> act_of("reviewed"), act_of("alive"), act_of("new.kind")
    (<Act.GUARDIAN: 'guardian'>, <Act.BROKER: 'broker'>, <Act.OTHER: 'other'>)
    """
    return _ACTS.get(kind, Act.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to see; what is None narrows nothing. Days are London's."""

    reference: str | None = None
    kind: str | None = None
    act: Act | None = None
    day: date | None = None
    body: str | None = None

    @property
    def is_everything(self) -> bool:
        """Say whether nothing is narrowed."""
        said = (self.reference, self.kind, self.act, self.day, self.body)
        return all(one is None for one in said)

    def may_fit(self, raw: bytes) -> bool:
        """Say whether an entry may be of the kind, from its bytes, which is quick."""
        return self.kind is None or b'"type":"%s"' % self.kind.encode() in raw

    def fits(self, entry: Entry) -> bool:
        """Say whether an entry is of the kind and of the act."""
        is_of_kind = self.kind is None or entry.type == self.kind
        return is_of_kind and (self.act is None or act_of(entry.type) is self.act)
