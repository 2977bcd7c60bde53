"""A report of the public that waits climbs to people, and nothing else comes of a day.

Past its working day the body's leads hear of it again, a working day later its Guardians too, and
all of them seven days before it goes. Each step is told once: a mark beside its row says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, unique
from typing import Final

from broker.concerns.public_reports import FORM
from broker.delivery.chasing import NOTHING_LATE, Chased, Chaser
from broker.delivery.person_notices import PersonNotice
from broker.domain.concerns.drafts import DraftId, DraftRow
from broker.domain.days.working_days import working_days_after
from broker.domain.roles import Role
from broker.domain.times import spelled_day, uk_day
from broker.registers.checkers import Colleague, colleagues
from broker.registers.deciders import guardian_bodies
from broker.storage.transaction import Transaction
from keys import AgencyId


@unique
class Unread(IntEnum):
    """How long a report has waited; a later step is a greater one."""

    IN_TIME = 0
    LATE = 1
    LATER = 2
    GOES_SOON = 3


_DAYS_LATER: Final = 2
_SUBJECT: Final = "A report of the public waits"
_READ: Final = "Leads sign in and read it. In it may be somebody who is in danger."
_SENTENCES: Final[Mapping[Unread, str]] = {
    Unread.LATE: "It came on {came}. Its day has passed, and nobody has settled it.",
    Unread.LATER: "It came on {came}. Its leads were told twice, and nobody has settled it.",
    Unread.GOES_SOON: "It came on {came}, and nobody has settled it. It is kept until {goes}.",
}


def step_of(row: DraftRow, today: date) -> Unread:
    """Return how late a report is on a day."""
    if row.goes_soon(today):
        return Unread.GOES_SOON
    if today > working_days_after(row.saved_on, _DAYS_LATER):
        return Unread.LATER
    return Unread.LATE if today > working_days_after(row.saved_on, 1) else Unread.IN_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadReports:
    """Tells of the reports to `body` that nobody has settled; each report by itself."""

    chaser: Chaser
    body: AgencyId | None

    def chase(self) -> int:
        """Let every report climb as far as its day says; return how many climbed."""
        if self.body is None:
            return 0
        with self.chaser.transaction() as tx:
            names = [row.id for row in tx.drafts.of_form(self.body, FORM)]
        return self.chaser.each(names, _climbed)


def _climbed(tx: Transaction, name: DraftId, now: datetime) -> Chased:
    row = tx.drafts.find(name)
    if row is None:
        return NOTHING_LATE
    step = step_of(row, uk_day(now))
    if step <= max(tx.drafts.told(name), Unread.IN_TIME):
        return NOTHING_LATE
    tx.drafts.note_told(name, step.value)
    said = _SENTENCES[step].format(
        came=spelled_day(row.saved_on), goes=spelled_day(row.expires_on)
    )
    heard = dict.fromkeys(one.contact for one in _who_hears(tx, row.agency, step, uk_day(now)))
    notices = (PersonNotice(to=one, subject=_SUBJECT, sentences=(said, _READ)) for one in heard)
    return Chased(steps=1, notices=tuple(notices))


def _who_hears(
    tx: Transaction, agency: AgencyId, step: Unread, today: date
) -> Iterator[Colleague]:
    """Yield the leads, and above them the Guardians: at once where there is no lead."""
    leads = colleagues(tx, agency, (Role.LEAD,), today)
    yield from leads
    if step > Unread.LATE or not leads:
        for body in guardian_bodies(tx, agency):
            yield from colleagues(tx, body, (Role.GUARDIAN,), today)
