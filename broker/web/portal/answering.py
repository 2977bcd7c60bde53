"""Answering on a page: question by question, looked at as they will read it, sent, read out.

What is written travels sealed in the forms. Only what is sent by a form does anything.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from flask import Blueprint, Response, request

from broker.domain.form import as_read, label_of
from broker.domain.json_values import as_array, as_object, text
from broker.domain.portal.asking import Wanted
from broker.domain.portal.errors import AskRefusedError
from broker.domain.portal.pages import Page as PortalPage
from broker.domain.times import uk_day
from broker.web.forms.questions import fields_of, problems_of, title_is_asked_by, typed_of
from broker.web.journeys.answers import Answered
from broker.web.journeys.journey import UnknownPageError
from broker.web.journeys.reading import Posted, first_of
from broker.web.journeys.shapes import Page
from broker.web.journeys.shapes import Problem as PageProblem
from broker.web.portal.answered import asked_why, refused, standing
from broker.web.portal.here import Here, with_reader
from broker.web.portal.late import Late
from broker.web.portal.site import (
    current_portal,
    see_other,
    visit_to,
)
from broker.web.portal.visits import Visit
from broker.web.portal.written import Written
from broker.web.writing.question_documents import page_of_fault

answers = Blueprint("answers", __name__)

_FIRST: Final = "hold"
_LAST: Final = "check"
_TOO_LONG: Final = "All that you wrote is longer than this page takes. Shorten it, or ring them"
_RING: Final = "Ring 999 now"
_OURS: Final = frozenset({"_csrf", "_page", "_action", "_to", "_written", "form"})


@answers.post("/portal/<token>/answer")
def begin(token: str) -> Response:
    """Show the first question, or where the answer stands; that it is read is recorded before."""
    page = current_portal().front.page(token)
    here = Here.of(token, page, visit_to(page))
    return see_other(f"/portal/{token}/conditions") if here is None else _begun(here)


@answers.post("/portal/<token>/answer/page")
@with_reader
def go_on(here: Here) -> Response:
    """Take one page of the answer and show the next; one with faults is shown again."""
    written = here.opened(request.form.get("_written", ""))
    if written is None:
        return see_other(f"/portal/{here.token}/document")
    return _gone_on(here, written, dict(request.form.lists()))


@answers.post("/portal/<token>/answer/send")
@with_reader
def send(here: Here) -> Response:
    """Answer; the same form answers once."""
    written = here.opened(request.form.get("_written", ""))
    if written is None:
        return see_other(f"/portal/{here.token}/document")
    rung = request.form.get("rung") == "yes"
    try:
        said = here.ask(Wanted.ANSWER, written.document(_today(), rung=rung))
    except AskRefusedError as error:
        return refused(here, error)
    if "answer" in said:
        return standing(here, said)
    return _looked_at(here, written, said)


def taken_up(token: str, page: PortalPage, visit: Visit, late: Late) -> Response:
    """Go on with a form that came too late: a page as if it came now; what it sends is shown."""
    here = Here.of(token, page, visit)
    if here is None:
        return see_other(f"/portal/{token}/document")
    if late.view == "answered.words":
        why = late.first("why")
        return asked_why(here, why) if why else _begun(here)
    if late.view == "answered.owed":
        return _begun(here, {name: late.first(name) for name in ("duty", "said")})
    written = here.opened(late.first("_written"))
    if written is None:
        return _begun(here)
    if late.view == "answers.send":
        return _last_look(here, written)
    return _gone_on(here, written, late.fields)


def _begun(here: Here, typed: Mapping[str, str] | None = None) -> Response:
    try:
        said = here.ask(Wanted.QUESTIONS)
    except AskRefusedError as error:
        return refused(here, error)
    if not said.get("waits"):
        return standing(here, said, typed)
    return _question(here, Written.begun(said), _FIRST)


def _gone_on(here: Here, written: Written, form: Posted) -> Response:
    """Show what follows a page that was sent, the first where no page has its name."""
    try:
        return _following(here, written, form)
    except UnknownPageError:
        return _question(here, written, _FIRST)


def _following(here: Here, written: Written, form: Posted) -> Response:
    """Show what follows a page; raises `UnknownPageError` for a name that no page has."""
    journey, name = written.journey(_today()), first_of(form, "_page")
    if to := first_of(form, "_to"):
        return _question(here, written, to)
    if first_of(form, "_action") == "back":
        return _question(here, written, journey.previous_page(name, written.answers))
    posted = {field: values for field, values in form.items() if field not in _OURS}
    reading = journey.read(name, posted, written.answers)
    after = written.with_page(name, reading.answers)
    if reading.problems or after.is_too_long:
        wrong = reading.problems or _too_long(journey.page(name, written.answers))
        return _question(here, written, name, reading.typed, wrong)
    following = journey.next_page(name, after.answers)
    if following.startswith("/"):
        return here.show("answer_danger.html", title=_RING, written=after, page=name)
    return _question(here, after, following)


def _question(
    here: Here,
    written: Written,
    name: str,
    typed: Posted | None = None,
    wrong: Sequence[PageProblem] = (),
) -> Response:
    """Show one page of the answer: a question, or at the end how they will read it."""
    if name in {"", _LAST}:
        return _last_look(here, written)
    journey = written.journey(_today())
    page = journey.page(name, written.answers)
    before = typed_of(page, written.answers.get(name, {}), is_answered=name in written.answers)
    return here.show(
        "answer_page.html",
        title=page.title,
        written=written,
        page=page,
        fields=fields_of(page, before if typed is None else typed, wrong),
        heading_in_field=title_is_asked_by(page) is not None,
        is_first=name == _FIRST,
        problems=problems_of(page, tuple(wrong)),
    )


def _last_look(here: Here, written: Written) -> Response:
    journey = written.journey(_today())
    missing = [page for page in journey.still_to_answer(written.answers) if page.id != _LAST]
    if missing:
        return _question(here, written, missing[0].id)
    try:
        said = here.ask(Wanted.PREVIEW, written.document(_today(), rung=False))
    except AskRefusedError as error:
        return refused(here, error)
    return _looked_at(here, written, said)


def _looked_at(here: Here, written: Written, said: Mapping[str, object]) -> Response:
    """Show what they will read, what must be put right, or why it cannot be answered here."""
    if "waits" in said:
        return standing(here, said)
    answered = Answered(written.answers, written.journey(_today()).circumstances)
    faults = [as_object(one) for one in as_array(said.get("faults", []))]
    return here.show(
        "answer_check.html",
        title="Check before you answer",
        written=written,
        faults=[
            {"page": page_of_fault(text(one["place"]), answered), "text": text(one["problem"])}
            for one in faults
        ],
        other=said.get("other", ""),
        problem=said.get("problem", ""),
        shown=said.get("shown"),
        label=label_of,
        as_read=as_read,
    )


def _too_long(page: Page) -> tuple[PageProblem, ...]:
    return (PageProblem(question=page.questions[0].id, message=_TOO_LONG),)


def _today() -> date:
    return uk_day(current_portal().front.clock())
