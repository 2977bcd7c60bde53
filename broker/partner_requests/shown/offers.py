"""What a form of asking or answering offers: who acts, where answers go, and whether it waits."""

from dataclasses import dataclass
from typing import Final

from broker.domain.model import MailboxId, Person
from broker.domain.panels.packs import PURPOSE as PANEL_ASSESSMENT
from broker.domain.partner_requests.copies import WAITS, CopyName
from broker.domain.partner_requests.days import SETS_THE_DAY
from broker.domain.times import Clock, uk_day
from broker.partner_requests.standing import ANSWERERS, put_to_us
from broker.storage.transaction import Transactions
from keys import PersonId

_TAKES_ANSWERS: Final = ("prevent-inbox", "panel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Somebody with a name, acting in a function for a body."""

    person: PersonId
    name: str
    function: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Says what can be chosen or done now; each method opens its own transaction."""

    transaction: Transactions
    clock: Clock

    def day_setters(self) -> tuple[Acting, ...]:
        """Return who may set a day now: every chair and coordinator, by body and name."""
        today = uk_day(self.clock())
        with self.transaction() as tx:
            found = [
                Acting(person=one.id, name=one.name, function=role.value, body=agency.name)
                for agency in tx.directory.agencies()
                for role in sorted(SETS_THE_DAY)
                for one in tx.people.acting(agency.id, role, today)
            ]
        return tuple(sorted(found, key=lambda one: (one.body, one.name)))

    def must_wait_for(self, name: CopyName, person: Person) -> None:
        """Return if a copy waits for an answer that the person may give.

        Raises `UnknownCopyError`, `WrongStateError`.
        """
        with self.transaction() as tx:
            put_to_us(tx, name, person)[0].must_be(*WAITS)

    def colleagues(self, name: CopyName, person: Person) -> tuple[Acting, ...]:
        """Return to whom of the body a copy can be passed, by name; raises `UnknownCopyError`."""
        today = uk_day(self.clock())
        with self.transaction() as tx:
            copy, _ = put_to_us(tx, name, person)
            body = tx.directory.agency(copy.asked).name
            found = {
                one.id: Acting(person=one.id, name=one.name, function=role.value, body=body)
                for role in sorted(ANSWERERS)
                for one in tx.people.acting(copy.asked, role, today)
                if one.id != person.id
            }
        return tuple(sorted(found.values(), key=lambda one: one.name))

    def answer_to(self, person: Person, purpose: str) -> MailboxId | None:
        """Return the contact of the person's body to which answers go, None without one.

        A panel's comes first for what its panel assesses, and its Prevent inbox for the rest, each
        before the other; only one that was rung counts.
        """
        first = _TAKES_ANSWERS[::-1] if purpose == PANEL_ASSESSMENT else _TAKES_ANSWERS
        today = uk_day(self.clock())
        with self.transaction() as tx:
            own = [
                mailbox
                for mailbox in tx.directory.mailboxes()
                if mailbox.agency == person.agency and mailbox.counts_on(today)
            ]
        place = {function: number for number, function in enumerate(first)}
        own.sort(key=lambda one: (place.get(one.function, len(place)), one.id))
        return own[0].id if own else None
