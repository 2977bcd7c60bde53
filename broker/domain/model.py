"""The nouns of the gateway: plain frozen values, no behaviour beyond what they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from broker.domain.directory.backing import NOBODY_YET, NOTHING_MORE, Backing, Listing
from broker.domain.errors import WrongStateError
from broker.domain.json_values import as_array, as_object, text, texts
from broker.domain.questions.asked import InRequest
from broker.domain.questions.follows import Follows
from broker.domain.references import Prefix, Reference, parse_reference
from broker.domain.roles import Role
from broker.domain.states import NOT_NOW, STANDS, State
from keys import AgencyId, CaseId, PersonId

MailboxId = NewType("MailboxId", str)


class Step(StrEnum):
    """What the outbox still has to do for a disclosure."""

    SEAL = "seal"
    SEND = "send"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """What an agency relies on for one purpose; entered by its information-governance lead."""

    article_6: str
    article_9: str
    schedule_1: str
    power: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A body that sends or receives; `bases` by purpose, `*` for every other purpose.

    `check` says whether its lead is asked `before-sending`, for `check_purposes`, or only gives
    advice (`advisory`); `completes` who finishes a referral: practitioner, lead or either;
    `pathway` the local way of doing things; `guardian_body` whose Guardians decide for it, where
    it has none. `sharing_duty_body`: one that the Children Act 2004 s16LA(4) lists.
    """

    id: AgencyId
    name: str
    kind: str
    in_united_kingdom: bool
    sharing_agreement_until: date | None
    undertaking_signed: bool
    suitability_until: date | None
    bases: Mapping[str, LegalBasis]
    sharing_duty_body: bool
    check: str
    check_purposes: frozenset[str]
    completes: str
    pathway: str | None
    guardian_body: AgencyId | None
    retired_on: date | None = None

    @property
    def is_police(self) -> bool:
        """Whether it is a body of the police."""
        return self.kind == "police"

    def asks_the_lead(self, purpose: str) -> bool:
        """Say whether the lead of this body is asked before something goes for a purpose."""
        return self.check == "before-sending" and purpose in self.check_purposes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A directory entry: where an agency takes packs, and whom to ring there.

    `function` is what it is for, in the words of the contract; `version` counts what it said.
    """

    id: MailboxId
    agency: AgencyId
    title: str
    address: str
    type: str
    accepts_encrypted: str
    telephone: str
    function: str
    version: int
    verified_on: date | None
    verified_by: PersonId | None
    listing: Listing = NOTHING_MORE
    backing: Backing = NOBODY_YET

    def counts_on(self, day: date) -> bool:
        """Say whether a call-back of at most a year ago stands behind it on a day."""
        return self.backing.counts_on(day, self.verified_on)

    def frozen(self) -> dict[str, object]:
        """Return what is decided on with a disclosure: where it goes, and whom to ring there."""
        return {
            "version": self.version,
            "mailbox": self.id,
            "agency": self.agency,
            "address": self.address,
            "telephone": self.telephone,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whose token was verified; an opaque identifier, never a name.

    `client` is the machine that works for them, and their own identifier where it names nobody.
    """

    id: PersonId
    agency: AgencyId
    role: Role
    client: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentNote:
    """What the sender says of an attachment: the fields that it carries, and why it goes along.

    `original` says that the file itself should go, not what the broker wrote anew from it.
    """

    name: str
    carries: tuple[str, ...]
    why: str
    original: bool = False

    @classmethod
    def of_document(cls, document: object) -> "AttachmentNote":
        """Return the note of a pack; raises `TypeError` for another shape."""
        note = as_object(document)
        return cls(
            name=text(note.get("name")),
            carries=texts(note.get("carries")),
            why=text(note.get("why")),
            original=note.get("original") == "yes",
        )

    def document(self) -> dict[str, object]:
        """Return the note as it stands in a pack."""
        note: dict[str, object] = {
            "name": self.name,
            "carries": list(self.carries),
            "why": self.why,
        }
        return {**note, "original": "yes"} if self.original else note


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A referral pack as accepted (docs/formats/pack.md).

    `again` says why a pack is sent once more although the same is on its way; `in_request` that
    it puts the questions of a partner request, or answers them.
    `form` may leave, field by field; `questions` are judged, never disclosed; an attachment leaves
    only if every field that it carries is released. `confirmed`: obligations kept before sending.
    `meeting` is that of the panel whose members open copies of it here, and `follows` what it adds
    a change to; both are written by the broker.
    """

    recipient: MailboxId
    form: Mapping[str, str]
    questions: Mapping[str, object]
    confirmed: frozenset[str]
    attachments: tuple[AttachmentNote, ...]
    again: str | None = None
    in_request: InRequest | None = None
    case: CaseId | None = None
    meeting: Reference | None = None
    follows: Follows | None = None

    @property
    def is_emergency(self) -> bool:
        """Whether the sender says that danger is imminent; the rules judge what follows of it."""
        questions = self.questions
        return questions.get("purpose") == "emergency" or questions.get("danger") == "imminent"

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that is offered, in the form or on an attachment, once each."""
        carried = (field for note in self.attachments for field in note.carries)
        return tuple(dict.fromkeys((*self.form, *carried)))

    @classmethod
    def of_document(cls, document: object) -> "Pack":
        """Return the pack that `document` wrote; raises `TypeError` otherwise."""
        pack = as_object(document)
        questions = as_object(pack.get("questions"))
        return cls(
            recipient=MailboxId(text(pack.get("recipient"))),
            form={field: text(value) for field, value in as_object(pack.get("form")).items()},
            questions={name: value for name, value in questions.items() if name != "confirmed"},
            confirmed=frozenset(texts(questions.get("confirmed"))),
            attachments=tuple(map(AttachmentNote.of_document, as_array(pack.get("attachments")))),
            again=text(pack["again"]) if "again" in pack else None,
            in_request=InRequest.of_document(pack["request"]) if "request" in pack else None,
            case=CaseId(text(pack["case"])) if "case" in pack else None,
            meeting=parse_reference(text(pack["meeting"]), Prefix.MEETING)
            if "meeting" in pack
            else None,
            follows=Follows.of_document(pack["follows"]) if "follows" in pack else None,
        )

    def document(self) -> dict[str, object]:
        """Return the pack as the JSON document of docs/formats/pack.md."""
        again = {} if self.again is None else {"again": self.again}
        request = {} if self.in_request is None else {"request": self.in_request.document()}
        case = {} if self.case is None else {"case": self.case}
        meeting = {} if self.meeting is None else {"meeting": str(self.meeting)}
        follows = {} if self.follows is None else {"follows": self.follows.document()}
        return {
            **again,
            **case,
            **request,
            **meeting,
            **follows,
            "pack": "referral-pack/2",
            "recipient": self.recipient,
            "form": dict(self.form),
            "questions": {**self.questions, "confirmed": sorted(self.confirmed)},
            "attachments": [note.document() for note in self.attachments],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a Caldicott Guardian, or another approver, says to a referred disclosure.

    `decision` is approve, approve-reduced or refuse; `relation` is the approver's to this
    disclosure, `independent` or what stands in the way; `left_out` are fields taken out of it.
    """

    approver: PersonId
    relation: str
    decision: str
    reason: str
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One disclosure's row: codes and times, nothing about the person in the file.

    `decision_number` counts its decisions: the first at submission, one more for each review.
    `due_on` is the day by which the Guardian decides what is referred, or the sender replies to
    what is asked; `reviewed_on` the day on which somebody last looked whether it must still be
    kept.
    """

    reference: Reference
    case: CaseId
    sender: AgencyId
    requester: PersonId
    recipient: MailboxId
    purpose: str
    outcome: str
    state: State
    rulebook: str
    created_at: datetime
    changed_at: datetime
    message_id: str | None
    sealed_sha256: str | None
    decision_number: int
    due_on: date | None
    reviewed_on: date | None = None

    def must_be(self, *states: State, else_say: str = "") -> None:
        """Return if the disclosure is in one of `states`, else raise `WrongStateError`.

        The error says what comes next where it stands, after `else_say`, which holds anywhere.
        """
        if self.state not in states:
            raise WrongStateError(" ".join(filter(None, (NOT_NOW, else_say, STANDS[self.state]))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a Guardian asked before deciding; `reply` is None until the sender answered.

    `settled` names the places of what nobody knew before and was answered with it.
    """

    asked_by: PersonId
    asked_on: date
    text: str
    reply: str | None
    replied_by: PersonId | None
    settled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """A rulebook put in force: by whom (nobody at the start), signed by the policy key `kid`.

    `until` is the last day on which it may judge, None where it has no end.
    """

    version: str
    at: datetime
    first: PersonId | None
    second: PersonId | None
    until: date | None = None
    kid: str = ""
    signature: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something that must be done after release, by a day, until somebody says that it is done.

    `calendar` names what the working days were counted with, where the day depends on them.
    """

    type: str
    due_on: date | None
    done_on: date | None
    calendar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """For whom a case must be kept, an opaque identifier, and to the end of which day."""

    case: CaseId
    owner: PersonId
    until: date
    set_at: datetime

    def stands_on(self, day: date) -> bool:
        """Say whether the hold still keeps the case on a day."""
        return day <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """A step that is due for a disclosure, leased to one dispatcher; `attempts` made before.

    `step` is None where the row names none that there is.
    """

    id: int
    reference: Reference
    step: Step | None
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What the sender reads out: ring `telephone`, confirm the reference, then give the words."""

    reference: Reference
    telephone: str
    passphrase: str
    spelled: tuple[tuple[str, str], ...]
    revealed_before: bool

    def __repr__(self) -> str:
        """Name the document, never the words."""
        return f"Handover(reference={self.reference!s})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionKey:
    """One person's idempotency key, and a keyed digest of what was sent with it."""

    key: str
    body: bytes
