"""Requests and answers as they are sent, parsed once into frozen values; every fault at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.json_values import is_array, is_object, texts
from broker.domain.model import MailboxId, Pack
from broker.domain.partner_requests.answers import (
    ANSWER_PURPOSE,
    BIRTHDAY,
    NAME,
    FieldAnswer,
    GivenAnswer,
    Held,
    Known,
    Share,
    Statement,
)
from broker.domain.partner_requests.concerns import Outcome, Wrong
from broker.domain.partner_requests.days import DaySet
from broker.domain.partner_requests.wanted import BodyAsked, WantedRequest
from broker.domain.questions.asked import Ask
from broker.domain.times import written_day
from broker.intake.documents import object_in
from broker.intake.pack_checks import pack_faults
from broker.intake.requests.shapes import (
    AskModel,
    FieldAnswerModel,
    PassModel,
    RequestAnswerModel,
    RequestModel,
    ReturnModel,
    SettleModel,
    SharingConcernModel,
    SharingOutcomeModel,
    TimeModel,
)
from broker.intake.shapes import Document
from broker.intake.validation import validated
from keys import CaseId, PersonId
from policies import Vocabulary

M = TypeVar("M", bound=Document)

_NO_VICTIM: Final = {
    "applies": "no",
    "line_of_enquiry": "not-applicable",
    "counselling_records": "no",
    "substantial_probative_value": "not-applicable",
    "senior_approval": "not-applicable",
    "victim_told": "not-applicable",
    "reason_not_told": "",
}

_OF_THE_QUESTION: Final[Mapping[str, object]] = {
    "purpose": ANSWER_PURPOSE,
    "purpose_statement": "As the question says.",
    "scope": {"people": 1, "selector": "named-person"},
    "requester": {"signed_request": "no"},
    "victim_request": _NO_VICTIM,
    "reasons_for_extra_fields": {},
}
"""What the question says and nobody who answers is asked; looked at as if it stood there."""

_WHOM: Final = frozenset({NAME, BIRTHDAY})


def read_request(text: bytes, vocabulary: Vocabulary, today: date) -> WantedRequest:
    """Return the request of a JSON document, or raise `FaultyDocumentError` with every fault.

    `vocabulary` is that of the rulebook that will judge it, `today` the day in the United Kingdom.
    """
    document = object_in(text)
    questions = document.get("questions")
    if is_object(questions):
        questions["purpose"] = "partner-request"
        questions["recipient"] = {"needs_it_for_role": "yes"}
    faults = [*pack_faults({**document, "attachments": []}, vocabulary, today)]
    model = _after(faults, RequestModel, document)
    held = dict(model.questions)
    confirmed = held.pop("confirmed", [])
    pack = Pack(
        recipient=MailboxId(""),
        form=model.form,
        questions=held,
        confirmed=frozenset(texts(confirmed)),
        attachments=(),
        case=None if model.case is None else CaseId(model.case),
    )
    days = _Days()
    wanted = WantedRequest(
        purpose=model.purpose,
        answer_to=MailboxId(model.answer_to),
        day=DaySet(
            on=days.read("deadline.on", model.deadline.on),
            set_by=PersonId(model.deadline.set_by),
            function=model.deadline.function,
            why=model.deadline.why,
        ),
        pack=pack,
        bodies=tuple(
            BodyAsked(
                mailbox=MailboxId(body.mailbox),
                why=body.why,
                asks=tuple(
                    _ask(f"bodies[{place}].asks[{number}]", ask, days)
                    for number, ask in enumerate(body.asks)
                ),
            )
            for place, body in enumerate(model.bodies)
        ),
    )
    days.refuse()
    return wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnswer:
    """An answer, and whether whoever gives it only wants to see what would be read of it."""

    given: GivenAnswer
    preview: bool


def read_answer(text: bytes, vocabulary: Vocabulary, today: date) -> ReadAnswer:
    """Return the answer of a JSON document; raises as `read_request`."""
    document = object_in(text)
    fields = document.get("fields", [])
    shares = is_array(fields) and any(
        is_object(one) and one.get("share") in {"all", "part"} for one in fields
    )
    faults: list[Fault] = []
    questions = document.get("questions", {})
    if shares and is_object(questions):
        asked = {**questions, **_OF_THE_QUESTION}
        pack: dict[str, object] = {
            "form": document.get("person", {}),
            "questions": asked,
            "attachments": [],
        }
        faults += pack_faults(pack, vocabulary, today)
    model = _after(faults, RequestAnswerModel, document)
    if not set(model.person) <= _WHOM:
        problem = f"holds more than {NAME} and {BIRTHDAY}"
        raise FaultyDocumentError.at("person", problem)
    held = dict(model.questions)
    confirmed = held.pop("confirmed", [])
    days = _Days()
    given = GivenAnswer(
        held=Held(model.held),
        why=model.why,
        person=model.person,
        rung=model.rung,
        fields=tuple(
            _field(f"fields[{number}]", one, days) for number, one in enumerate(model.fields)
        ),
        questions=held,
        confirmed=frozenset(texts(confirmed)),
    )
    days.refuse()
    return ReadAnswer(given=given, preview=model.preview)


def given_answer(text: bytes, vocabulary: Vocabulary, today: date) -> GivenAnswer:
    """Return the answer of a JSON document that is no preview; raises as `read_request`."""
    return read_answer(text, vocabulary, today).given


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReturn:
    """Why a copy is sent back: in one of four words, and in whoever's own."""

    reason: str
    why: str


