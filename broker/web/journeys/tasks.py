"""The task list: Notice, The person, Ask, Check, Share, and how far each has come."""

from dataclasses import dataclass
from enum import StrEnum

from broker.web.journeys.answers import Answered
from broker.web.journeys.shapes import Page, Section
from broker.web.journeys.walk import pages_of


class Progress(StrEnum):
    """How far a task has come, in the words that people read."""

    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    DONE = "Done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A section of the journey: how far it has come, and the page that its link opens.

    `page` is the first that waits for an answer, or the first of all where none waits.
    """

    section: Section
    progress: Progress
    page: str


def tasks_of(answered: Answered) -> tuple[Task, ...]:
    """Return the sections that have pages for these answers, in their order."""
    pages = pages_of(answered)
    return tuple(
        _task(section, mine, answered)
        for section in Section
        if section is not Section.BEFORE
        and (mine := [page for page in pages if page.section is section])
    )


def still_to_answer(answered: Answered) -> tuple[Page, ...]:
    """Return the pages that apply and wait for an answer, in their order."""
    return tuple(page for page in pages_of(answered) if _waits(page, answered))


def _task(section: Section, pages: list[Page], answered: Answered) -> Task:
    asking = [page for page in pages if page.questions]
    waiting = [page for page in asking if _waits(page, answered)]
    if not waiting:
        progress = Progress.DONE
    elif len(waiting) == len(asking):
        progress = Progress.NOT_STARTED
    else:
        progress = Progress.IN_PROGRESS
    return Task(section=section, progress=progress, page=(waiting or pages)[0].id)


def _waits(page: Page, answered: Answered) -> bool:
    """Say whether a page was not sent yet, or a question that must be answered was not."""
    if not page.questions:
        return False
    if not answered.is_answered(page.id):
        return True
    return any(
        question.must(answered) and answered.value(page.id, question.id) is None
        for question in page.questions
    )
