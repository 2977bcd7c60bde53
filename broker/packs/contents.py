"""What leaves: the released fields of a pack, in the words of the form, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from broker.domain.directory.profiles import PLAIN, RecipientProfile
from broker.domain.form import FORM, FormField, Kind, as_read, label_of
from broker.domain.json_values import as_array, as_object, text, texts
from broker.domain.model import Agency, AttachmentNote, Disclosure, Mailbox, Pack
from broker.domain.questions.follows import CHANGED_IN_WORDS
from broker.domain.times import spelled_day, uk_day
from broker.packs.attachments import Attachment
from broker.packs.originals import AS_IT_WAS_SENT, stays_because
from broker.packs.rendering import Enclosure, Entry, PackDocument, Section

_NONE = "none"
_ARTICLES = {
    "recognised-legitimate-interest": "Article 6(1)(ea)",
    "consent": "Article 6(1)(a)",
    _NONE: "",
}
"""The bases that the directory does not name by their article."""

_REPORTED = "Reported to the sender, or hearsay; not seen at first hand."

_ASKED = "What you are asked"
_FOLLOWS = "What this adds to"

_BIRTHDAY = "individual.date_of_birth"
_RING_999 = "call-999"
_ALARM = "Immediate danger"
_FIRST_IN_DANGER = (
    "concerns.threats",
    "concerns.event",
    "concerns.weapons_or_skills",
    "concerns.description",
    "concerns.travel",
    "checks.emergency",
    "referrer.person",
)
_FIRST_TITLE = "The danger, and whom to ring"
"""What whoever answers an emergency reads first, as far as it is released, and its heading."""

TO_THE_RECIPIENT: Mapping[str, str] = {
    _RING_999: "The sender was told to ring 999. Check that the call was made.",
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
}
"""What obligations ask of the recipient, in the order in which it is read: a life first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What a decision lets go: field identifiers, reasons for the others, obligation types."""

    fields: frozenset[str]
    withheld: Mapping[str, str]
    obligations: frozenset[str]

    @classmethod
    def of(cls, decision: Mapping[str, object]) -> "Released":
        """Return what a decision document (contract decision/2) releases."""
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
    profile: RecipientProfile = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above a document: reference ("" before it has one), purpose and moment."""

    reference: str
    purpose: str
    made_at: datetime


def pack_of(
    pack: Pack, released: Released, disclosure: Disclosure, parties: Parties
) -> PackDocument:
    """Return the document of a disclosure for its recipient; as `document_of`."""
    heading = Heading(
        reference=str(disclosure.reference),
        purpose=disclosure.purpose,
        made_at=disclosure.created_at,
    )
    return document_of(pack, released, heading, parties)


def document_of(
    pack: Pack, released: Released, heading: Heading, parties: Parties
) -> PackDocument:
    """Return the document for the recipient: released fields only; pure.

    The questions of a pack are judged and never disclosed, so nothing of them is on it: what the
    decision obliges says that somebody is in danger, the purpose is told in the broker's words,
    and the legal basis is the one that the directory holds for the sender.
    """
    in_danger = _RING_999 in released.obligations
    leaving = [field for field in FORM if field.id in released.fields and field.id in pack.form]
    made = uk_day(heading.made_at)
    return PackDocument(
        reference=heading.reference,
        title=title_of_purpose(heading.purpose),
        alarm=_ALARM if in_danger else "",
        purpose=_purpose(heading.purpose),
        basis=_basis(parties.sender, heading.purpose),
        sender=parties.sender.name,
        recipient=f"{parties.recipient.name}, {parties.mailbox.title}",
        created_at=heading.made_at,
        contact=(
            f"Ask {parties.sender.name} by telephone, on a number that you already know, and "
            "quote the reference. Do not write about the person by mail."
        ),
        sections=_follows(pack)
        + tuple(
            Section(
                title=title,
                entries=tuple(_entry(field, pack, released, made) for field in fields),
            )
            for title, fields in (_in_danger_first(leaving) if in_danger else _as_in_form(leaving))
        )
        + _asked(pack),
        held_back=_held_back(pack, released, parties.sender),
        obligations=tuple(
            sentence
            for type_, sentence in TO_THE_RECIPIENT.items()
            if type_ in released.obligations
        ),
    )


def enclosures_of(
    pack: Pack, released: Released, parties: Parties, attachments: Sequence[Attachment]
) -> tuple[Enclosure, ...]:
    """Return the attachments that leave, with the fields that they carry, by label; pure."""
    return tuple(
        _enclosure(note, attachment, parties)
        for note, attachment in zip(pack.attachments, attachments, strict=True)
        if released.lets_go(note)
    )


