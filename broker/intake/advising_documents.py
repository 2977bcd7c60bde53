"""Documents about advice and cover, read once into frozen values; every fault named."""

from dataclasses import dataclass
from datetime import date

from broker.domain.guardians.advice import Adviser
from broker.intake.documents import day_at, object_in
from broker.intake.shapes import AdviceAnswerModel, AdviceQuestionModel, CoverModel
from broker.intake.validation import validated
from keys import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAdvice:
    """Who is asked for advice, and what."""

    adviser: Adviser
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCover:
    """Who is to cover, and for which days."""

    deputy: PersonId
    first: date
    last: date


def read_advice_question(text: bytes) -> AskedAdvice:
    """Return what advice is asked, or raise `FaultyDocumentError`."""
    model = validated(AdviceQuestionModel, object_in(text))
    return AskedAdvice(adviser=model.of, question=model.question)


def read_advice_answer(text: bytes) -> str:
    """Return the answer to a question, or raise `FaultyDocumentError`."""
    return validated(AdviceAnswerModel, object_in(text)).answer


def read_cover(text: bytes) -> AskedCover:
    """Return who is to cover for which days, or raise `FaultyDocumentError`."""
    model = validated(CoverModel, object_in(text))
    return AskedCover(
        deputy=PersonId(model.deputy),
        first=day_at("first", model.first),
        last=day_at("last", model.last),
    )
