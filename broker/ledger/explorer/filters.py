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
    LEAD = "lead"
    GUARDIAN = "guardian"
    BROKER = "broker"
    READER = "reader"
    RECIPIENT = "recipient"
    PARTNER = "partner"
    PANEL = "panel"
    KEEPER = "keeper"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    OTHER = "other"


_KINDS: Final[Mapping[Act, frozenset[str]]] = {
    act: frozenset(kinds.split())
    for act, kinds in {
        Act.SENDER: (
            "received replied acknowledged recalled duty.done duty.given-up sent-by-hand "
            "arrival.confirmed resend.asked disclosure.renewed retraction.asked change.notified "
            "agreement.recorded agreement.withdrawn case.opened case.moved case.linked "
            "case.closed member.added member.ended concern.noted concern.asked concern.carried-on "
            "concern.closed"
        ),
        Act.LEAD: (
            "concern.checked earlier.called memory.kept notice.approved notice.left-out "
            "advice.given supervised dispute.opened dispute.closed breach.opened breach.step "
            "breach.closed policy.signed"
        ),
        Act.GUARDIAN: "reviewed asked looked-back request.looked-back advice.asked cover.set",
        Act.BROKER: (
            "decided sealed packed sent delivered rejected refused-tls deferred unknown gave-up "
            "expired drafts.destroyed policy.expire alive log.open duty.owed chased "
            "breach.chased concern.overdue request.escalated memory.begun memory.told "
            "memory.ended notice.sent page.expired panel-pack.ended earlier.marked"
        ),
        Act.READER: "read revealed earlier.looked-up",
        Act.RECIPIENT: (
            "collected conditions.accepted page.answered inbox.received inbox.passed-on "
            "retraction.answered"
        ),
        Act.PARTNER: (
            "request.issued request.opened request.answered request.returned request.extended "
            "request.withdrawn request.closed"
        ),
        Act.PANEL: (
            "meeting.called meeting.asked meeting.answered meeting.held meeting.closed "
            "meeting.cancelled panel-pack.asked-for panel-pack.built panel-pack.approved "
            "panel-pack.withdrawn"
        ),
        Act.KEEPER: (
            "directory.changed contact.tried trial.ended profile.set sharing-agreement.signed "
            "sharing-agreement.ended worker.checked clearance.recorded"
        ),
        Act.ADMINISTRATOR: (
            "person.changed role.proposed role.granted role.ended account.invited "
            "account.changed passkey.added passkey.removed identity.linked identity.unlinked "
            "recovery.asked client.changed client-key.changed retention.set"
        ),
        Act.OPERATOR: (
            "policy.activate rules.proposed rules.reviewed key.add key.retire keystore.changed "
            "token.issued rows.sealed build.run clock.confirmed restored stores.confirmed "
            "foreign erased kept hold.set hold.lift"
        ),
    }.items()
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
