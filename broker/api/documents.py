"""Documents sent to the broker, parsed once into frozen values; every fault named, all at once."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from broker.errors import Fault, FaultyDocumentError
from broker.facts import ANSWERED_BY_PEOPLE
from broker.form import FIELD_BY_ID, LIMITS, Kind
from broker.model import Agency, AttachmentNote, LegalBasis, Mailbox, MailboxId, Pack
from broker.obligations import CONFIRMED_BY_THE_SENDER
from broker.review import Answer
from broker.strictjson import load_json
from keys import AgencyId
from policies import FIELDS, Vocabulary, faults_in_subset

MAX_ATTACHMENTS = 20

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Document(BaseModel):
    """What every document of the API has in common: closed, strict, frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AttachmentModel(Document):
    """What the sender says of an attachment; its content travels beside the pack."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    carries: Annotated[list[str], Field(min_length=1, max_length=len(FIELDS))]
    why: Text


class PackModel(Document):
    """A referral pack, version 1 (docs/formats/pack.md)."""

    pack: Literal["referral-pack/1"]
    recipient: Identifier
    form: dict[str, str]
    questions: dict[str, object]
    attachments: Annotated[list[AttachmentModel], Field(max_length=MAX_ATTACHMENTS)] = []


class BasisModel(Document):
    """What an agency relies on for a purpose; the words are those of the facts contract."""

    article_6: Line
    article_9: Line
    schedule_1: Line
    power: Text


class AgencyModel(Document):
    """A body that sends or receives."""

    id: Identifier
    name: Line
    kind: Line
    in_united_kingdom: bool
    sharing_agreement_until: Day | None
    undertaking_signed: bool
    suitability_until: Day | None
    bases: dict[str, BasisModel]


class MailboxModel(Document):
    """Where an agency takes packs."""

    id: Identifier
    agency: Identifier
    title: Line
    address: Line
    type: Literal["role", "named-person", "personal-webmail", "portal"]
    accepts_encrypted: Literal["yes", "no", "unknown"]
    telephone: Annotated[str, Field(pattern=r"^[0-9+() -]{3,40}$")]


class DirectoryModel(Document):
    """Entries to add to the directory, version 1."""

    directory: Literal["directory/1"]
    agencies: list[AgencyModel]
    mailboxes: list[MailboxModel]


class HandoverModel(Document):
    """A request for the passphrase; a second one needs a reason."""

    reason: Text | None = None


class AnswerModel(Document):
    """A Guardian's answer to a referral."""

    verdict: Literal["approve", "approve-reduced", "refuse"]
    reason: Text
    relation: Literal["independent", "author", "subject", "relative", "line-report", "siro"]
    leave_out: list[str] = []


def read_pack(text: bytes, vocabulary: Vocabulary) -> Pack:
    """Return the pack of a JSON document, or raise `FaultyDocumentError` with every fault.

    `vocabulary` is that of the rulebook that will judge it.
    """
    document = _object(load_json(text))
    faults = [*_pack_faults(document, vocabulary)]
    try:
        model = _validated(PackModel, document)
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
        confirmed=frozenset(confirmed if isinstance(confirmed, list) else []),
        attachments=tuple(
            AttachmentNote(name=note.name, carries=tuple(note.carries), why=note.why)
            for note in model.attachments
        ),
    )


def read_directory(text: bytes) -> tuple[tuple[Agency, ...], tuple[Mailbox, ...]]:
    """Return agencies and mailboxes of a JSON document, or raise `FaultyDocumentError`."""
    model = _validated(DirectoryModel, _object(load_json(text)))
    return tuple(map(_agency, model.agencies)), tuple(map(_mailbox, model.mailboxes))


def read_handover(text: bytes) -> str | None:
    """Return the reason in the body of a handover, or raise `FaultyDocumentError`."""
    return _validated(HandoverModel, _object(load_json(text or b"{}"))).reason


def read_answer(text: bytes) -> Answer:
    """Return a Guardian's answer, or raise `FaultyDocumentError`."""
    model = _validated(AnswerModel, _object(load_json(text)))
    return Answer(
        verdict=model.verdict,
        reason=model.reason,
        relation=model.relation,
        left_out=frozenset(model.leave_out),
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
        verified_on=None,
        verified_by=None,
    )


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FaultyDocumentError(
            (Fault(place="agencies", problem="holds a day that is not in the calendar"),)
        ) from None


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise FaultyDocumentError((Fault(place="document", problem="must be a JSON object"),))
    members: dict[str, object] = value
    return members


# What the form, the questions and the attachments must satisfy beyond their shape


