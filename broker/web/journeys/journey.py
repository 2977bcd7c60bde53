"""One journey as the pages use it: what to show, what was posted, what comes next, what it makes.

`Journey` holds what the gateway knows (`Circumstances`) and no answers; answers go in and come out
as plain JSON, `{page: {question: value}}`, and are kept by the draft.
"""

from dataclasses import replace

from broker.web.journeys.answers import Answered, Answers, Circumstances
from broker.web.journeys.pack import PackDraft, packs_of
from broker.web.journeys.reading import Posted, Reading, read_page
from broker.web.journeys.shapes import NEXT, Page
from broker.web.journeys.tasks import Task, still_to_answer, tasks_of
from broker.web.journeys.walk import leads_to, page_of, pages_of, resolved, said_first, way


class UnknownPageError(LookupError):
    """The journey has no page of this name."""


class Journey:
    """The pages of one journey under the circumstances of whoever is on it."""

    def __init__(self, circumstances: Circumstances) -> None:
        """Work with what the gateway knows now; make another when that changes."""
        self.circumstances = circumstances

    def page(self, name: str, answers: Answers) -> Page:
        """Return a page as it reads for these answers, with what the page before makes it say.

        Raises `UnknownPageError`.
        """
        answered = Answered(answers, self.circumstances)
        page = page_of(name, answered)
        if page is None:
            raise UnknownPageError
        before = self._before(page, answered)
        said = said_first(before, answered) if before else ()
        links = tuple(
            replace(link, to=self.next_page(name, answers)) if link.to == NEXT else link
            for link in page.links
        )
        return replace(page, insets=(*said, *page.insets), links=links)

    def pages(self, answers: Answers) -> tuple[Page, ...]:
        """Return the pages that apply, in their order."""
        return pages_of(Answered(answers, self.circumstances))

    def read(
        self, name: str, posted: Posted, answers: Answers, *, to_go_on: bool = True
    ) -> Reading:
        """Return what was posted to a page; who only saves may leave out what must be answered.

        Raises `UnknownPageError`.
        """
        page = self.page(name, answers)
        return read_page(page, posted, answers, self.circumstances, to_go_on=to_go_on)

    def next_page(self, name: str, answers: Answers) -> str:
        """Return what follows a page that was answered: a page's name, or a path of the site.

        Empty after the last one. Raises `UnknownPageError`.
        """
        answered = Answered(answers, self.circumstances)
        page = page_of(name, answered)
        if page is None:
            raise UnknownPageError
        if elsewhere := leads_to(page, answered):
            return elsewhere
        order = [each.id for each in way(answered)]
        here = page.after or page.id
        if here not in order:
            return ""
        return next(iter(order[order.index(here) + 1 :]), "")

    def previous_page(self, name: str, answers: Answers) -> str:
        """Return the page before, empty before the first. Raises `UnknownPageError`."""
        answered = Answered(answers, self.circumstances)
        page = page_of(name, answered)
        if page is None:
            raise UnknownPageError
        if page.after:
            return page.after
        before = self._before(page, answered)
        return before.id if before else ""

    def after_a_change(self, name: str, before: Answers, after: Answers) -> str:
        """Return where "Change" leads back to: `check`, or a page that the change has opened."""
        had = {page.id for page in way(Answered(before, self.circumstances))}
        for page in self.pages(after):
            if page.id not in had and page.id not in after and page.questions:
                return page.id
        elsewhere = leads_to(self.page(name, after), Answered(after, self.circumstances))
        return elsewhere or self.pages(after)[-1].id

    def task_list(self, answers: Answers) -> tuple[Task, ...]:
        """Return the task list."""
        return tasks_of(Answered(answers, self.circumstances))

    def still_to_answer(self, answers: Answers) -> tuple[Page, ...]:
        """Return the pages that wait for an answer."""
        return still_to_answer(Answered(answers, self.circumstances))

    def packs_of(self, answers: Answers) -> tuple[PackDraft, ...]:
        """Return the packs that the answers make, the one that was asked for first."""
        return packs_of(answers, self.circumstances)

    def _before(self, page: Page, answered: Answered) -> Page | None:
        order = way(answered)
        names = [each.id for each in order]
        if page.after in names:
            return resolved(order[names.index(page.after)], answered)
        if page.id not in names or names.index(page.id) == 0:
            return None
        return resolved(order[names.index(page.id) - 1], answered)
