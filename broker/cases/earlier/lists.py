"""What lead and Guardian do with earlier concerns: list, open, say whether they are one person.

A practitioner sees none of it. A recipient sees which earlier references came to it, and no more.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from audit.log.known import CASE
from broker.cases.arrivals import came_at
from broker.cases.earlier.index import EarlierIndex, is_read
from broker.cases.earlier.read_first import sees_earlier
from broker.cases.members import case_named
from broker.domain.cases.earlier import READ_EARLIER, Call, Match, Side
from broker.domain.concerns.concerns import ConcernStage, Ending
from broker.domain.errors import UnknownMailboxError, UnknownReferenceError, WrongStateError
from broker.domain.form import FORM
from broker.domain.model import Disclosure, MailboxId, Person
from broker.domain.references import Prefix, Reference
from broker.domain.states import ARRIVED, State
from broker.domain.times import Clock, moment_of, uk_day
from broker.ledger import events
from broker.ledger.changes import cases as case_events
from broker.ledger.readings import Content, Entrance, record_reading
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, CaseId

LISTED: Final = 100
_NO_MAILBOX: Final = MailboxId("none")


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierConcern:
    """One earlier concern on a list: how it stands, and whether whoever asks has opened it.

    `purpose` is None for what nobody sent, which stands as a concern does. `words_gone_on` is the
    day on which its words went, None while they are there.
    """

    match: Match
    state: State | ConcernStage | Ending
    purpose: str | None
    was_opened: bool
    words_gone_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedConcern:
    """An earlier concern as it is given to read: its words by field, or since when they are gone.

    `closed_by` is the function that closed its case.
    """

    concern: EarlierConcern
    words: tuple[tuple[str, str], ...]
    ended_as: str | None
    closed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Whether somebody calls two one person, and on which day."""

    by: Person
    call: Call
    on: date


