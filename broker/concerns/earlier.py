"""What a body knew before a concern that nobody has sent yet, for its lead and its Guardian.

It is looked up by what its draft says of the person now, in the index of what the body entered. A
draft is in no index itself, so nobody has called a look-alike of it the same person or another:
each that is listed is opened before the concern ends or goes elsewhere.
"""

from dataclasses import dataclass

from broker.cases.earlier.index import EarlierIndex
from broker.cases.earlier.lists import (
    EarlierConcern,
    OpenedConcern,
    looked_up,
    named,
    opened_on_record,
)
from broker.cases.earlier.read_first import sees_earlier, unread_among
from broker.cases.members import references_of
from broker.concerns.drafts import Drafts
from broker.concerns.who_checks import refuse_own
from broker.domain.cases.earlier import Match
from broker.domain.concerns.concerns import (
    Concern,
    ConcernStage,
    OpenConcern,
    UnknownConcernError,
)
from broker.domain.concerns.drafts import Draft
from broker.domain.concerns.whom import named_in
from broker.domain.errors import RowDisagreesError
from broker.domain.model import Person
from broker.domain.references import Prefix, Reference
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
            return opened_on_record(tx, person, named(found, reference, other), how)

    # Inside the caller's transaction

    def unread(
        self, tx: Transaction, person: Person, concern: Concern, draft: Draft | None
    ) -> tuple[Reference, ...]:
        """Return what somebody has still to open before a concern ends; who sees none, nothing."""
        if not sees_earlier(person, concern.agency):
            return ()
        return unread_among(tx, person, self._found(tx, concern, draft))

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
            return self.index.known_of(tx, concern.agency, concern.case, named_in(draft.text))
        if concern.stage is ConcernStage.CLOSED:
            return ()
        raise RowDisagreesError("draft")
