"""Documents sent to the broker, parsed once into frozen values; every fault named, all at once."""

from dataclasses import dataclass
from datetime import date

from broker.disclosures.standing_still.deliveries import HandReceipt
from broker.domain.directory.backing import Listing
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.grounds import Grounds, Opinion
from broker.domain.guardians.settling import Settlement
from broker.domain.json_values import is_object, texts
from broker.domain.model import Agency, AttachmentNote, LegalBasis, Mailbox, MailboxId, Pack
from broker.domain.times import written_day
from broker.guardian.answer import Answer
from broker.intake.pack_checks import pack_faults
from broker.intake.question_checks import settlement_faults
from broker.intake.shapes import (
    AgencyModel,
    AnewModel,
    AnswerModel,
    CodeModel,
    DirectoryModel,
    HandoverModel,
    MailboxModel,
    NothingModel,
    OpinionModel,
    PackModel,
    PublicInterestModel,
    QuestionModel,
    ReceiptModel,
    ReplyModel,
    ResendModel,
    SettlementModel,
)
from broker.intake.strict_json import load_json
from broker.intake.validation import validated
from broker.intake.versions import refuse_version_1
from keys import AgencyId, CaseId
from policies import Vocabulary


def read_pack(text: bytes, vocabulary: Vocabulary, today: date) -> Pack:
    """Return the pack of a JSON document, or raise `FaultyDocumentError` with every fault.

    `vocabulary` is that of the rulebook that will judge it, `today` the day in the United Kingdom.
    """
    document = object_in(text)
    refuse_version_1(document, "pack")
    faults = [*pack_faults(document, vocabulary, today)]
    try:
        model = validated(PackModel, document)
    except FaultyDocumentError as error:
        raise FaultyDocumentError((*error.faults, *faults)) from None
    if faults:
        raise FaultyDocumentError(tuple(faults))
    questions = dict(model.questions)
    confirmed = questions.pop("confirmed", [])
    return Pack(
        recipient=MailboxId(model.recipient),
        form=model.form,
        questions=questions,
        confirmed=frozenset(texts(confirmed)),
        attachments=tuple(
            AttachmentNote(
                name=note.name,
                carries=tuple(note.carries),
                why=note.why,
                original=note.original == "yes",
            )
            for note in model.attachments
        ),
        again=model.again,
        case=None if model.case is None else CaseId(model.case),
    )


def read_directory(text: bytes) -> tuple[tuple[Agency, ...], tuple[Mailbox, ...]]:
    """Return agencies and mailboxes of a JSON document, or raise `FaultyDocumentError`."""
    document = object_in(text)
    refuse_version_1(document, "directory")
    model = validated(DirectoryModel, document)
    return tuple(map(_agency, model.agencies)), tuple(map(_mailbox, model.mailboxes))


def read_handover(text: bytes) -> str | None:
    """Return the reason in the body of a handover, or raise `FaultyDocumentError`."""
    return validated(HandoverModel, object_in(text or b"{}")).reason


def read_code(text: bytes) -> tuple[str, str | None]:
    """Return for which function a code is, and why again; or raise `FaultyDocumentError`."""
    wanted = validated(CodeModel, object_in(text))
    return wanted.function, wanted.reason


def read_nothing(text: bytes) -> None:
    """Return if a step that needs no word came without one, or raise `FaultyDocumentError`."""
    validated(NothingModel, object_in(text or b"{}"))


def read_resend(text: bytes) -> str:
    """Return why something is sent once more, or raise `FaultyDocumentError`."""
    return validated(ResendModel, object_in(text)).reason


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnew:
    """Why something is sent again, and what its sender has seen of it."""

    reason: str
    seen: str


def read_anew(text: bytes) -> GivenAnew | None:
    """Return the word that something is sent again, None where somebody only wants to see it.

    Raises `FaultyDocumentError`, also where what was seen or why is missing.
    """
    model = validated(AnewModel, object_in(text))
    if model.preview:
        return None
    faults = tuple(
        Fault(place=place, problem='is missing; look first, with "preview": true')
        for place, said in (("reason", model.reason), ("seen", model.seen))
        if said is None
    )
    if model.reason is None or model.seen is None:
        raise FaultyDocumentError(faults)
    return GivenAnew(reason=model.reason, seen=model.seen)


def read_receipt(text: bytes) -> HandReceipt:
    """Return by which way something was carried by hand, or raise `FaultyDocumentError`."""
    given = validated(ReceiptModel, object_in(text))
    return HandReceipt(way=given.by, receipt=given.receipt)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenReply:
    """A sender's reply: words, and answers to what nobody knew."""

    words: str
    settles: Settlement


