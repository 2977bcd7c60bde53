"""Whoever is asked to a meeting asks for its pack, which waits for coordinator and chair.

One pack is built for all who come, so nobody asks for fields of their own. Who waits stands on the
ledger alone, and what a copy shows is judged when it is opened (`broker.panels.copies`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.model import Person
from broker.domain.panels.meetings import Meeting
from broker.domain.references import Reference
from broker.domain.times import Clock, uk_day
from broker.ledger.changes import meetings as recorded
from broker.panels.copies import must_be_let_in, must_not_be_over
from broker.panels.standing import KEEPERS, keeps, meeting_for
from broker.panels.waiting import opening_pack, who_waits
from broker.registers.checkers import colleagues
from broker.storage.transaction import Transaction, Transactions

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
            if opening_pack(tx, meeting) is not None or person.id in who_waits(tx, meeting):
                return meeting
            tx.append(recorded.pack_asked_for(meeting, person.id))
            told = tuple(_told(tx, meeting, person, uk_day(now)))
        for notice in told:
            self.notices.send(notice, now)
        return meeting


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
