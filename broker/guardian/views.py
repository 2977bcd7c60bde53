"""What a Guardian is shown: the queue, one referral, and what was decided or looked back at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from audit.errors import LedgerError
from broker.disclosures.questions import question_document
from broker.disclosures.views import short_document
from broker.domain.errors import BrokerError
from broker.domain.grounds import PRINCIPLES, RELATIONS, REQUESTER, VIEWS, Opinion
from broker.domain.model import Disclosure, Person
from broker.domain.obligations import EMERGENCY
from broker.domain.references import Reference
from broker.domain.states import NEXT_STEPS, State
from broker.domain.times import day_text, rfc3339
from broker.guardian.answer import VERDICTS
from broker.guardian.referral import Referral, Standing
from broker.guardian.referrals import Referrals
from broker.guardian.repeats import repeats_among
from broker.guardian.retrospective import Owed, Retrospective
from broker.ledger.readings import Entrance, Reading
from broker.ledger.receipts import Receipts
from keys import KeyManagementError

GUARDIANS_NEXT_STEPS = {
    State.REFERRED: "It goes on waiting for a Guardian who may decide it. Nothing was sent.",
    State.ASKED: "Its sender is asked; you may decide without the reply. Nothing was sent.",
    State.REFUSED: "Nothing was sent. Its sender reads your reason.",
}
"""What follows a Guardian's word, where it is other than what the sender reads."""

AFTER_DISSENT = (
    "Nothing was changed by this. If it was sent and not opened yet, recall it. Tell the sender "
    "what must follow, and whoever keeps the rules if a rule should be other."
)
"""What a Guardian does after a dissent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What a Guardian has before them: to decide, to look back at, and what others let slip.

    `for_another` is what another Guardian looks back at, since this one asked for or decided it.
    `repeats` are those about a person of whom the body has earlier concerns.
    """

    waiting: tuple[Disclosure, ...]
    afterwards: tuple[Owed, ...]
    for_another: tuple[Owed, ...]
    overdue: tuple[Owed, ...]
    today: date
    repeats: frozenset[Reference] = frozenset()

    @property
    def to_decide(self) -> tuple[Disclosure, ...]:
        """What only a Guardian's word can let go, or refuse."""
        return tuple(one for one in self.waiting if one.state is not State.ASKED)

    @property
    def asked(self) -> tuple[Disclosure, ...]:
        """What waits for the sender's answer; a Guardian may decide without it."""
        return tuple(one for one in self.waiting if one.state is State.ASKED)

    @property
    def emergencies(self) -> tuple[Owed, ...]:
        """The emergencies that no Guardian has looked at yet."""
        return tuple(owed for owed in self.afterwards if owed.cause == EMERGENCY)

    @property
    def others(self) -> tuple[Owed, ...]:
        """What else is to be looked back at."""
        return tuple(owed for owed in self.afterwards if owed.cause != EMERGENCY)

    def days_late(self, due_on: date | None) -> int:
        """Return by how many days a day has passed, 0 where it has not."""
        return 0 if due_on is None else max(0, (self.today - due_on).days)

    def document(self) -> dict[str, object]:
        """Return it as JSON, the first due first in each list."""
        return {
            "waiting": [
                {**self._line(one, one.due_on), "state": one.state.value} for one in self.waiting
            ],
            "afterwards": [
                {**self._line(owed.disclosure, owed.duty.due_on), "cause": owed.cause}
                for owed in self.afterwards
            ],
            "for_another_guardian": [
                {**self._line(owed.disclosure, owed.duty.due_on), "cause": owed.cause}
                for owed in self.for_another
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
            "days_late": self.days_late(due_on),
            "is_repeat": disclosure.reference in self.repeats,
        }


def queue_of(referrals: Referrals, retrospective: Retrospective, guardian: Person) -> Queue:
    """Return what a Guardian of this agency has before them today."""
    waiting, afterwards = referrals.waiting(guardian), retrospective.to_look_back_at(guardian)
    listed = (*waiting, *(owed.disclosure for owed in afterwards))
    return Queue(
        waiting=waiting,
        afterwards=tuple(owed for owed in afterwards if not owed.is_own),
        for_another=tuple(owed for owed in afterwards if owed.is_own),
        overdue=retrospective.overdue(guardian),
        today=retrospective.today(),
        repeats=repeats_among(referrals.transaction, listed, guardian),
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
        "to": {
            "organisation": referral.recipient.name,
            "mailbox": referral.mailbox.title,
            "address": referral.mailbox.address,
            "telephone": referral.mailbox.telephone,
            "verified_by": referral.mailbox.verified_by,
            "verified_on": day_text(referral.mailbox.verified_on),
        },
        "pack": referral.pack.document(),
        "explanation": referral.explanation,
        "settled_by": dict(referral.decision.settled_by),
        "only_an_answer_settles": list(referral.decision.questions),
        "is_repeat": referral.is_repeat,
        "decided": referral.decided.document(),
        "if_approved": None if referral.approved is None else referral.approved.document(),
        "reviews": [review.document() for review in referral.reviews],
        "looked_back": list(referral.opinions),
        "questions": list(map(question_document, referral.questions)),
        "of_the_case": [
            {
                "reference": str(one.reference),
                "state": one.state.value,
                "outcome": one.outcome,
                "created_at": rfc3339(one.created_at),
            }
            for one in referral.of_the_case
        ],
        "verdicts": list(VERDICTS),
        "opinions": list(VIEWS),
        "relations": dict(RELATIONS),
        "principles": {str(number): words for number, words in PRINCIPLES.items()},
    }


def readings_document(reference: Reference, readings: Iterable[Reading]) -> dict[str, object]:
    """Return who looked at a disclosure, the first first."""
    return {
        "reference": str(reference),
        "readings": [reading.document() for reading in readings],
    }


def asked_document(disclosure: Disclosure, receipt: str | None) -> dict[str, object]:
    """Return where a disclosure stands after a Guardian's question."""
    return {
        "reference": str(disclosure.reference),
        "outcome": disclosure.outcome,
        "state": disclosure.state.value,
        "due_on": day_text(disclosure.due_on),
        "next_step": GUARDIANS_NEXT_STEPS.get(disclosure.state, NEXT_STEPS[disclosure.state]),
        "receipt": receipt,
    }


def reviewed_document(standing: Standing, receipt: str | None, *, kept: bool) -> dict[str, object]:
    """Return what a Guardian's answer leads to: what goes, what stays, and whether it counts.

    `kept` is False for a preview.
    """
    return {
        **asked_document(standing.disclosure, receipt),
        "kept": kept,
        "counts": standing.counts,
        "why_it_does_not_count": None if standing.counts else _no_word(standing.relation),
        **standing.what.document(),
    }


def decided_after(
    referrals: Referrals,
    receipts: Receipts,
    reference: Reference,
    guardian: Person,
    how: Entrance,
) -> dict[str, object]:
    """Return what a Guardian's answer led to, now that it is recorded: no trouble undoes it."""
    # Of the decision: what is read of it afterwards is an entry, too.
    receipt = receipts.newest_about(reference)
    try:
        standing = referrals.standing(reference, guardian, how)
    except (BrokerError, KeyManagementError, LedgerError) as error:
        return short_document(reference, error)
    return reviewed_document(standing, receipt, kept=True)


def _no_word(relation: str) -> str:
    why = {**RELATIONS, REQUESTER: "you submitted it yourself"}[relation]
    return f"It does not count, because {why}. It is recorded; a deputy Guardian decides."


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
