"""What a Guardian is shown: the queue, one referral, and what was decided or looked back at."""

from dataclasses import dataclass
from datetime import date

from broker.disclosures.views import NEXT_STEPS, question_document
from broker.domain.grounds import PRINCIPLES, RELATIONS, VIEWS, Opinion
from broker.domain.model import Disclosure, Person
from broker.domain.times import day_text, rfc3339
from broker.guardian.referrals import VERDICTS, Referral, Referrals
from broker.guardian.retrospective import Owed, Retrospective

AFTER_DISSENT = (
    "Nothing was changed by this. If it was sent and not opened yet, recall it. Tell the sender "
    "what must follow, and whoever keeps the rules if a rule should be other."
)
"""What a Guardian does after a dissent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What a Guardian has before them: to decide, to look back at, and what others let slip."""

    waiting: tuple[Disclosure, ...]
    afterwards: tuple[Owed, ...]
    overdue: tuple[Owed, ...]
    today: date

    def document(self) -> dict[str, object]:
        """Return it as JSON, the first due first in each list."""
        return {
            "waiting": [
                {**self._line(one, one.due_on), "state": one.state.value} for one in self.waiting
            ],
            "afterwards": [
                {**self._line(one.disclosure, one.duty.due_on), "cause": one.cause}
                for one in self.afterwards
            ],
            "overdue_duties": [
                {**self._line(one.disclosure, one.duty.due_on), "duty": one.duty.type}
                for one in self.overdue
            ],
        }

    def _line(self, disclosure: Disclosure, due_on: date | None) -> dict[str, object]:
        return {
            "reference": str(disclosure.reference),
            "purpose": disclosure.purpose,
            "recipient": disclosure.recipient,
            "outcome": disclosure.outcome,
            "created_at": rfc3339(disclosure.created_at),
            "due_on": day_text(due_on),
            "days_late": 0 if due_on is None else max(0, (self.today - due_on).days),
        }


def queue_of(referrals: Referrals, retrospective: Retrospective, guardian: Person) -> Queue:
    """Return what a Guardian of this agency has before them today."""
    return Queue(
        waiting=referrals.waiting(guardian),
        afterwards=retrospective.to_look_back_at(guardian),
        overdue=retrospective.overdue(guardian),
        today=retrospective.today(),
    )


def referral_document(referral: Referral) -> dict[str, object]:
    """Return what a Guardian reads before deciding: the pack, its reasons, the rules with law."""
    disclosure = referral.disclosure
    return {
        "reference": str(disclosure.reference),
        "requester": disclosure.requester,
        "recipient": disclosure.recipient,
        "purpose": disclosure.purpose,
        "state": disclosure.state.value,
        "outcome": disclosure.outcome,
        "created_at": rfc3339(disclosure.created_at),
        "due_on": day_text(disclosure.due_on),
        "pack": referral.pack.document(),
        "explanation": referral.explanation,
        "questions": list(map(question_document, referral.questions)),
        "verdicts": list(VERDICTS),
        "opinions": list(VIEWS),
        "relations": list(RELATIONS),
        "principles": {str(number): words for number, words in PRINCIPLES.items()},
    }


def reviewed_document(disclosure: Disclosure, receipt: str | None) -> dict[str, object]:
    """Return what a Guardian's answer led to."""
    return {
        "reference": str(disclosure.reference),
        "outcome": disclosure.outcome,
        "state": disclosure.state.value,
        "due_on": day_text(disclosure.due_on),
        "next_step": NEXT_STEPS[disclosure.state],
        "receipt": receipt,
    }


def looked_back_document(owed: Owed, opinion: Opinion, receipt: str | None) -> dict[str, object]:
    """Return what looking back led to, and what a Guardian who dissents can do."""
    disclosure = owed.disclosure
    return {
        "reference": str(disclosure.reference),
        "state": disclosure.state.value,
        "cause": owed.cause,
        "opinion": opinion.view,
        "next_step": AFTER_DISSENT if opinion.view == "dissent" else "Done.",
        "receipt": receipt,
    }
