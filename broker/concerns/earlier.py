"""What a body knew before a concern that nobody has sent yet, for its lead and its Guardian.

It is looked up by what its draft says of the person now, in the index of what the body entered,
and is in that index itself from the first question on, by what its draft said when somebody was
asked, answered or left it; what was sent of it stands there instead. Each that is listed and that
nobody called another person is opened before the concern ends or goes elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from broker.cases.earlier.index import EarlierIndex
from broker.cases.earlier.lists import (
    Called,
    EarlierConcern,
    OpenedConcern,
    called_on_record,
    looked_up,
    named,
    opened_on_record,
)
from broker.cases.earlier.read_first import sees_earlier, unread_among
from broker.cases.members import references_of
from broker.concerns.drafts import Drafts
from broker.concerns.who_checks import refuse_about, refuse_own
from broker.concerns.words import opened
from broker.domain.cases.earlier import Call, Match
from broker.domain.concerns.concerns import (
    Concern,
    ConcernStage,
    Ending,
    OpenConcern,
    UnknownConcernError,
)
from broker.domain.concerns.drafts import Draft
from broker.domain.concerns.whom import named_in, told_in
from broker.domain.errors import RowDisagreesError, UnknownReferenceError
from broker.domain.form import FORM
from broker.domain.model import Person
from broker.domain.references import Prefix, Reference
from broker.domain.times import Clock, uk_day
from broker.ledger.readings import Entrance
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierOfConcerns:
    """Earlier concerns before a concern, as `EarlierLists` has them before a disclosure.

    What is not theirs is `UnknownConcernError`; what they wrote, or what may be about them,
    `SomeoneElseChecksError`.
    """

    transaction: Transactions
    drafts: Drafts
    index: EarlierIndex
    clock: Clock

    def before(self, person: Person, reference: Reference) -> tuple[EarlierConcern, ...]:
        """Return what the body knows about the person of a concern, the newest first; recorded."""
        with self.transaction() as tx:
            concern, found = self._of_their_body(tx, person, reference)
            return looked_up(tx, person, concern.case, found)

    def beside(self, person: Person, opened: OpenConcern) -> tuple[EarlierConcern, ...] | None:
        """Return the same beside a concern that its checker reads; None for who may see none."""
        if not sees_earlier(person, opened.concern.agency):
            return None
        return () if opened.draft is None else self.before(person, opened.concern.reference)

    def open(
        self, person: Person, reference: Reference, other: Reference, how: Entrance
    ) -> OpenedConcern:
        """Return an earlier concern to be read; recorded.

        Raises `UnknownReferenceError` for one that is not on the list.
        """
        with self.transaction() as tx:
            _, found = self._of_their_body(tx, person, reference)
            match = named(found, reference, other)
            return opened_on_record(tx, person, match, how, self.words_of)

    def call(self, person: Person, reference: Reference, other: Reference, call: Call) -> None:
        """Say whether two concerns are about one person; the newest word counts. Raises as `open`.

        It holds for what is sent of the concern too.
        """
        with self.transaction() as tx:
            concern, found = self._of_their_body(tx, person, reference)
            said = Called(by=person, call=call, on=uk_day(self.clock()))
            match = named(found, reference, other)
            called_on_record(tx, concern.case, reference, match, said)

    # Inside the caller's transaction

    def note(self, tx: Transaction, concern: Concern, draft: Draft | None) -> str | None:
        """Mark a concern by what its draft says, so that the next is found to be a second one.

        Returns what its event says of the marks; None where the draft is gone, and they stay.
        """
        if draft is None:
            return None
        return self.index.note_concern(tx, concern, named_in(draft.text))

    def end(self, tx: Transaction, concern: Concern) -> str:
        """Take the marks of a concern that was sent away: what was sent has its own."""
        return self.index.note_concern(tx, concern, {})

    def form_of(
        self, tx: Transaction, reference: Reference
    ) -> tuple[Concern, Mapping[str, str]] | None:
        """Return a concern and what it is found by; None where its words are gone or were sent."""
        concern = tx.concerns.find(reference)
        if concern is None or concern.closed_as is Ending.SENT:
            return None
        draft = self.drafts.anybodys(tx, concern.draft)
        return None if draft is None else (concern, named_in(draft.text))

    def words_of(
        self, tx: Transaction, person: Person, reference: Reference
    ) -> tuple[tuple[str, str], ...]:
        """Return what is in a concern by field, and what was answered; see `WordsOfConcerns`."""
        concern = tx.concerns.find(reference)
        if concern is None:
            raise UnknownReferenceError
        draft = self.drafts.anybodys(tx, concern.draft)
        refuse_about(tx, draft, person)
        told = dict[str, str]() if draft is None else told_in(draft.text)
        answers, checks = opened(tx, concern, draft).words, concern.checks
        return (
            *((one.label, told[one.id]) for one in FORM if one.id in told),
            *(
                (f"What the {check.role} answered", answers[check.number])
                for check in checks
                if check.number in answers
            ),
        )

    def unread(
        self, tx: Transaction, person: Person, concern: Concern, draft: Draft | None
    ) -> tuple[Reference, ...]:
        """Return what somebody has still to open before a concern ends; who sees none, nothing."""
        if not sees_earlier(person, concern.agency):
            return ()
        found = self._found(tx, concern, draft)
        return unread_among(tx, person, (one for one in found if one.call is not Call.ANOTHER))

    def unread_of_case(
        self, tx: Transaction, person: Person, case: CaseId
    ) -> tuple[Reference, ...]:
        """Return the same for the concerns of a case that somebody closes."""
        named_of_case = references_of(tx, case)
        concerns = (tx.concerns.find(one) for one in named_of_case if one.prefix is Prefix.CONCERN)
        return tuple(
            unread
            for one in concerns
            if one is not None and one.stage is not ConcernStage.CLOSED
            for unread in self.unread(tx, person, one, self.drafts.anybodys(tx, one.draft))
        )

    def _of_their_body(
        self, tx: Transaction, person: Person, reference: Reference
    ) -> tuple[Concern, tuple[Match, ...]]:
        concern = tx.concerns.find(reference)
        if concern is None or not sees_earlier(person, concern.agency):
            raise UnknownConcernError
        draft = self.drafts.anybodys(tx, concern.draft)
        refuse_own(tx, concern, draft, person)
        return concern, self._found(tx, concern, draft)

    def _found(self, tx: Transaction, concern: Concern, draft: Draft | None) -> tuple[Match, ...]:
        """Return what is known of whom a draft is about; nothing once the concern is over.

        Raises `RowDisagreesError` where somebody took the draft of one that is not over away:
        nothing of ours does.
        """
        if draft is not None:
            return self.index.known_of(tx, concern, named_in(draft.text))
        if concern.stage is ConcernStage.CLOSED:
            return ()
        raise RowDisagreesError("draft")
