"""What is told about a disclosure: one shape for the API and the command line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from broker.disclosure import Disclosures
from broker.grounds import PRINCIPLES, RELATIONS, VIEWS, Opinion
from broker.hindsight import Hindsight, Owed
from broker.judging import Judgement
from broker.model import Disclosure, Duty, Handover, Person, Question, State
from broker.moments import day_text, moment_text
from broker.obligations import CONFIRM_RECEIPT, GUARDIAN_SAMPLE
from broker.questions import questions_of
from broker.receipts import Receipts
from broker.references import Reference
from broker.review import VERDICTS, Referral, Reviews
from policies import Rulebook

NEXT_STEPS = {
    State.DECIDED: "Nothing to do now: the pack is being sealed and sent.",
    State.REFERRED: "Your Caldicott Guardian decides. Nothing was sent.",
    State.ASKED: "Your Caldicott Guardian asks you something: reply. Nothing was sent.",
    State.REFUSED: "Nothing was sent. See what would make it lawful, then submit again.",
    State.SEALED: "Nothing to do now: the sealed pack is being sent.",
    State.SENDING: "Nothing to do now: the sealed pack is being sent.",
    State.SENT: "Ring the recipient on the directory's number and hand over the passphrase.",
    State.REJECTED: "The recipient's side refused the message. Check the directory entry.",
    State.DEFERRED: "Nothing to do now: sending is tried again by itself.",
    State.UNKNOWN: "Ring the recipient: nobody knows whether the message arrived.",
    State.TOLD: "When the recipient says that it opened, acknowledge.",
    State.ACKNOWLEDGED: "Done.",
    State.EXPIRED: "The passphrase is gone. Acknowledge if it was opened; else submit again.",
    State.RECALLED: "Recalled. If the passphrase was told, ring the recipient.",
    State.ERASED: "Nothing to do: its content was erased; the ledger says when and why.",
}
"""What the sender does next, by where the disclosure stands."""

OWN_DUTIES = {
    CONFIRM_RECEIPT: "Ask the recipient whether the document has opened.",
    GUARDIAN_SAMPLE: "A Guardian looks back at this decision, which chance has chosen.",
}
"""What the broker's own duties ask, beside those of the rulebook."""

AFTER_DISSENT = (
    "Nothing was changed by this. If it was sent and not opened yet, recall it. Tell the sender "
    "what must follow, and whoever keeps the rules if a rule should be other."
)
"""What a Guardian does after a dissent."""

EMERGENCY = (
    "If someone is in immediate danger, ring 999 now and tell the police by telephone. "
    "Paperwork can follow."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything that its sender may know of a disclosure."""

    disclosure: Disclosure
    decision: object
    duties: tuple[Duty, ...]
    sentences: Mapping[str, str]
    questions: tuple[Question, ...]
    entries: tuple[int, ...]
    receipt: str | None

    def document(self) -> dict[str, object]:
        """Return it as JSON: reference, state, next step, decision, duties, ledger entries."""
        disclosure = self.disclosure
        return {
            "reference": str(disclosure.reference),
            "state": disclosure.state.value,
            "next_step": NEXT_STEPS[disclosure.state],
            "in_danger": EMERGENCY,
            "purpose": disclosure.purpose,
            "recipient": disclosure.recipient,
            "created_at": moment_text(disclosure.created_at),
            "changed_at": moment_text(disclosure.changed_at),
            "due_on": day_text(disclosure.due_on),
            "sealed_sha256": disclosure.sealed_sha256,
            "decision": self.decision,
            "questions": list(map(_question, self.questions)),
            "duties": [self._duty(duty) for duty in self.duties],
            "ledger_entries": list(self.entries),
            "receipt": self.receipt,
        }

    def _duty(self, duty: Duty) -> dict[str, object]:
        return {
            "type": duty.type,
            "say": self.sentences.get(duty.type, duty.type),
            "due_on": day_text(duty.due_on),
            "done_on": day_text(duty.done_on),
        }


def tell(
    disclosures: Disclosures, receipts: Receipts, reference: Reference, person: Person
) -> Told:
    """Return what `person` may know; raises `UnknownReferenceError`, `UnknownKeyError`."""
    with disclosures.transaction() as tx:
        disclosure = tx.own(reference, person)
        file = tx.case_file(disclosure)
        told = Told(
            disclosure=disclosure,
            decision=file.decision(),
            duties=tx.duties.of(reference),
            sentences=_sentences(disclosures.judge.shelf.kept(tx, disclosure.rulebook)),
            questions=questions_of(file),
            entries=tuple(entry.seq for entry in tx.ledger.entries_about(str(reference))),
            receipt=None,
        )
    return replace(told, receipt=receipts.told_of(told.entries[-1]))


def preview_document(judgement: Judgement) -> dict[str, object]:
    """Return what a preview tells: the decision, and that nothing was kept."""
    return {
        "kept": False,
        "in_danger": EMERGENCY,
        "decision": judgement.document(),
    }


def handover_document(handover: Handover) -> dict[str, object]:
    """Return what the sender reads out. Whoever prints it keeps it off logs and disks."""
    return {
        "reference": str(handover.reference),
        "telephone": handover.telephone,
        "passphrase": handover.passphrase,
        "spelled": [{"word": word, "spelling": spelling} for word, spelling in handover.spelled],
        "revealed_before": handover.revealed_before,
        "script": [
            "Ring the number above, from the directory; never a number from a mail.",
            "Let the person at the other end read out the reference of the document first.",
            "Then read the words: all lower case, a dash between words. Let them read it back.",
            "Wait until they say that the document has opened, then acknowledge.",
        ],
    }


def disclosures_document(disclosures: Iterable[Disclosure]) -> dict[str, object]:
    """Return a list of disclosures, a line each."""
    return {
        "disclosures": [
            {
                "reference": str(one.reference),
                "state": one.state.value,
                "outcome": one.outcome,
                "purpose": one.purpose,
                "created_at": moment_text(one.created_at),
                "due_on": day_text(one.due_on),
                "next_step": NEXT_STEPS[one.state],
            }
            for one in disclosures
        ]
    }


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
            "created_at": moment_text(disclosure.created_at),
            "due_on": day_text(due_on),
            "days_late": 0 if due_on is None else max(0, (self.today - due_on).days),
        }


def queue_of(reviews: Reviews, hindsight: Hindsight, guardian: Person) -> Queue:
    """Return what a Guardian of this agency has before them today."""
    return Queue(
        waiting=reviews.waiting(guardian),
        afterwards=hindsight.to_look_back_at(guardian),
        overdue=hindsight.overdue(guardian),
        today=hindsight.today(),
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
        "created_at": moment_text(disclosure.created_at),
        "due_on": day_text(disclosure.due_on),
        "pack": referral.pack.document(),
        "explanation": referral.explanation,
        "questions": list(map(_question, referral.questions)),
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


def _question(question: Question) -> dict[str, object]:
    return {
        "asked_by": question.asked_by,
        "asked_on": day_text(question.asked_on),
        "question": question.text,
        "reply": question.reply,
        "replied_by": question.replied_by,
    }


def _sentences(rulebook: Rulebook) -> dict[str, str]:
    """Return what each duty asks, in the words of the rulebook that judged."""
    kinds = rulebook.obligations
    return {**OWN_DUTIES, **{type_: kind.sentence for type_, kind in kinds.items()}}
