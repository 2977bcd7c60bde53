"""What is done with a copy beside answering it: sent back, passed on, given time, stopped."""

from datetime import date

from flask import Response, request

from broker.domain.errors import FaultyDocumentError, NotAllowedError
from broker.domain.partner_requests.copies import CopyName
from broker.domain.times import uk_day
from broker.partner_requests.standing import ANSWERERS, ASKERS, NotOfThatBodyError
from broker.web import access
from broker.web.forms.questions import fields_of, problems_of, title_is_asked_by, typed_of
from broker.web.journeys.answers import Answered, Circumstances
from broker.web.journeys.pages.choices import options
from broker.web.journeys.reading import Reading, read_page
from broker.web.journeys.shapes import (
    REASON_LIMIT,
    Days,
    Kind,
    Page,
    Problem,
    Question,
    always,
)
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.hiding import hidden_with_words
from broker.web.views.requests.blueprint import (
    address_of,
    copy_name,
    partner_requests,
    person,
    requests,
)
from broker.web.views.requests.words import REASONS

_ANSWERS, _ASKS = tuple(sorted(ANSWERERS)), tuple(sorted(ASKERS))


def _why(label: str, missing: str = "Enter why") -> Question:
    return Question(
        id="why",
        kind=Kind.TEXT,
        label=label,
        hint="At least two words. Both sides read it.",
        must=always,
        missing=missing,
        limit=REASON_LIMIT,
    )


_RETURN = Page(
    id="return",
    title="Send it back",
    questions=(
        Question(
            id="reason",
            kind=Kind.RADIOS,
            label="What stands in the way?",
            options=options(*REASONS.items()),
            must=always,
            missing="Select what stands in the way",
        ),
        _why("What would make it right?", "Enter what would make it right"),
    ),
    go_on="Send it back",
)
_TIME = Page(
    id="time",
    title="Ask for more time",
    lead_in="Who set the day says yes or no. Until then the day stands.",
    questions=(
        Question(
            id="until",
            kind=Kind.DATE,
            label="Until when?",
            must=always,
            missing="Enter until when",
            days=Days.FROM_TODAY,
        ),
        _why("Why?"),
    ),
    go_on="Ask",
)


@requests.get("/requests/<reference>/<int:number>/return")
@access.requires(*_ANSWERS)
def return_page(reference: str, number: int) -> Response:
    """Ask why a copy is sent back."""
    return _shown(_RETURN, copy_name(reference, number))


@requests.post("/requests/<reference>/<int:number>/return")
@access.requires(*_ANSWERS)
def give_back(reference: str, number: int) -> Response:
    """Send a copy back."""
    name, reading = copy_name(reference, number), _read(_RETURN)
    if _hides():
        return hidden_with_words()
    if not reading.problems:
        said = Answered({"": reading.answers}, Circumstances(today=_today()))
        try:
            partner_requests().answering.give_back(
                name, person(), said.text("", "reason"), said.text("", "why")
            )
        except NotAllowedError as error:
            return _shown(_RETURN, name, reading, _about_why(error))
        return see_other("/requests")
    return _shown(_RETURN, name, reading, reading.problems)


@requests.get("/requests/<reference>/<int:number>/time")
@access.requires(*_ANSWERS)
def time_page(reference: str, number: int) -> Response:
    """Ask until when more time is needed."""
    return _shown(_TIME, copy_name(reference, number))


@requests.post("/requests/<reference>/<int:number>/time")
@access.requires(*_ANSWERS)
def ask_for_time(reference: str, number: int) -> Response:
    """Ask for a later day."""
    name, reading = copy_name(reference, number), _read(_TIME)
    if _hides():
        return hidden_with_words()
    if reading.problems:
        return _shown(_TIME, name, reading, reading.problems)
    said = Answered({"": reading.answers}, Circumstances(today=_today()))
    until = said.day("", "until") or _today()
    try:
        partner_requests().answering.ask_for_time(name, person(), until, said.text("", "why"))
    except NotAllowedError as error:
        return _shown(_TIME, name, reading, _about_why(error))
    except FaultyDocumentError as error:
        wrong = tuple(
            Problem(question="until", message=f"The day {fault.problem}", part="day")
            for fault in error.faults
        )
        return _shown(_TIME, name, reading, wrong)
    return see_other(address_of(name))


