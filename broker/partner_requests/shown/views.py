"""Lists of requests and one request, for whoever asked it or is asked; not theirs, not there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.domain.model import Person
from broker.domain.partner_requests.copies import Copy, CopyName, UnknownCopyError
from broker.domain.references import Reference
from broker.domain.states import State
from broker.domain.times import Clock, uk_day
from broker.ledger.readings import Content, Entrance, record_reading
from broker.partner_requests.shown.content import CopyContent, content_of
from broker.partner_requests.shown.lines import Line, lines_of
from broker.partner_requests.standing import SEES_ALL_THAT_COMES, is_asked_by, may_answer
from broker.storage.transaction import Transaction, Transactions
from keys import PersonId

LISTED: Final = 100
"""How many copies a list holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestViews:
    """Reads requests for either side; each method opens its own transaction."""

    transaction: Transactions
    clock: Clock

    def inbox(self, person: Person) -> tuple[Line, ...]:
        """Return what waits for an answer of the person's body, the first due first."""
        with self.transaction() as tx:
            found = tx.copies.waiting_at(person.agency, owner=_only(person), limit=LISTED)
            return self._that_came(tx, found, person)

    def due(self, person: Person, by: date) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """Return what is due by a day and unanswered, the first due first.

        First what the person's body is to answer, then what it asked.
        """
        with self.transaction() as tx:
            ours = tx.copies.waiting_at(
                person.agency, owner=_only(person), limit=LISTED, due_by=by
            )
            theirs = tx.copies.waited_for_by(person.agency, by, limit=LISTED)
            asked = self._lines(tx, [copy for copy in theirs if is_asked_by(copy, person)])
            return self._that_came(tx, ours, person), asked

    def answered(self, person: Person) -> tuple[Line, ...]:
        """Return what the person's body no longer has to answer, the newest first."""
        with self.transaction() as tx:
            found = tx.copies.answered_at(person.agency, owner=_only(person), limit=LISTED)
            return self._that_came(tx, found, person)

    def put_by_us(self, person: Person) -> tuple[Line, ...]:
        """Return what the person's body asked, the newest first."""
        with self.transaction() as tx:
            found = tx.copies.put_by(person.agency, limit=LISTED)
            return self._lines(tx, [copy for copy in found if is_asked_by(copy, person)])

    def request(self, reference: Reference, person: Person) -> tuple[Line, ...]:
        """Return the copies of a request that the person's body asked, or its own one."""
        with self.transaction() as tx:
            lines = self._lines(
                tx,
                [
                    copy
                    for copy in tx.copies.of_request(reference)
                    if is_asked_by(copy, person) or may_answer(copy, person)
                ],
            )
            seen = tuple(line for line in lines if is_asked_by(line.copy, person) or line.came)
        if not seen:
            raise UnknownCopyError
        return seen

    def content(self, name: CopyName, person: Person, how: Entrance) -> CopyContent:
        """Return what a copy says, for either side; that it is read is recorded first.

        Raises `UnknownCopyError`, and `KeyErasedError` once its words are gone.
        """
        with self.transaction() as tx:
            copy = tx.copies.copy(name)
            is_asker = is_asked_by(copy, person)
            if not is_asker and not may_answer(copy, person):
                raise UnknownCopyError
            disclosure = tx.disclosure(copy.disclosure)
            (line,) = self._lines(tx, [copy])
            if not is_asker and not line.came:
                raise UnknownCopyError
            content = content_of(tx, line, disclosure)
            record_reading(tx, person, Content.QUESTIONS, how, copy.disclosure)
        return content

    def content_of(
        self, tx: Transaction, copy: Copy, person: Person, how: Entrance
    ) -> CopyContent:
        """Return what a copy says to somebody who may read it, recorded by the caller's hand."""
        (line,) = self._lines(tx, [copy])
        content = content_of(tx, line, tx.disclosure(copy.disclosure))
        record_reading(tx, person, Content.QUESTIONS, how, copy.disclosure)
        return content

    def _that_came(
        self, tx: Transaction, found: Iterable[Copy], person: Person
    ) -> tuple[Line, ...]:
        lines = self._lines(tx, [copy for copy in found if may_answer(copy, person)])
        return tuple(line for line in lines if line.came and line.question is not State.RECALLED)

    def _lines(self, tx: Transaction, copies: Sequence[Copy]) -> tuple[Line, ...]:
        return lines_of(tx, copies, uk_day(self.clock()))


def _only(person: Person) -> PersonId | None:
    """Return whose copies alone a person sees, None where they see all of their body's."""
    return None if person.role in SEES_ALL_THAT_COMES else person.id
