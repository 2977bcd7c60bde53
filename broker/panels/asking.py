"""Whoever is asked to a meeting asks for its pack, which waits for coordinator and chair.

One pack is built for all who come, so nobody asks for fields of their own. Who waits stands on the
ledger alone, and what a copy shows is judged when it is opened (`broker.panels.copies`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from audit.format.events import PanelPackApproved, PanelPackAskedFor
from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.model import Person
from broker.domain.panels.meetings import Meeting
from broker.domain.panels.packs import PackState
from broker.domain.references import Reference
from broker.domain.times import Clock, moment_of, uk_day
from broker.ledger.changes import meetings as recorded
from broker.panels.copies import must_be_let_in, must_not_be_over
from broker.panels.reading import newest_pack
from broker.panels.standing import KEEPERS, keeps, meeting_for
from broker.registers.checkers import colleagues
from broker.storage.transaction import Transaction, Transactions
from keys import PersonId

_KEEPERS: Final = tuple(sorted(KEEPERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class PackAsking:
    """What whoever is asked to a meeting does to get its pack; opens its own transaction."""

    transaction: Transactions
    notices: PersonNotices
    clock: Clock

    def ask_for(self, reference: Reference, person: Person) -> Meeting:
        """Ask for the pack of a meeting, of which whoever keeps it is told by mail.

        Done once while it waits, and not at all where copies open already. Raises
        `UnknownMeetingError` for anybody who is not asked to it, and `CopyClosedError` where no
        copy would open for them: apologies, training, clearance, a meeting that is over.
        """
        now = self.clock()
        with self.transaction() as tx:
            meeting, one = meeting_for(tx, reference, person, to_change=True)
            must_not_be_over(meeting, uk_day(now))
            must_be_let_in(tx, one, uk_day(now))
            if _opens(tx, meeting) or person.id in who_waits(tx, meeting):
                return meeting
            tx.append(recorded.pack_asked_for(meeting, person.id))
            told = tuple(_told(tx, meeting, person, uk_day(now)))
        for notice in told:
            self.notices.send(notice, now)
        return meeting


def who_waits(tx: Transaction, meeting: Meeting) -> Mapping[PersonId, datetime]:
    """Return who asked for the pack of a meeting since one was approved last, and when."""
    packs = tx.meetings.packs_of(meeting.reference)
    approved = max(
        (
            entry.seq
            for pack in packs
            for entry in tx.about(pack.disclosure)
            if entry.type == PanelPackApproved.type_name
        ),
        default=-1,
    )
    return {
        PersonId(str(entry.event["by"])): moment_of(entry.moment)
        for entry in tx.about(meeting.reference)
        if entry.type == PanelPackAskedFor.type_name and entry.seq > approved
    }


def _opens(tx: Transaction, meeting: Meeting) -> bool:
    pack = newest_pack(tx, meeting)
    return pack is not None and pack.state is PackState.APPROVED


def _told(tx: Transaction, meeting: Meeting, by: Person, today: date) -> Iterator[PersonNotice]:
    """Yield the notice to each who keeps the meeting, but for whoever asks."""
    said = (
        f"Somebody who is asked to meeting {meeting.reference} asks for its pack.",
        "Build it, or let the chair read and approve the one that waits.",
    )
    for one in colleagues(tx, meeting.agency, _KEEPERS, today):
        keeper = Person(id=one.person, agency=meeting.agency, role=one.role)
        if one.person != by.id and keeps(tx, meeting, keeper):
            yield PersonNotice(
                to=one.contact, subject=f"Meeting {meeting.reference}", sentences=said
            )