@requests.get("/requests/<reference>/<int:number>/pass")
@access.requires(*_ANSWERS)
def pass_page(reference: str, number: int) -> Response:
    """Ask to whom of the body a copy is passed."""
    name = copy_name(reference, number)
    return _shown(_pass(name), name)


@requests.post("/requests/<reference>/<int:number>/pass")
@access.requires(*_ANSWERS)
def pass_on(reference: str, number: int) -> Response:
    """Pass a copy on."""
    name = copy_name(reference, number)
    page = _pass(name)
    reading = _read(page)
    if _hides():
        return hidden_with_words()
    if reading.problems:
        return _shown(page, name, reading, reading.problems)
    said = Answered({"": reading.answers}, Circumstances(today=_today()))
    colleagues = {one.person for one in partner_requests().offers.colleagues(name, person())}
    to = next((one for one in colleagues if one == said.text("", "to")), None)
    try:
        if to is None:
            raise NotOfThatBodyError
        partner_requests().answering.pass_on(name, person(), to, said.text("", "why"))
    except NotAllowedError as error:
        return _shown(page, name, reading, _about_why(error))
    return see_other("/requests")


@requests.post("/requests/<reference>/<int:number>/take")
@access.requires(*_ANSWERS)
def take(reference: str, number: int) -> Response:
    """Take a copy in hand."""
    name = copy_name(reference, number)
    partner_requests().answering.take(name, person())
    return see_other(address_of(name))


@requests.post("/requests/<reference>/<int:number>/withdraw")
@access.requires(*_ASKS)
def withdraw(reference: str, number: int) -> Response:
    """Stop asking one body."""
    name = copy_name(reference, number)
    partner_requests().asking.withdraw(name, person())
    return see_other(address_of(name))


@requests.post("/requests/<reference>/<int:number>/close")
@access.requires(*_ASKS)
def close(reference: str, number: int) -> Response:
    """Confirm that the answer came."""
    name = copy_name(reference, number)
    partner_requests().asking.close(name, person())
    return see_other(address_of(name))


@requests.post("/requests/<reference>/<int:number>/settle")
@access.requires(*_ASKS)
def settle(reference: str, number: int) -> Response:
    """Grant the later day that was asked for, or do not."""
    name = copy_name(reference, number)
    granted = request.form.get("granted") == "yes"
    partner_requests().answering.settle_time(name, person(), granted=granted)
    return see_other(address_of(name))


def _pass(name: CopyName) -> Page:
    found = partner_requests().offers.colleagues(name, person())
    return Page(
        id="pass",
        title="Pass it on",
        questions=(
            Question(
                id="to",
                kind=Kind.RADIOS,
                label="To whom?",
                options=options(*((one.person, f"{one.name}, {one.function}") for one in found)),
                must=always,
                missing="Select to whom you pass it",
            ),
            _why("Why?"),
        ),
        go_on="Pass it on",
    )


def _read(page: Page) -> Reading:
    posted = {name: values for name, values in request.form.lists() if not name.startswith("_")}
    return read_page(page, posted, {}, Circumstances(today=_today()))


def _shown(
    page: Page,
    name: CopyName,
    reading: Reading | None = None,
    wrong: tuple[Problem, ...] = (),
) -> Response:
    # Who could not answer it learns of no page about it either.
    partner_requests().offers.must_wait_for(name, person())
    typed = reading.typed if reading else typed_of(page, {}, is_answered=False)
    return show(
        "requests/step.html",
        title=page.title,
        page=page,
        fields=fields_of(page, typed, wrong),
        problems=problems_of(page, wrong),
        heading_in_field=title_is_asked_by(page) is not None,
        back=address_of(name),
        form_id="page",
        go_on=page.go_on,
    )


def _about_why(error: NotAllowedError) -> tuple[Problem, ...]:
    return (Problem(question="why", message=str(error)),)


def _hides() -> bool:
    return request.form.get("_action") == "hide"


def _today() -> date:
    return uk_day(current_site().services.clock())