def _enclosure(note: AttachmentNote, attachment: Attachment, parties: Parties) -> Enclosure:
    goes = note.original and stays_because(note, parties.recipient, parties.profile) is None
    said = [remark.to_the_recipient for remark in attachment.remarks if remark.to_the_recipient]
    return Enclosure(
        attachment=replace(attachment, goes_as_sent=goes),
        carries=tuple(map(label_of, note.carries)),
        remarks=(AS_IT_WAS_SENT, *said) if goes else tuple(said),
    )


def _as_in_form(fields: Iterable[FormField]) -> Iterable[tuple[str, Iterable[FormField]]]:
    return groupby(fields, key=lambda field: field.section)


def _in_danger_first(fields: Sequence[FormField]) -> Iterable[tuple[str, Iterable[FormField]]]:
    urgent = [field for field in fields if field.id in _FIRST_IN_DANGER]
    if urgent:
        yield _FIRST_TITLE, sorted(urgent, key=lambda field: _FIRST_IN_DANGER.index(field.id))
    yield from _as_in_form(field for field in fields if field not in urgent)


def _entry(field: FormField, pack: Pack, released: Released, made: date) -> Entry:
    text = pack.form[field.id]
    value = as_read(field.id, text)
    if field.id == _BIRTHDAY:
        value += _age_in_words(date.fromisoformat(text), made)
    return Entry(label=field.label, value=value, note=_note(field.id, field.kind, released))


def _follows(pack: Pack) -> tuple[Section, ...]:
    """Return which first disclosure a change adds to, and what has changed; nothing otherwise."""
    follows = pack.follows
    if follows is None:
        return ()
    what = f"{CHANGED_IN_WORDS[follows.what]}, {spelled_day(follows.on)}"
    first = Entry(label="The first that you got", value=str(follows.first), note="")
    return (
        Section(
            title=_FOLLOWS, entries=(first, Entry(label="What has changed", value=what, note=""))
        ),
    )


def _asked(pack: Pack) -> tuple[Section, ...]:
    """Return what a question to a partner asks, what for, and why of them; nothing otherwise."""
    request = pack.in_request
    if request is None or not request.asks:
        return ()
    why = (
        Entry(label="What it is for", value=request.statement, note=""),
        Entry(label="Why you may hold it", value=request.why, note=""),
    )
    asks = (
        Entry(
            label=label_of(ask.field),
            value=f"{ask.sentence} (from {spelled_day(ask.since)} to {spelled_day(ask.until)})",
            note="",
        )
        for ask in request.asks
    )
    return (Section(title=_ASKED, entries=(*why, *asks)),)


def _age_in_words(born: date, made: date) -> str:
    """Return the age on the day on which this was made, in brackets; nothing for a later birth."""
    years = made.year - born.year - ((made.month, made.day) < (born.month, born.day))
    if born > made:
        return ""
    return " (less than a year old)" if years == 0 else f" ({years} year{'s' * (years > 1)} old)"


def _note(field: str, kind: Kind, released: Released) -> str:
    is_account = field.startswith("concerns.") and kind is Kind.TEXT
    return _REPORTED if is_account and "label-opinion" in released.obligations else ""


def _held_back(pack: Pack, released: Released, sender: Agency) -> str:
    """Return one sentence for all that stays, without a name or a reason of it; or nothing."""
    stays = released.withheld or not all(map(released.lets_go, pack.attachments))
    return f"Something was held back. Ask {sender.name} if you need more." if stays else ""


def _basis(sender: Agency, purpose: str) -> str:
    """Return the legal basis that the directory holds for a sender and a purpose, in words."""
    basis = sender.bases.get(purpose) or sender.bases.get("*")
    if basis is None:
        return ""
    articles = (_ARTICLES.get(one, f"Article {one}") for one in (basis.article_6, basis.article_9))
    parts = [f"UK GDPR {article}" for article in articles if article]
    if basis.schedule_1 != _NONE:
        parts.append(f"Data Protection Act 2018 Schedule 1 paragraph {basis.schedule_1}")
    return "; ".join((*parts, basis.power) if basis.power else parts)


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
    "partner-request": (
        "Question to a partner",
        "The police, a panel or a group of agencies ask a partner",
    ),
    "anonymous-assurance": ("Figures for assurance", "Counts for a board, with no person in them"),
}
_OTHER_PURPOSE = ("Disclosure", "As agreed between sender and recipient")


def title_of_purpose(purpose: str) -> str:
    """Return what a pack for a purpose is called, such as `Prevent referral`."""
    return _PURPOSES.get(purpose, _OTHER_PURPOSE)[0]


def _purpose(purpose: str) -> str:
    return _PURPOSES.get(purpose, _OTHER_PURPOSE)[1]
