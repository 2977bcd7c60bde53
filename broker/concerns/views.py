"""Concerns as documents: where each stands, and for whoever was asked, what is in one."""

from collections.abc import Iterable

from broker.cases.earlier.lists import EarlierConcern
from broker.cases.earlier.views import earlier_documents
from broker.domain.concerns.concerns import Check, Concern, OpenConcern
from broker.domain.times import day_text, rfc3339


def concern_document(concern: Concern) -> dict[str, object]:
    """Return where a concern stands: codes and days, no content."""
    return {
        "reference": str(concern.reference),
        "case": concern.case,
        "about": concern.about.value,
        "stage": concern.stage.value,
        "noted_at": rfc3339(concern.noted_at),
        "due_on": day_text(concern.newest.due_on),
        "closed_as": None if concern.closed_as is None else concern.closed_as.value,
        "checks": [_check(check) for check in concern.checks],
    }


def concerns_document(waiting: Iterable[Concern], body: Iterable[Concern]) -> dict[str, object]:
    """Return what waits for somebody's answer, and where the concerns of their body stand."""
    return {
        "waiting": [concern_document(one) for one in waiting],
        "body": [concern_document(one) for one in body],
    }


def open_document(
    opened: OpenConcern, earlier: Iterable[EarlierConcern] | None
) -> dict[str, object]:
    """Return a concern as whoever was asked reads it; `answers` are by page and question.

    `earlier` are those that its body knows, None for whoever sees none.
    """
    draft = opened.draft
    return {
        **concern_document(opened.concern),
        "answers": None if draft is None else dict(draft.text.answers),
        "words": {str(number): words for number, words in sorted(opened.words.items())},
        "why": opened.why or None,
        "earlier": None if earlier is None else earlier_documents(earlier),
    }


def _check(check: Check) -> dict[str, object]:
    answer = check.answer
    return {
        "number": check.number,
        "asked_of": check.asked_of,
        "role": check.role.value,
        "asked_at": rfc3339(check.asked_at),
        "due_on": day_text(check.due_on),
        "answered_by": None if answer is None else answer.by,
        "answered_at": None if answer is None else rfc3339(answer.at),
        "advice": None if answer is None else answer.advice.value,
        "also": [] if answer is None else sorted(answer.also),
    }