def _pack_faults(document: Mapping[str, object], vocabulary: Vocabulary) -> Iterable[Fault]:
    form, questions = document.get("form"), document.get("questions")
    if isinstance(form, dict):
        yield from _form_faults(form)
    if isinstance(questions, dict):
        yield from _question_faults(questions, vocabulary)
    if isinstance(form, dict) and isinstance(questions, dict):
        yield from _birthday_faults(form, questions)
    attachments = document.get("attachments")
    if isinstance(attachments, list):
        yield from _attachment_faults(attachments)


def _form_faults(form: Mapping[str, object]) -> Iterable[Fault]:
    if not form:
        yield Fault(place="form", problem="is empty; fill in at least one field")
    for name, value in form.items():
        field = FIELD_BY_ID.get(name)
        if field is None:
            yield Fault(place="form", problem=f"has a field that is not in the form{_near(name)}")
        elif isinstance(value, str) and (problem := _problem_with(value, field.kind)):
            yield Fault(place=f"form.{name}", problem=problem)


def _problem_with(value: str, kind: Kind) -> str | None:
    if not value.strip():
        return "is empty; leave the field out instead"
    if len(value) > LIMITS[kind]:
        return f"is longer than {LIMITS[kind]:,} characters"
    if kind is Kind.DATE and not _is_day(value):
        return "must be a day such as 2009-03-14"
    if kind is Kind.LINE and ("\n" in value or "\r" in value):
        return "must stand on one line"
    return None


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _question_faults(questions: Mapping[str, object], vocabulary: Vocabulary) -> Iterable[Fault]:
    judged = {name: value for name, value in questions.items() if name != "confirmed"}
    for fault in faults_in_subset(judged, vocabulary, under=ANSWERED_BY_PEOPLE):
        hint = "" if fault.nearest is None else f" Did you mean {fault.nearest}?"
        yield Fault(place=f"questions.{fault.place}", problem=f"{fault.say}{hint}")
    confirmed = questions.get("confirmed", [])
    if not isinstance(confirmed, list) or not set(map(str, confirmed)) <= set(
        CONFIRMED_BY_THE_SENDER
    ):
        known = ", ".join(sorted(CONFIRMED_BY_THE_SENDER))
        yield Fault(place="questions.confirmed", problem=f"must be a list; it may hold: {known}")


def _birthday_faults(
    form: Mapping[str, object], questions: Mapping[str, object]
) -> Iterable[Fault]:
    subject = questions.get("subject")
    written = form.get("individual.date_of_birth")
    if isinstance(subject, dict) and written is not None:
        answered: object = subject.get("date_of_birth")
        if answered != written:
            yield Fault(
                place="questions.subject.date_of_birth",
                problem="differs from form.individual.date_of_birth; make them the same",
            )


def _attachment_faults(attachments: list[object]) -> Iterable[Fault]:
    for index, note in enumerate(attachments):
        carries: object = note.get("carries") if isinstance(note, dict) else None
        for name in carries if isinstance(carries, list) else ():
            if isinstance(name, str) and name not in FIELDS:
                yield Fault(
                    place=f"attachments[{index}].carries",
                    problem=f"names a field that is not in the contract{_near(name)}",
                )


def _near(name: str) -> str:
    close = get_close_matches(name, FIELDS, n=1)
    return f"; the nearest is {close[0]}" if close else ""


# Pydantic's findings in our own words: its own would repeat what was sent

M = TypeVar("M", bound=Document)


def _validated(model: type[M], document: Mapping[str, object]) -> M:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise FaultyDocumentError(tuple(_faults_of(error, model))) from None


def _faults_of(error: ValidationError, model: type[Document]) -> Iterable[Fault]:
    for finding in error.errors(include_url=False, include_input=False, include_context=False):
        *above, last = finding["loc"]
        if finding["type"] == "extra_forbidden":
            yield Fault(
                place=_place(above),
                problem=f"has a name that does not belong there{_known(above, model)}",
            )
        else:
            yield Fault(place=_place((*above, last)), problem=_in_words(finding["type"]))


def _known(above: Iterable[int | str], model: type[Document]) -> str:
    return "" if tuple(above) else f"; it may have: {', '.join(model.model_fields)}"


# A name that was sent may be personal too, so only ours are repeated.
_OUR_NAMES = frozenset(FIELD_BY_ID).union(
    *(
        model.model_fields
        for model in (
            PackModel,
            AttachmentModel,
            DirectoryModel,
            AgencyModel,
            BasisModel,
            MailboxModel,
            HandoverModel,
        )
    )
)


def _place(location: Iterable[int | str]) -> str:
    place = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}"
        for step in location
        if isinstance(step, int) or step in _OUR_NAMES
    )
    return place.removeprefix(".") or "document"


_WORDS = {
    "missing": "is missing",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "literal_error": "is not one of the values that this version knows",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "too_short": "names nothing; name at least one field that it carries",
    "too_long": "holds too many",
    "string_pattern_mismatch": "is not written as it must be",
}


def _in_words(type_: str) -> str:
    return _WORDS.get(type_, "is not what the format asks for")
