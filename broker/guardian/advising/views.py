"""What is told of advice and of cover: one shape for the API and the command line."""

from collections.abc import Iterable
from datetime import date

from broker.domain.guardians.advice import Advice, AdviceInWords
from broker.domain.guardians.cover import Cover
from broker.domain.roles import Role
from broker.domain.times import day_text


def advice_document(advice: Advice, today: date, role: Role) -> dict[str, object]:
    """Return where a piece of advice stands; whoever is asked is told no reference."""
    about = {"reference": str(advice.reference)} if role is Role.GUARDIAN else {}
    return {
        **about,
        "id": advice.id,
        "of": advice.adviser.value,
        "asked_by": advice.asked_by,
        "asked_on": day_text(advice.asked_on),
        "due_on": day_text(advice.due_on),
        "is_late": advice.is_late(today),
        "answered_by": advice.answered_by,
        "answered_on": day_text(advice.answered_on),
    }


def advice_list_document(listed: Iterable[Advice], today: date, role: Role) -> dict[str, object]:
    """Return a list of advice, the first due first."""
    return {"advice": [advice_document(one, today, role) for one in listed]}


def advice_in_words_document(found: AdviceInWords, today: date, role: Role) -> dict[str, object]:
    """Return advice with its question, and its answer where there is one."""
    return {
        **advice_document(found.advice, today, role),
        "question": found.question,
        "answer": found.answer or None,
    }


def covers_document(covers: Iterable[Cover]) -> dict[str, object]:
    """Return who covers for whom, the first first."""
    return {
        "cover": [
            {
                "guardian": one.guardian,
                "deputy": one.deputy,
                "first": day_text(one.first),
                "last": day_text(one.last),
            }
            for one in covers
        ]
    }
