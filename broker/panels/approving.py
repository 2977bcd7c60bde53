"""The chair approves the pack of a meeting; whoever comes opens a copy from then on."""

from dataclasses import dataclass, replace
from typing import Final

from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.errors import WrongStateError
from broker.domain.model import Person
from broker.domain.panels.meetings import COPIES_END_AFTER, Meeting
from broker.domain.panels.packs import PackState, PanelPack
from broker.domain.references import Reference
from broker.domain.states import State
from broker.domain.times import Clock, spelled_day, uk_day
from broker.ledger.changes import meetings as recorded
from broker.panels.reading import newest_pack, pack_read
from broker.panels.standing import kept_meeting, must_chair
from broker.panels.waiting import who_waits
from broker.registers.checkers import contact_of
from broker.storage.transaction import Transaction, Transactions

_NOT_WHAT_WAS_READ: Final = (
    "This is not what stands in the pack now, so nothing was approved: it was built anew, or "
    "changed, since it was read. Read it again, and approve what you read."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackApproval:
    """What the chair of a meeting does with its pack; opens its own transaction."""

    transaction: Transactions
    notices: PersonNotices
    clock: Clock

    def approve(self, reference: Reference, person: Person, seen: str) -> PanelPack:
        """Approve the pack of a meeting, as its chair; who asked for it is told by mail.

        `seen` is `PackRead.seen` of what they read. Raises `UnknownMeetingError` for a meeting
        that is not theirs, `NotAllowedError` for anybody but its chair, and `WrongStateError`
        where the rules have not let it go, where the chair built it, where nothing waits, and
        where something else stands in it than what was read.
        """
        now = self.clock()
        with self.transaction() as tx:
            meeting = kept_meeting(tx, reference, person, to_change=True)
            must_chair(meeting, person)
            meeting.must_be_open_on(uk_day(now))
            pack = _waiting_pack(tx, meeting, person, seen)
            told = _told(tx, meeting)
            tx.store.move(tx.disclosure(pack.disclosure), State.SENT, now)
            after = replace(
                pack,
                state=PackState.APPROVED,
                approved_by=person.id,
                approved_at=now,
                version=pack.version + 1,
            )
            tx.append(recorded.pack_approved(after, person.id, tx.meetings.put_pack(after)))
        for notice in told:
            self.notices.send(notice, now)
        return after


def _waiting_pack(tx: Transaction, meeting: Meeting, person: Person, seen: str) -> PanelPack:
    """Return the pack that waits, as it was read, for somebody who did not build it."""
    pack = newest_pack(tx, meeting)
    if pack is None or pack.state is not PackState.BUILT:
        raise WrongStateError("There is no pack that waits to be approved.")
    if pack.built_by == person.id:
        raise WrongStateError("Two people stand for a pack. Another builds it.")
    tx.disclosure(pack.disclosure).must_be(State.DECIDED)
    if pack_read(tx, pack).seen != seen:
        raise WrongStateError(_NOT_WHAT_WAS_READ)
    return pack


def _told(tx: Transaction, meeting: Meeting) -> tuple[PersonNotice, ...]:
    """Return the notice to each who asked for the pack and still works here."""
    said = (
        f"The pack that you asked for is approved: meeting {meeting.reference}.",
        f"You can open your copy to the end of {spelled_day(meeting.on + COPIES_END_AFTER)}.",
    )
    found = (contact_of(tx, person) for person in who_waits(tx, meeting))
    return tuple(
        PersonNotice(to=to, subject=f"Meeting {meeting.reference}", sentences=said)
        for to in found
        if to is not None
    )
