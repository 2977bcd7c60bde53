"""What a Guardian asks before deciding and the sender replies, kept encrypted with the case."""

from collections.abc import Iterator
from datetime import date

from broker.domain.guardians.settling import Settlement
from broker.domain.json_values import as_object, text
from broker.domain.model import Person, Question
from broker.domain.times import day_text
from broker.storage.case_file import CaseFile, Part
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
