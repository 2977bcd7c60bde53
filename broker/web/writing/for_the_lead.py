"""What whoever checks a concern reads of it: everything but whom it goes to, and what for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from broker.domain.concerns.concerns import OpenConcern
from broker.domain.model import Person
from broker.web.journeys.answers import Answered
from broker.web.journeys.answers import Kind as JourneyKind
from broker.web.journeys.check_page import in_plain_words
from broker.web.journeys.shapes import Page, Section
from broker.web.journeys.walk import pages_of
from broker.web.writing.circumstances import circumstances_of
from broker.web.writing.drafts import answers_in
from broker.wiring import Services

_READ: Final = (Section.NOTICE, Section.PERSON, Section.ASK, Section.CHECK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that was asked of the writer, and what they answered, in words."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the journey with what was answered in it."""

    title: str
    asked: tuple[Asked, ...]


def parts_for_the_lead(
    services: Services, person: Person, opened: OpenConcern
) -> tuple[Part, ...]:
    """Return what somebody reads who checks a concern, in the order in which it was asked.

    Nothing once its draft is gone.
    """
    draft = opened.draft
    if draft is None:
        return ()
    kind = JourneyKind(draft.row.journey)
    known = circumstances_of(services, person, kind, owner=draft.row.owner, asked=opened)
    answered = Answered(answers_in(draft.text), known)
    pages = pages_of(answered)
    parts = (
        Part(
            title=section.value,
            asked=tuple(
                one
                for page in pages
                if page.section is section
                for one in _asked_on(page, answered)
            ),
        )
        for section in _READ
    )
    return tuple(part for part in parts if part.asked)


def _asked_on(page: Page, answered: Answered) -> Iterator[Asked]:
    for question in page.questions:
        words = in_plain_words(question, page, answered)
        if words:
            label = question.label or page.title
            yield Asked(question=label, answer=words)
