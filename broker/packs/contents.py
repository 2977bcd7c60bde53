"""What leaves: the released fields of a pack, in the words of the form, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from broker.domain.form import FIELD_BY_ID, FORM, Kind
from broker.domain.json_values import as_array, as_object, text, texts
from broker.domain.model import Agency, AttachmentNote, Disclosure, Mailbox, Pack
from broker.packs.attachments import Attachment
from broker.packs.rendering import Enclosure, Entry, PackDocument, Section, Withheld

WHOLE_RECORD = "record.whole"
_WHOLE_RECORD_LABEL = "A whole record"
_REPORTED = "Reported to the sender, or hearsay; not seen at first hand."

TO_THE_RECIPIENT: Mapping[str, str] = {
    "do-not-tell-the-person-yet": (
        "The person does not know of this disclosure yet. Telling them now could put someone at "
        "risk: speak to the sender first."
    ),
    "do-not-tell-the-parents": (
        "The parents do not know of this disclosure and must not be told: speak to the sender "
        "first."
    ),
    "recipient-undertaking": (
        "You hold this under your signed undertaking: for the stated purpose only, not to be "
        "passed on, and to be deleted when the purpose ends."
    ),
    "label-opinion": "Treat what is marked as reported as an account, not as an established fact.",
    "call-999": "The sender was told to ring 999. Check that the call was made.",
}
"""What an obligation asks of the recipient, for the obligations that ask something of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What a decision lets go: field identifiers, reasons for the others, obligation types."""

    fields: frozenset[str]
    withheld: Mapping[str, str]
    obligations: frozenset[str]

    @classmethod
    def of(cls, decision: Mapping[str, object]) -> "Released":
        """Return what a decision document (contract decision/1) releases."""
        withheld = as_object(decision.get("withheld"))
        obligations = map(as_object, as_array(decision.get("obligations")))
        return cls(
            fields=frozenset(texts(decision.get("release"))),
            withheld={field: text(reason) for field, reason in withheld.items()},
            obligations=frozenset(text(obligation.get("type")) for obligation in obligations),
        )

    def lets_go(self, note: AttachmentNote) -> bool:
        """Say whether an attachment leaves: only if every field that it carries is released."""
        return self.fields.issuperset(note.carries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Between whom the pack goes."""

    sender: Agency
    recipient: Agency
    mailbox: Mailbox


def pack_of(
    pack: Pack, released: Released, disclosure: Disclosure, parties: Parties
) -> PackDocument:
    """Return the document for the recipient: released fields only; pure."""
    return PackDocument(
        reference=str(disclosure.reference),
        title=_title(disclosure.purpose),
        purpose=_purpose(disclosure.purpose),
        sender=parties.sender.name,
        recipient=f"{parties.recipient.name}, {parties.mailbox.title}",
        created_at=disclosure.created_at,
        contact=(
            f"Ask {parties.sender.name} by telephone, on a number that you already know, and "
            "quote the reference. Do not write about the person by mail."
        ),
        sections=_sections(pack, released),
        withheld=_withheld(pack, released),
        obligations=tuple(
            sentence
            for type_, sentence in TO_THE_RECIPIENT.items()
            if type_ in released.obligations
        ),
    )


def enclosures_of(
    pack: Pack, released: Released, attachments: Sequence[Attachment]
) -> tuple[Enclosure, ...]:
    """Return the attachments that leave, with the labels of the fields that they carry; pure."""
    return tuple(
        Enclosure(attachment=attachment, carries=tuple(map(label_of, note.carries)))
        for note, attachment in zip(pack.attachments, attachments, strict=True)
        if released.lets_go(note)
    )


def label_of(field: str) -> str:
    """Return the words people read for a field of the contract."""
    return _WHOLE_RECORD_LABEL if field == WHOLE_RECORD else FIELD_BY_ID[field].label


def _sections(pack: Pack, released: Released) -> tuple[Section, ...]:
    leaving = [field for field in FORM if field.id in released.fields and field.id in pack.form]
    return tuple(
        Section(
            title=title,
            entries=tuple(
                Entry(
                    label=field.label,
                    value=_in_words(pack.form[field.id], field.kind),
                    note=_note(field.id, field.kind, released),
                )
                for field in fields
            ),
        )
        for title, fields in groupby(leaving, key=lambda field: field.section)
    )


def _in_words(value: str, kind: Kind) -> str:
    if kind is not Kind.DATE:
        return value
    day = date.fromisoformat(value)
    return f"{day.day} {day:%B %Y}"


def _note(field: str, kind: Kind, released: Released) -> str:
    is_account = field.startswith("concerns.") and kind is Kind.TEXT
    return _REPORTED if is_account and "label-opinion" in released.obligations else ""


def _withheld(pack: Pack, released: Released) -> tuple[Withheld, ...]:
    fields = [
        Withheld(label=label_of(field), reason=reason)
        for field, reason in released.withheld.items()
    ]
    kept_back = sum(not released.lets_go(note) for note in pack.attachments)
    if kept_back:
        reason = "Not every field that they carry may go."
        fields.append(Withheld(label=f"Attachments: {kept_back}", reason=reason))
    return tuple(fields)


_PURPOSES: Mapping[str, tuple[str, str]] = {
    "referral": (
        "Prevent referral",
        "A practitioner's concern, to be assessed by the police Prevent team",
    ),
    "police-screening": (
        "Information for screening",
        "The police gather what they need to screen a referral",
    ),
    "partner-response": (
        "Answer to a request",
        "A partner answers a request of the police or the panel",
    ),
    "panel-assessment": ("Panel pack", "A Channel panel assesses the person"),
    "support-delivery": ("Support plan", "A provider delivers the support plan"),
    "case-review": ("Case review", "A review at a panel, or after exit"),
    "transfer": ("Transfer of a case", "The case moves to the panel of another area"),
    "other-safeguarding": (
        "Safeguarding referral",
        "Social care, Early Help or another safeguarding route",
    ),
    "staff-process": ("Staff process", "An employer's own process about a colleague"),
    "emergency": ("Emergency disclosure", "Immediate danger"),
    "crime": ("Disclosure about a crime", "The prevention or detection of a crime"),
    "court-or-legal": ("Disclosure under an order", "An order of a court or a legal compulsion"),
    "subject-access": ("Subject access", "The person asks for their own information"),
    "anonymous-assurance": ("Figures for assurance", "Counts for a board, with no person in them"),
}
_OTHER_PURPOSE = ("Disclosure", "As agreed between sender and recipient")


def _title(purpose: str) -> str:
    return _PURPOSES.get(purpose, _OTHER_PURPOSE)[0]


def _purpose(purpose: str) -> str:
    return _PURPOSES.get(purpose, _OTHER_PURPOSE)[1]
