"""A copy that nobody answers climbs to people, and nothing else: no clock answers or closes it.

Due soon, its owner hears of it, or else the leads of the body that is asked; late, those leads;
later, whoever set the day, the chairs of their body, whoever asks, and the leads of the body that
holds the ICB lead. Each hears once a step, and of a day that was granted anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from broker.delivery.chasing import NOTHING_LATE, Chased, Chaser
from broker.delivery.person_notices import PersonNotice
from broker.domain.partner_requests.copies import Copy, CopyName, Lateness, changed
from broker.domain.partner_requests.days import lateness_on
from broker.domain.roles import LEADS, Role
from broker.domain.times import spelled_day, uk_day
from broker.ledger.changes import requests as recorded
from broker.partner_requests.standing import icb_bodies, is_with_partner
from broker.registers.checkers import colleagues, contact_of
from broker.storage.transaction import Transaction
from keys import AgencyId, PersonId

_SOON = timedelta(days=2)
_ORDER = tuple(Lateness)
_SENTENCES: Final = {
    Lateness.DUE_SOON: (
        "It is due on {day}. Answer by then: yes, part, no, or nothing held. You can ask for more "
        "time until that day."
    ),
    Lateness.LATE: (
        "It was due on {day} and is late. Nothing was sent for you, and nothing will be by itself."
    ),
    Lateness.LATER: (
        "It was due on {day}, and nobody has answered for days. Ring them. Nothing is sent, "
        "answered or closed by itself."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chasing:
    """Notes each day which copies are due soon, late and later; each copy by itself."""

    chaser: Chaser

    def chase(self) -> int:
        """Let every unanswered copy climb as far as its day says; return how many climbed."""
        today = uk_day(self.chaser.clock())
        with self.chaser.transaction() as tx:
            names = tx.copies.waiting_due_by(today + _SOON)
        return self.chaser.each(names, _climbed)


def _climbed(tx: Transaction, name: CopyName, now: datetime) -> Chased:
    """Record how far a copy has climbed since it was told last, and return who hears it."""
    copy = tx.copies.copy(name, to_change=True)
    step = lateness_on(copy.due_on, uk_day(now))
    goes_up = _ORDER.index(step) > _ORDER.index(copy.lateness)
    if not (copy.waits and goes_up and is_with_partner(tx.disclosure(copy.disclosure))):
        return NOTHING_LATE
    after = changed(copy, now, lateness=step)
    heard = dict.fromkeys(_who_hears(tx, after, uk_day(now)))
    tx.append(recorded.escalated(after, tx.copies.put(after), step))
    subject, said = f"Request {copy.name}", _SENTENCES[step].format(day=spelled_day(copy.due_on))
    notices = (PersonNotice(to=one, subject=subject, sentences=(said,)) for one in heard)
    return Chased(steps=1, notices=tuple(notices))


def _who_hears(tx: Transaction, copy: Copy, today: date) -> Iterator[str]:
    """Yield the work address of each who hears how far a copy has climbed."""
    if copy.lateness is not Lateness.LATER:
        owner = () if copy.owner is None else tuple(_addresses(tx, copy.owner))
        yield from owner
        if copy.lateness is Lateness.LATE or not owner:
            yield from _those(tx, copy.asked, LEADS, today)
        return
    yield from _addresses(tx, copy.set_by)
    for body in _bodies_of_the_day(tx, copy, today):
        yield from _those(tx, body, (Role.CHAIR,), today)
    yield from _addresses(tx, copy.asker)
    for body in sorted(icb_bodies(tx)):
        yield from _those(tx, body, LEADS, today)


def _bodies_of_the_day(tx: Transaction, copy: Copy, today: date) -> list[AgencyId]:
    """Return for which bodies somebody acts in the function in which they set the day."""
    held = [
        one.agency
        for one in tx.people.roles_of(copy.set_by)
        if one.role == copy.function and one.stands_on(today)
    ]
    return sorted(set(held))


def _those(
    tx: Transaction, agency: AgencyId, roles: tuple[Role, ...], today: date
) -> Iterator[str]:
    """Yield the work address of each who acts in one of these roles for a body."""
    yield from (one.contact for one in colleagues(tx, agency, roles, today))


def _addresses(tx: Transaction, person: PersonId) -> Iterator[str]:
    """Yield the work address of somebody who still works here."""
    found = contact_of(tx, person)
    if found is not None:
        yield found
