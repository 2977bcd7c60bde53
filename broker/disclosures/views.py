"""What is told about a disclosure: one shape for the API and the command line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from audit.errors import LedgerError
from audit.format.entry import Entry
from broker.delivery.trying import is_untried
from broker.delivery.ways_out import BY_HAND, WayOut, way_out
from broker.disclosures.afterwards.chasing import Late, late_about
from broker.disclosures.afterwards.pages import PageStands, page_stands
from broker.disclosures.afterwards.telling import times_told
from broker.disclosures.flow import Disclosures
from broker.disclosures.questions import question_without_words, questions_of
from broker.disclosures.reviews import Review, reviews_of
from broker.disclosures.standing_still.sending_anew import sent_again_as
from broker.domain.cases.for_the_writer import decision_for, duties_for
from broker.domain.errors import BrokerError
from broker.domain.judgement import Judgement
from broker.domain.model import Disclosure, Duty, Handover, MailboxId, Pack, Person, Question
from broker.domain.obligations import CONFIRM_RECEIPT, GUARDIAN_SAMPLE, UPDATE_THE_RECORD
from broker.domain.references import Reference
from broker.domain.states import NEXT_STEPS, State
from broker.domain.times import day_text, rfc3339, uk_day
from broker.ledger.changes.retractions import called_back
from broker.ledger.receipts import Receipts
from broker.logs import where_raised
from broker.packs.attachments import Attachment
from broker.packs.attachments.case_parts import AttachmentSummary, summaries_of
from broker.packs.originals import GOES, stays_because
from broker.packs.unprintable import Unprintable, unprintable_in
from broker.registers.deciders import NOBODY_DECIDES, nobody_decides
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transaction
from keys import KeyManagementError
from policies import Outcome, PolicyError

_log = structlog.get_logger()

_GOES_BY_ITSELF = frozenset({State.DECIDED, State.SEALED, State.SENDING, State.DEFERRED})
TELL_IT_NOW = "Tell it by telephone now, 999 first in danger. The document goes by itself."
"""What the sender of an emergency does while the document is on its way: never nothing."""

OWN_DUTIES = {
    CONFIRM_RECEIPT: "Ask the recipient whether the document has opened.",
    UPDATE_THE_RECORD: "Note in your own record what was shared, with whom and why.",
    GUARDIAN_SAMPLE: "A Guardian looks back at this decision, which chance has chosen.",
}
"""What the broker's own duties ask, beside those of the rulebook."""


EMERGENCY = (
    "If someone is in immediate danger, ring 999 now and tell the police by telephone. "
    "Paperwork can follow."
)


