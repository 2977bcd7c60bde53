"""A Guardian looks back at some of the answers that share nothing: chance chooses, in the open.

Whatever is shared is a decision of the rules and sampled with them. A nil, a "cannot say" or a no
of one's own is none, so it has its own sample: by what commits to its words.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from audit.log.known import REF
from broker.domain.deadlines import DAYS_TO_LOOK_BACK
from broker.domain.errors import WrongStateError
from broker.domain.grounds import Opinion
from broker.domain.model import Person
from broker.domain.obligations import SAMPLE, is_sampled
from broker.domain.partner_requests.copies import OWN_WORD, Copy, CopyName, UnknownCopyError
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import Clock, day_text, moment_text, uk_day
from broker.ledger.changes import requests as recorded
from broker.ledger.readings import Entrance
from broker.partner_requests.shown.content import CopyContent
from broker.partner_requests.shown.views import RequestViews
from broker.storage.case_file import Part
from broker.storage.transaction import Transaction, Transactions

MOST: Final = 1_000
"""Among how many of the newest answers those to look back at are looked for."""

_NONE_WAITS: Final = "No Guardian has to look back at this answer."


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledAnswer:
    """An answer that shares nothing, which chance chose, and by when a Guardian looks at it."""

    copy: Copy
    due_on: date
    today: date

    @property
    def days_late(self) -> int:
        """By how many days its day has passed."""
        return max(0, (self.today - self.due_on).days)

    def document(self) -> dict[str, object]:
        """Return it as JSON: codes and days."""
        return {
            "copy": str(self.copy.name),
            "from": self.copy.asking,
            "answer": None if self.copy.answer is None else self.copy.answer.value,
            "answered_at": moment_text(self.copy.answered_at),
            "due_on": day_text(self.due_on),
            "days_late": self.days_late,
            "cause": SAMPLE,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """What a Guardian does about answers of their body that share nothing."""

    transaction: Transactions
    views: RequestViews
    clock: Clock

    def to_look_back_at(self, guardian: Person) -> tuple[SampledAnswer, ...]:
        """Return the answers of the Guardian's body to look back at, the first due first."""
        with self.transaction() as tx:
            copies = tx.copies.shared_nothing_at(guardian.agency, limit=MOST)
            found = [self._sampled(copy) for copy in copies if _waits(tx, copy)]
        return tuple(sorted(found, key=lambda one: (one.due_on, str(one.copy.name))))

    def waiting(self, name: CopyName, guardian: Person) -> SampledAnswer:
        """Return an answer that the Guardian is to look back at, without its words.

        Raises `UnknownCopyError`, and `WrongStateError` where nobody has to.
        """
        with self.transaction() as tx:
            return self._sampled(self._theirs(tx, name, guardian))

    def show(self, name: CopyName, guardian: Person, how: Entrance) -> CopyContent:
        """Return what was asked and said, recorded first; raises as `waiting`."""
        with self.transaction() as tx:
            return self.views.content_of(tx, self._theirs(tx, name, guardian), guardian, how)

    def look_back(self, name: CopyName, guardian: Person, opinion: Opinion) -> SampledAnswer:
        """Record that the Guardian concurs with an answer or dissents; the same again once.

        Raises as `waiting`, and `NotAllowedError` for whoever answered, or without grounds.
        """
        opinion.must_be_written()
        given = {
            "by": guardian.id,
            "opinion": opinion.view,
            "relation": opinion.relation,
            "principles": sorted(opinion.principles),
            "reason": opinion.reason,
            "learning": opinion.learning,
        }
        with self.transaction() as tx:
            copy = _answer_of(tx, name, guardian)
            file = tx.case_file(tx.disclosure(copy.disclosure))
            if file.found(Part.ANSWER_HINDSIGHT.value) == given:
                return self._sampled(copy)
            if not _waits(tx, copy):
                raise WrongStateError(_NONE_WAITS)
            opinion.must_be_independent(guardian.id, {copy.answered_by})
            reason_c = file.commit(Part.ANSWER_HINDSIGHT.value, given)
            tx.append(recorded.looked_back(copy, guardian, opinion, reason_c))
        return self._sampled(copy)

    def _theirs(self, tx: Transaction, name: CopyName, guardian: Person) -> Copy:
        copy = _answer_of(tx, name, guardian)
        if not _waits(tx, copy):
            raise WrongStateError(_NONE_WAITS)
        return copy

    def _sampled(self, copy: Copy) -> SampledAnswer:
        answered = uk_day(copy.answered_at or copy.changed_at)
        due_on = answered + timedelta(days=DAYS_TO_LOOK_BACK[SAMPLE])
        return SampledAnswer(copy=copy, due_on=due_on, today=uk_day(self.clock()))


def _answer_of(tx: Transaction, name: CopyName, guardian: Person) -> Copy:
    """Return an answer of the Guardian's body that shares nothing; raises `UnknownCopyError`."""
    copy = tx.copies.copy(name, to_change=True)
    is_theirs = guardian.role is Role.GUARDIAN and copy.asked == guardian.agency
    if not is_theirs or copy.answer not in OWN_WORD:
        raise UnknownCopyError
    return copy


def _waits(tx: Transaction, copy: Copy) -> bool:
    """Say whether chance chose an answer, and no Guardian has looked back at it.

    The ledger says both, so that no row keeps an answer from being looked at.
    """
    entries = [
        entry
        for entry in tx.known().about(REF, str(copy.name.request))
        if entry.event.get("copy") == copy.name.number
    ]
    answered = [entry for entry in entries if entry.type == "request.answered"]
    if not answered or not is_sampled(str(answered[-1].event["words_c"])):
        return False
    if any(entry.type == "request.looked-back" for entry in entries):
        return False
    return tx.disclosure(copy.disclosure).state is not State.ERASED
