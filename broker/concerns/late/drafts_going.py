"""Whoever writes in a draft hears of it seven days before it goes, once after each save.

No entry says so, since nothing of a draft is on the ledger; a mark beside its row does, and goes
with it. Where everybody who writes in it is gone, nobody is told, and the list shows it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from broker.delivery.chasing import NOTHING_LATE, Chased, Chaser
from broker.delivery.person_notices import PersonNotice
from broker.domain.concerns.drafts import (
    CHANGE,
    KEPT_DAYS,
    REVIEW,
    WARNED_DAYS,
    DraftId,
    DraftRow,
    Part,
)
from broker.domain.times import spelled_day, uk_day
from broker.registers.checkers import contact_of
from broker.storage.transaction import Transaction

_QUIET: Final = timedelta(days=KEPT_DAYS - WARNED_DAYS)
_SUBJECT: Final = "Something that you have not sent goes soon"
_WHAT: Final[Mapping[str, str]] = {
    REVIEW: "What you wrote of a decision and have not given",
    CHANGE: "What you wrote of a change and have not sent",
}
_DRAFT: Final = "A draft of yours"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftsGoing:
    """Tells of the drafts that go soon; each draft by itself."""

    chaser: Chaser

    def chase(self) -> int:
        """Tell of every draft that goes soon and was not told of yet; return how many."""
        today = uk_day(self.chaser.clock())
        with self.chaser.transaction() as tx:
            quiet = tx.drafts.saved_before(today - _QUIET + timedelta(days=1))
        return self.chaser.each(quiet, _going)


def _going(tx: Transaction, name: DraftId, now: datetime) -> Chased:
    row = tx.drafts.find(name)
    if row is None or not row.goes_soon(uk_day(now)):
        return NOTHING_LATE
    concern = tx.concerns.of_draft(name)
    if concern is not None and concern.closed_at is None:
        return NOTHING_LATE  # it is ended by no clock
    told = row.saved_on.toordinal()
    heard = tuple(dict.fromkeys(_writers(tx, name)))
    if not heard or tx.drafts.told(name) >= told:
        return NOTHING_LATE
    tx.drafts.note_told(name, told)
    return Chased(steps=1, notices=tuple(_notice(row, one) for one in heard))


def _writers(tx: Transaction, name: DraftId) -> Iterator[str]:
    """Yield the work address of each who writes in a draft and still works here."""
    for member in tx.drafts.members(name):
        contact = contact_of(tx, member.person) if member.part is Part.WRITES else None
        if contact is not None:
            yield contact


def _notice(row: DraftRow, to: str) -> PersonNotice:
    what, until = _WHAT.get(row.journey, _DRAFT), spelled_day(row.expires_on)
    return PersonNotice(
        to=to,
        subject=_SUBJECT,
        sentences=(
            f"{what} is kept until {until}. After that it goes, and nobody can bring it back.",
            "To keep it, open it and save it again. If it can go, do nothing.",
        ),
    )