def read_return(text: bytes) -> ReadReturn:
    """Return why a copy is sent back, or raise `FaultyDocumentError`."""
    model = validated(ReturnModel, object_in(text))
    return ReadReturn(reason=model.reason, why=model.why)


def read_pass(text: bytes) -> tuple[PersonId, str]:
    """Return to whom a copy is passed, and why, or raise `FaultyDocumentError`."""
    model = validated(PassModel, object_in(text))
    return PersonId(model.to), model.why


def read_time(text: bytes) -> tuple[date, str]:
    """Return until when more time is asked for, and why, or raise `FaultyDocumentError`."""
    model, days = validated(TimeModel, object_in(text)), _Days()
    until = days.read("until", model.until)
    days.refuse()
    return until, model.why


def read_settled(text: bytes) -> bool:
    """Return whether more time is granted, or raise `FaultyDocumentError`."""
    return validated(SettleModel, object_in(text)).granted


def read_sharing_concern(text: bytes) -> tuple[Wrong, str]:
    """Return what went wrong with sharing, and why, or raise `FaultyDocumentError`."""
    model = validated(SharingConcernModel, object_in(text))
    return model.wrong, model.why


def read_sharing_outcome(text: bytes) -> tuple[Outcome, str]:
    """Return how a concern about sharing ends, and why, or raise `FaultyDocumentError`."""
    model = validated(SharingOutcomeModel, object_in(text))
    return model.outcome, model.why


class _Days:
    """Reads days, and gathers those that no calendar has."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def read(self, place: str, text: str) -> date:
        """Return a day; one that is none is kept as a fault, and any other day given for it."""
        day = written_day(text)
        if day is None:
            self._faults.append(Fault(place=place, problem="is not a day in the calendar"))
        return day or date.min

    def refuse(self) -> None:
        """Return if every day was one, else raise `FaultyDocumentError`."""
        if self._faults:
            raise FaultyDocumentError(tuple(self._faults))


def _after(faults: list[Fault], shape: type[M], document: Mapping[str, object]) -> M:
    """Return a document in its shape where it has no fault at all; else raise with every one."""
    try:
        model = validated(shape, document)
    except FaultyDocumentError as error:
        raise FaultyDocumentError((*error.faults, *faults)) from None
    if faults:
        raise FaultyDocumentError(tuple(faults))
    return model


def _ask(place: str, ask: AskModel, days: _Days) -> Ask:
    return Ask(
        field=ask.field,
        sentence=ask.sentence,
        since=days.read(f"{place}.from", ask.from_),
        until=days.read(f"{place}.until", ask.until),
    )


def _field(place: str, one: FieldAnswerModel, days: _Days) -> FieldAnswer:
    return FieldAnswer(
        field=one.field,
        share=Share(one.share),
        why=one.why,
        statements=tuple(
            Statement(
                known=Known(said.known),
                source=said.source,
                on=days.read(f"{place}.statements[{number}].on", said.on),
                words=said.words,
            )
            for number, said in enumerate(one.statements)
        ),
    )