class WordsOfConcerns(Protocol):
    """Says what is in a concern that nobody sent."""

    def __call__(
        self, tx: Transaction, person: Person, reference: Reference, /
    ) -> tuple[tuple[str, str], ...]:
        """Return its words by field, in the caller's transaction, for somebody who may see it.

        Raises `SomeoneElseChecksError` for what may be about them.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLists:
    """Earlier concerns for those who may; what is not theirs is as if it were not there.

    Every method opens its own transaction.
    """

    transaction: Transactions
    index: EarlierIndex
    words_of_concern: WordsOfConcerns
    clock: Clock

    def owed(self, person: Person) -> tuple[Disclosure, ...]:
        """Return what of a body still has earlier concerns to be opened, the first due first."""
        with self.transaction() as tx:
            owed = tx.duties.open(person.agency, (READ_EARLIER,), limit=LISTED)
            return tx.listed([disclosure for disclosure, _ in owed])

    def before(self, person: Person, reference: Reference) -> tuple[EarlierConcern, ...]:
        """Return what the body knows from before a disclosure of its own, the newest first.

        Recorded as a look-up. Raises `UnknownReferenceError`.
        """
        with self.transaction() as tx:
            disclosure = _of_their_body(tx, person, reference)
            found = self.index.before(tx, person.agency, disclosure, Side.ENTERED)
            return looked_up(tx, person, disclosure.case, found)

    def received_before(self, person: Person, reference: Reference) -> tuple[Match, ...]:
        """Return which earlier references about the same person came to the recipient's body.

        Recorded as a look-up. Raises `UnknownReferenceError` for what did not come to it.
        """
        with self.transaction() as tx:
            disclosure = received_by(tx, person.agency, reference)
            arrived = arrived_before(tx, self.index, person.agency, disclosure)
            tx.append(case_events.looked_up(disclosure.case, person))
        return arrived

    def open(
        self, person: Person, reference: Reference, other: Reference, how: Entrance
    ) -> OpenedConcern:
        """Return an earlier concern to be read; recorded, and the duty ends with the last one.

        Raises `UnknownReferenceError` for one that is not on the list.
        """
        with self.transaction() as tx:
            disclosure = _of_their_body(tx, person, reference)
            found = self.index.before(tx, person.agency, disclosure, Side.ENTERED)
            match = named(found, reference, other)
            opened = opened_on_record(tx, person, match, how, self.words_of_concern)
            self._finish(tx, disclosure, person, found)
        return opened

    def call(self, person: Person, reference: Reference, other: Reference, call: Call) -> None:
        """Say whether two concerns are about one person; the newest word counts.

        Raises `UnknownReferenceError` for one that is not on the list.
        """
        with self.transaction() as tx:
            disclosure = _of_their_body(tx, person, reference)
            found = self.index.before(tx, person.agency, disclosure, Side.ENTERED)
            self._call(tx, disclosure, person, named(found, reference, other), call)

    def call_received(
        self, person: Person, reference: Reference, other: Reference, call: Call
    ) -> None:
        """Say whether two references that came here are about one person; raises as `call`."""
        with self.transaction() as tx:
            disclosure = received_by(tx, person.agency, reference)
            arrived = arrived_before(tx, self.index, person.agency, disclosure)
            self._call(tx, disclosure, person, named(arrived, reference, other), call)

    def _call(
        self, tx: Transaction, disclosure: Disclosure, person: Person, match: Match, call: Call
    ) -> None:
        said = Called(by=person, call=call, on=uk_day(self.clock()))
        called_on_record(tx, disclosure.case, disclosure.reference, match, said)

    def _finish(
        self, tx: Transaction, disclosure: Disclosure, person: Person, found: tuple[Match, ...]
    ) -> None:
        counted = [one for one in found if one.counts]
        if not counted or not all(is_read(tx, one, {person.id}) for one in counted):
            return
        if tx.duties.finish(disclosure.reference, READ_EARLIER, uk_day(self.clock())):
            tx.append(events.duty_done(disclosure, person, READ_EARLIER, None))


def looked_up(
    tx: Transaction, person: Person, case: CaseId, found: Iterable[Match]
) -> tuple[EarlierConcern, ...]:
    """Return what was found as a list for somebody; that they looked is recorded."""
    listed = tuple(_listed(tx, one, person) for one in found)
    tx.append(case_events.looked_up(case, person))
    return listed


def opened_on_record(
    tx: Transaction, person: Person, match: Match, how: Entrance, words_of: WordsOfConcerns
) -> OpenedConcern:
    """Return an earlier concern to be read by somebody who may; that they read is recorded."""
    opened = _opened(tx, _listed(tx, match, person), person, words_of)
    record_reading(tx, person, Content.EARLIER, how, match.reference)
    return opened


def called_on_record(
    tx: Transaction, case: CaseId, reference: Reference, match: Match, said: Called
) -> None:
    """Keep what somebody says of a reference of a case and one that was found from it."""
    pair, by = (str(reference), str(match.reference)), said.by
    stored = tx.earlier.put_call(by.agency, pair, said.call, by.id, said.on)
    tx.append(case_events.called(case, by.id, match.reference, said.call, stored))


def named(found: Iterable[Match], reference: Reference, other: Reference) -> Match:
    """Return the one of a list that is named.

    Raises `UnknownReferenceError` for what is not on it, and `WrongStateError` for the concern
    itself.
    """
    if other == reference:
        raise WrongStateError("This is the concern itself. Name an earlier one of its list.")
    match = next((one for one in found if one.reference == other), None)
    if match is None:
        raise UnknownReferenceError
    return match


def _of_their_body(tx: Transaction, person: Person, reference: Reference) -> Disclosure:
    disclosure = tx.disclosure(reference)
    if not sees_earlier(person, disclosure.sender):
        raise UnknownReferenceError
    return disclosure


def arrived_before(
    tx: Transaction, index: EarlierIndex, body: AgencyId, disclosure: Disclosure
) -> tuple[Match, ...]:
    """Return which earlier references about the same person came to a body, the newest first."""
    found = index.before(tx, body, disclosure, Side.RECEIVED)
    return tuple(one for one in found if came_at(tx.about(one.reference)) is not None)


def received_by(tx: Transaction, body: AgencyId, reference: Reference) -> Disclosure:
    """Return what came to a body; raises `UnknownReferenceError` for what did not."""
    try:
        disclosure = tx.disclosure(reference)
    except UnknownReferenceError:
        # Asked as for one that is there, so that time tells nobody which are.
        with suppress(UnknownMailboxError):
            tx.directory.mailbox(_NO_MAILBOX)
        raise
    is_theirs = tx.directory.mailbox(disclosure.recipient).agency == body
    if disclosure.state not in ARRIVED or not is_theirs:
        raise UnknownReferenceError
    return disclosure


def _listed(tx: Transaction, match: Match, person: Person) -> EarlierConcern:
    state, purpose = _standing(tx, match.reference)
    # What goes with its whole case has no entry of its own that says so.
    entries = (*tx.about(match.reference), *tx.known().about(CASE, match.case))
    erased = next((one for one in entries if one.type == "erased"), None)
    return EarlierConcern(
        match=match,
        state=state,
        purpose=purpose,
        was_opened=is_read(tx, match, {person.id}),
        words_gone_on=None if erased is None else uk_day(moment_of(erased.moment)),
    )


def _standing(
    tx: Transaction, reference: Reference
) -> tuple[State | ConcernStage | Ending, str | None]:
    """Return where an earlier concern stands, and for what it was sent, None where it was not."""
    if reference.prefix is not Prefix.CONCERN:
        disclosure = tx.disclosure(reference)
        return disclosure.state, disclosure.purpose
    concern = tx.concerns.find(reference)
    if concern is None:
        raise UnknownReferenceError
    return concern.closed_as or concern.stage, None


def _opened(
    tx: Transaction, concern: EarlierConcern, person: Person, words_of: WordsOfConcerns
) -> OpenedConcern:
    reference = concern.match.reference
    case = tx.cases.find(case_named(tx, reference))
    words: tuple[tuple[str, str], ...] = ()
    if concern.words_gone_on is not None:
        pass
    elif reference.prefix is Prefix.CONCERN:
        words = words_of(tx, person, reference)
    else:
        form = tx.case_file(tx.disclosure(reference)).pack().form
        words = tuple((one.label, form[one.id]) for one in FORM if one.id in form)
    closed_as = None if case is None else case.closed_as
    closed_by = None if case is None else case.closed_by
    return OpenedConcern(
        concern=concern,
        words=words,
        ended_as=None if closed_as is None else closed_as.value,
        closed_by=None if closed_by is None else closed_by.value,
    )