def next_step_of(disclosure: Disclosure) -> str:
    """Return what the sender of a disclosure does next."""
    if disclosure.outcome == Outcome.EMERGENCY.value and disclosure.state in _GOES_BY_ITSELF:
        return TELL_IT_NOW
    return NEXT_STEPS[disclosure.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureView:
    """Where a disclosure stands, for its sender: no words of it, which `Correspondence` has.

    `told` counts how often its words were told; `given_up` are the duties that cannot be done;
    `as_sent` says of attachments whose sender wants the file itself to go whether it does.
    """

    disclosure: Disclosure
    decision: object
    unprintable: tuple[Unprintable, ...]
    duties: tuple[Duty, ...]
    sentences: Mapping[str, str]
    questions: tuple[Question, ...]
    reviews: tuple[Review, ...]
    attachments: tuple[AttachmentSummary, ...]
    entries: tuple[int, ...]
    receipt: str | None
    told: int = 0
    given_up: frozenset[str] = frozenset()
    waits_for_nobody: bool = False
    way_out: WayOut | None = None
    is_with_their_server: bool = False
    late: tuple[Late, ...] = ()
    page: PageStands | None = None
    is_untried: bool = False
    called_back: str | None = None
    sent_again_as: Reference | None = None
    as_sent: Mapping[int, str] = field(default_factory=dict[int, str])

    def document(self) -> dict[str, object]:
        """Return it as JSON: reference, state, next step, decision, duties, ledger entries."""
        disclosure = self.disclosure
        return {
            "reference": str(disclosure.reference),
            "state": disclosure.state.value,
            "next_step": NOBODY_DECIDES if self.waits_for_nobody else next_step_of(disclosure),
            "in_danger": EMERGENCY,
            "purpose": disclosure.purpose,
            "recipient": disclosure.recipient,
            "created_at": rfc3339(disclosure.created_at),
            "changed_at": rfc3339(disclosure.changed_at),
            "due_on": day_text(disclosure.due_on),
            "sealed_sha256": disclosure.sealed_sha256,
            "way_out": None if self.way_out is None else self.way_out.document(),
            "is_with_their_server": self.is_with_their_server,
            "page": None if self.page is None else self.page.document(),
            "late": [one.document() for one in self.late],
            "is_untried": self.is_untried,
            "called_back": self.called_back,
            "sent_again_as": None if self.sent_again_as is None else str(self.sent_again_as),
            "decision": self.decision,
            "cannot_be_printed": [one.document() for one in self.unprintable],
            "questions": [question_without_words(question) for question in self.questions],
            "reviews": [review.for_the_sender() for review in self.reviews],
            "attachments": [
                attachment_document(one, self.as_sent.get(one.number)) for one in self.attachments
            ],
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
            "calendar": duty.calendar,
            "given_up": duty.type in self.given_up,
        }


def view_of(
    disclosures: Disclosures, receipts: Receipts, reference: Reference, person: Person
) -> DisclosureView:
    """Return what `person` may know; raises `UnknownReferenceError`, `UnknownKeyError`."""
    with disclosures.transaction.looking() as tx:
        disclosure = tx.disclosure_for(reference, person)
        now = disclosures.clock()
        file = tx.case_file(disclosure)
        file.read_ahead(*_of_view(disclosure.decision_number))
        entries = tx.about(reference)
        duties = tx.duties.of(reference)
        untried = is_untried(tx, disclosure.recipient)
        decision, pack = file.decision(), file.pack()
        view = DisclosureView(
            disclosure=disclosure,
            decision=decision_for(decision, person),
            unprintable=unprintable_in(pack),
            duties=duties_for(duties, decision, person),
            sentences={**OWN_DUTIES, **disclosures.judge.rules.duties(tx, disclosure.rulebook)},
            questions=questions_of(file),
            reviews=reviews_of(file),
            attachments=tuple(summaries_of(len(pack.attachments), file.get)),
            entries=tuple(entry.seq for entry in entries),
            receipt=None,
            told=times_told(entries),
            given_up=frozenset(
                str(entry.event["duty"]) for entry in entries if entry.type == "duty.given-up"
            ),
            waits_for_nobody=disclosure.state is State.REFERRED
            and nobody_decides(tx, disclosure.sender, uk_day(now)),
            way_out=_way_out(file, entries),
            late=late_about(disclosure.state, entries, duties, now, is_untried=untried),
            is_untried=untried,
            called_back=called_back(entries),
            sent_again_as=sent_again_as(tx, entries),
            is_with_their_server=_is_with_their_server(entries),
            page=page_stands(tx, disclosure, entries, now),
            as_sent=_as_sent(tx, disclosure.recipient, pack),
        )
    return replace(view, receipt=receipts.told_of(view.entries[-1]))


def _of_view(decision: int) -> tuple[str, ...]:
    """Return the fields that every view opens, or looks for."""
    of_decision = (part.numbered(decision) for part in (Part.DECISION, Part.FACTS))
    return (Part.PACK, Part.QUESTION.numbered(1), *of_decision)


def _as_sent(tx: Transaction, recipient: MailboxId, pack: Pack) -> Mapping[int, str]:
    """Return whether each file that its sender wants to go itself does, by its number."""
    asked = {n: note for n, note in enumerate(pack.attachments, start=1) if note.original}
    if not asked:
        return {}
    profile = tx.profiles.of(recipient)
    agency = tx.directory.agency(tx.directory.mailbox(recipient).agency)
    return {n: stays_because(note, agency, profile) or GOES for n, note in asked.items()}


_NOTHING_GOES = frozenset({State.REFUSED, State.ERASED})


def _way_out(file: CaseFile, entries: Sequence[Entry]) -> WayOut | None:
    """Return on which way a disclosure leaves, None where nothing does."""
    if file.disclosure.state in _NOTHING_GOES:
        return None
    if any(entry.type == "sent-by-hand" for entry in entries):
        return BY_HAND
    return way_out(file.facts(), file.disclosure.outcome)


def _is_with_their_server(entries: Sequence[Entry]) -> bool:
    """Say whether a notice of the recipient's server says so, and none said otherwise since."""
    newest = next((entry.type for entry in reversed(entries) if entry.type in _OF_THE_MAIL), None)
    return newest == "delivered"


_OF_THE_MAIL = frozenset({"sent", "delivered", "rejected", "gave-up", "unknown", "resend.asked"})

RECORDED = (
    "It is recorded and stands. Where it stands now, and its receipt, could not be read just "
    "then: ask for this disclosure again in a minute."
)
"""What is told where something was recorded and the answer about it could not be made."""


def told_after(
    disclosures: Disclosures, receipts: Receipts, reference: Reference, person: Person
) -> dict[str, object]:
    """Return what `person` may know of what was just recorded; no trouble afterwards undoes it.

    Where it cannot be read, the reference and what to do are told.
    """
    try:
        return view_of(disclosures, receipts, reference, person).document()
    except (BrokerError, KeyManagementError, LedgerError, PolicyError) as error:
        return short_document(reference, error)


def short_document(reference: Reference, error: Exception) -> dict[str, object]:
    """Return what is told where something was recorded and the rest could not be read."""
    _log.error("answer-failed", error=type(error).__name__, where=where_raised(error))
    return {
        "reference": str(reference),
        "state": None,
        "next_step": RECORDED,
        "in_danger": EMERGENCY,
        "receipt": None,
    }


def would_wait_for_nobody(disclosures: Disclosures, judgement: Judgement) -> bool:
    """Say whether what was judged would be referred, and nobody could decide it."""
    if judgement.state is not State.REFERRED:
        return False
    with disclosures.transaction() as tx:
        asked = judgement.asked
        return nobody_decides(tx, asked.person.agency, uk_day(asked.at))


def preview_document(judgement: Judgement, *, waits_for_nobody: bool) -> dict[str, object]:
    """Return what a preview tells: the decision, what the page lacks, that nothing was kept.

    It says before anything is sent where nobody could decide what is referred.
    """
    return {
        "kept": False,
        "next_step": NOBODY_DECIDES if waits_for_nobody else None,
        "in_danger": EMERGENCY,
        "decision": judgement.document(),
        "cannot_be_printed": [one.document() for one in unprintable_in(judgement.asked.pack)],
    }


def attachments_tried(attachments: Sequence[Attachment]) -> list[dict[str, object]]:
    """Return what a sender is told of files that were only looked at, as they are numbered."""
    return [
        attachment_document(
            AttachmentSummary(number=number, kind=one.kind, size=one.size, remarks=one.remarks)
        )
        for number, one in enumerate(attachments, start=1)
    ]


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
                "reference": str(disclosure.reference),
                "state": disclosure.state.value,
                "outcome": disclosure.outcome,
                "purpose": disclosure.purpose,
                "created_at": rfc3339(disclosure.created_at),
                "due_on": day_text(disclosure.due_on),
                "next_step": next_step_of(disclosure),
            }
            for disclosure in disclosures
        ]
    }


def attachment_document(
    attachment: AttachmentSummary, as_sent: str | None = None
) -> dict[str, object]:
    """Return what the sender is told of an attachment: what it is, and what was taken off it.

    `as_sent` says whether the file itself goes, where they want that. Its digest stays out of
    answers: who has it could test a guess of what was in a short file.
    """
    return {
        "number": attachment.number,
        "kind": attachment.kind.value,
        "size": attachment.size,
        "remarks": [
            *({"code": remark.value, "say": remark.sentence} for remark in attachment.remarks),
            *([] if as_sent is None else [{"code": "as-sent", "say": as_sent}]),
        ],
    }
