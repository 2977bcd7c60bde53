"""What a Guardian asks before deciding and the sender replies: kept with the case, and read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from broker.disclosures.reviews import Review, reviews_of
from broker.domain.guardians.settling import Settlement
from broker.domain.json_values import as_object, text
from broker.domain.model import Person, Question
from broker.domain.references import Reference
from broker.domain.times import day_text
from broker.ledger.readings import Content, Entrance, record_reading
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transactions
from keys import PersonId


def questions_of(file: CaseFile) -> tuple[Question, ...]:
    """Return every question of a disclosure with its reply, the first first."""
    return tuple(_questions(file))


def keep_question(file: CaseFile, guardian: Person, on: date, words: str) -> str:
    """Keep a question and return the commitment to it."""
    number = len(questions_of(file)) + 1
    question = {"by": guardian.id, "on": day_text(on), "text": words}
    return file.commit(Part.QUESTION.numbered(number), question)


def keep_reply(file: CaseFile, person: Person, words: str, settles: Settlement) -> str:
    """Keep the reply to the newest question and return the commitment to it.

    From then on the pack of the file holds what it settles.
    """
    number = len(questions_of(file))
    settled = {} if settles.is_empty else settles.document()
    return file.commit(Part.REPLY.numbered(number), {"by": person.id, "text": words, **settled})


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """What Guardian and sender wrote to each other about a disclosure."""

    reference: Reference
    questions: tuple[Question, ...]
    reviews: tuple[Review, ...]

    def document(self) -> dict[str, object]:
        """Return it as JSON: questions with replies, and what a Guardian tells the sender why."""
        return {
            "reference": str(self.reference),
            "questions": list(map(question_document, self.questions)),
            "reviews": [review.with_its_reason() for review in self.reviews],
        }


def correspondence_of(
    transaction: Transactions, reference: Reference, person: Person, how: Entrance
) -> Correspondence:
    """Return the words about a disclosure that its sender may read; recorded before.

    Raises `UnknownReferenceError`, `UnknownKeyError`.
    """
    with transaction() as tx:
        disclosure = tx.disclosure_for(reference, person)
        file = tx.case_file(disclosure)
        found = Correspondence(
            reference=reference, questions=questions_of(file), reviews=reviews_of(file)
        )
        record_reading(tx, person, Content.QUESTIONS, how, reference)
    return found


def question_document(question: Question) -> dict[str, object]:
    """Return a Guardian's question, and its reply where there is one, as JSON."""
    return {
        "asked_by": question.asked_by,
        "asked_on": day_text(question.asked_on),
        "question": question.text,
        "reply": question.reply,
        "replied_by": question.replied_by,
        "settled": list(question.settled),
    }


def question_without_words(question: Question) -> dict[str, object]:
    """Return that a question was asked, and whether it was replied to, as JSON."""
    return {
        "asked_by": question.asked_by,
        "asked_on": day_text(question.asked_on),
        "is_replied_to": question.reply is not None,
    }


def _questions(file: CaseFile) -> Iterator[Question]:
    number = 1
    while (kept := file.found(Part.QUESTION.numbered(number))) is not None:
        question, reply = as_object(kept), file.found(Part.REPLY.numbered(number))
        replied = {} if reply is None else as_object(reply)
        yield Question(
            asked_by=PersonId(text(question["by"])),
            asked_on=date.fromisoformat(text(question["on"])),
            text=text(question["text"]),
            reply=text(replied["text"]) if replied else None,
            replied_by=PersonId(text(replied["by"])) if replied else None,
            settled=tuple(as_object(replied.get("answers", {}))),
        )
        number += 1