def read_reply(text: bytes, vocabulary: Vocabulary) -> GivenReply:
    """Return a sender's reply to the Guardian, or raise `FaultyDocumentError`."""
    model = validated(ReplyModel, object_in(text))
    return GivenReply(words=model.reply, settles=_settlement(model, vocabulary))


def read_settlement(text: bytes, vocabulary: Vocabulary) -> Settlement:
    """Return the answers to what nobody knew, without a reply beside them; raises as above."""
    return _settlement(validated(SettlementModel, object_in(text)), vocabulary)


def _settlement(model: SettlementModel, vocabulary: Vocabulary) -> Settlement:
    faults = tuple(settlement_faults(model.answers, vocabulary))
    if faults:
        raise FaultyDocumentError(faults)
    return Settlement(answers=model.answers, form=model.form)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """A Guardian's answer, and whether they only want to see what it would lead to."""

    answer: Answer
    preview: bool


def read_answer(text: bytes) -> GivenAnswer:
    """Return a Guardian's answer, or raise `FaultyDocumentError`."""
    model = validated(AnswerModel, object_in(text))
    answer = Answer(
        verdict=model.verdict,
        reason=model.reason,
        relation=model.relation,
        principles=frozenset(model.principles),
        left_out=tuple(model.leave_out),
        public_interest=model.public_interest,
        seen=model.seen,
    )
    return GivenAnswer(answer=answer, preview=model.preview)


def read_public_interest(text: bytes) -> dict[str, str]:
    """Return the parts of a record of public interest, or raise `FaultyDocumentError`."""
    document = {"public_interest": object_in(text)}
    return validated(PublicInterestModel, document).public_interest


def read_question(text: bytes) -> Grounds:
    """Return what a Guardian asks, or raise `FaultyDocumentError`."""
    model = validated(QuestionModel, object_in(text))
    return Grounds(
        reason=model.question, relation=model.relation, principles=frozenset(model.principles)
    )


def read_opinion(text: bytes) -> Opinion:
    """Return what a Guardian thinks of a decision, or raise `FaultyDocumentError`."""
    model = validated(OpinionModel, object_in(text))
    return Opinion(
        view=model.opinion,
        learning=model.learning,
        reason=model.reason,
        relation=model.relation,
        principles=frozenset(model.principles),
    )


def _agency(model: AgencyModel) -> Agency:
    return Agency(
        id=AgencyId(model.id),
        name=model.name,
        kind=model.kind,
        in_united_kingdom=model.in_united_kingdom,
        sharing_agreement_until=_day(model.sharing_agreement_until),
        undertaking_signed=model.undertaking_signed,
        suitability_until=_day(model.suitability_until),
        bases={
            purpose: LegalBasis(
                article_6=basis.article_6,
                article_9=basis.article_9,
                schedule_1=basis.schedule_1,
                power=basis.power,
            )
            for purpose, basis in model.bases.items()
        },
        sharing_duty_body=model.sharing_duty_body,
        check=model.check,
        check_purposes=frozenset(model.check_purposes),
        completes=model.completes,
        pathway=model.pathway,
        guardian_body=None if model.guardian_body is None else AgencyId(model.guardian_body),
    )


def _mailbox(model: MailboxModel) -> Mailbox:
    return Mailbox(
        id=MailboxId(model.id),
        agency=AgencyId(model.agency),
        title=model.title,
        address=model.address,
        type=model.type,
        accepts_encrypted=model.accepts_encrypted,
        telephone=model.telephone,
        function=model.function,
        version=1,
        verified_on=None,
        verified_by=None,
        listing=Listing(
            kept_as=model.kept_as,
            hours=model.hours,
            printed=model.printed,
            source=model.source,
        ),
    )


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FaultyDocumentError.at(
            "agencies", "holds a day that is not in the calendar"
        ) from None


def day_at(place: str, written: str) -> date:
    """Return a day of the calendar, or raise `FaultyDocumentError` naming its place."""
    day = written_day(written)
    if day is None:
        raise FaultyDocumentError.at(place, "is no day of the calendar")
    return day


def object_in(text: bytes) -> dict[str, object]:
    """Return the JSON object that a body is, or raise `FaultyDocumentError`."""
    value = load_json(text)
    if not is_object(value):
        raise FaultyDocumentError.at("document", "must be a JSON object")
    return value
