"""A reader who may answer what a page puts: what they ask, and the pages they are shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from http import HTTPStatus

from flask import Response

from broker.domain.portal.asking import Asker, Wanted
from broker.domain.portal.pages import Page
from broker.web.forms.problems import Problem
from broker.web.portal.shown import ended_page
from broker.web.portal.site import (
    current_portal,
    form_sent,
    keep_visit,
    new_form,
    show,
    visit_to,
)
from broker.web.portal.visits import Visit
from broker.web.portal.written import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A reader who may answer: their page, their visit, and which address they came by."""

    token: str
    page: Page
    visit: Visit
    asker: Asker

    @classmethod
    def of(cls, token: str, page: Page, visit: Visit | None) -> "Here | None":
        """Return who sends a form, None for who has to go through code and conditions first."""
        if visit is None or visit.asker is None or not (visit.accepted and visit.asks):
            return None
        return cls(token=token, page=page, visit=visit, asker=visit.asker)

    def opened(self, sealed: str) -> Written | None:
        """Return what a form of theirs carried, None for anything else."""
        return Written.opened(current_portal().visits.secret, self.asker, sealed)

    def ask(self, wanted: Wanted, words: str = "") -> Mapping[str, object]:
        """Return what the gateway says; raises as `PortalFront.fetch`."""
        front = current_portal().front
        return front.about_the_question(self.page, self.asker, form_sent(), wanted, words)

    def show(
        self,
        template: str,
        /,
        *,
        title: str,
        written: Written | None = None,
        problems: Sequence[Problem] = (),
        **shown: object,
    ) -> Response:
        """Return a page, and have the visit count anew from now."""
        portal = current_portal()
        sealed = "" if written is None else written.sealed(portal.visits.secret, self.asker)
        carried = {"token": self.token, "written": sealed, "form": new_form()}
        response = show(
            template,
            title=title,
            problems=problems,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
            **carried,
            **shown,
        )
        visit = replace(self.visit, at=portal.front.clock(), writes=True)
        keep_visit(response, self.page, visit)
        return response


def with_reader(view: Callable[[Here], Response]) -> Callable[[str], Response]:
    """Give a view the reader who sends its form, in place of the token of its address.

    Whose visit ended is asked for the code again, and the view is not called.
    """

    @wraps(view)
    def let_in_first(token: str) -> Response:
        page = current_portal().front.page(token)
        here = Here.of(token, page, visit_to(page))
        return ended_page(page) if here is None else view(here)

    return let_in_first
