"""Meetings for whoever keeps them: called, people asked, held, closed or cancelled."""

from flask import Response, request

from broker.domain.errors import FaultyDocumentError, WrongStateError
from broker.domain.panels.meetings import AskedAs, Attends
from broker.domain.people.errors import UnknownPersonError
from broker.domain.roles import Role
from broker.panels.calling import WantedMeeting
from broker.web import access
from broker.web.forms.days import day_in, day_params, day_problem, day_typed
from broker.web.forms.problems import Problem
from broker.web.site import see_other
from broker.web.views.answers import show
from broker.web.views.meetings.blueprint import (
    KEEPING,
    address_of,
    meetings,
    named,
    panels,
    person,
)
from keys import AgencyId, PersonId

_CAN_BE_ASKED_AS = (AskedAs.MEMBER, AskedAs.REFERRER, AskedAs.INVITEE)
_PLACES = {"on": "on-day"}
_MUST = {
    "case": "Select which case it is about",
    "on-day": "Enter the day of the meeting",
    "chair": "Select who chairs it",
    "home_area": "Select the police of the home area",
}
"""What is asked of a new meeting, in the order of its page, and what is said where it is not."""


@meetings.get("/meetings/new")
@access.requires(*KEEPING)
def new_page() -> Response:
    """Ask what a meeting is about, when it is, who chairs it and whose home area it is."""
    return _new_page({})


@meetings.post("/meetings/new")
@access.requires(*KEEPING)
def call() -> Response:
    """Call a meeting."""
    typed = {name: request.form.get(name, "").strip() for name in ("case", "chair", "home_area")}
    typed |= day_typed(request.form, "on")
    on, problems = day_in(typed, "on"), _not_said(typed)
    if problems or on is None:
        return _new_page(typed, problems)
    wanted = WantedMeeting(
        case=typed["case"],
        on=on,
        chair=PersonId(typed["chair"]),
        home_area=AgencyId(typed["home_area"]),
    )
    try:
        called = panels().meetings.call(wanted, person())
    except FaultyDocumentError as error:
        faults = [
            Problem(field=_PLACES.get(one.place, one.place), message=f"This {one.problem}")
            for one in error.faults
        ]
        return _new_page(typed, faults)
    return see_other(address_of(called.reference))


@meetings.get("/meetings/<reference>/ask")
@access.requires(*KEEPING)
def ask_page(reference: str) -> Response:
    """Ask whom to ask to a meeting."""
    return _ask_page(reference)


@meetings.post("/meetings/<reference>/ask")
@access.requires(*KEEPING)
def ask(reference: str) -> Response:
    """Ask somebody to a meeting."""
    whom, part = (request.form.get(name, "") for name in ("person", "part"))
    problems: list[Problem] = []
    if not whom:
        problems.append(Problem(field="person", message="Select whom you ask"))
    if part not in _CAN_BE_ASKED_AS:
        problems.append(Problem(field="part", message="Select as what they come"))
    if not problems:
        try:
            panels().meetings.ask(named(reference), person(), PersonId(whom), AskedAs(part))
        except (UnknownPersonError, WrongStateError) as error:
            problems.append(Problem(field="person", message=str(error)))
        else:
            return see_other(address_of(named(reference)))
    return _ask_page(reference, problems)


@meetings.post("/meetings/<reference>/note")
@access.requires(*KEEPING)
def note(reference: str) -> Response:
    """Note whether somebody comes, or was there."""
    whom, said = (request.form.get(name, "") for name in ("person", "attends"))
    known = {one.value: one for one in Attends if one is not Attends.ASKED}
    if said in known:
        panels().meetings.note(named(reference), person(), PersonId(whom), known[said])
    return see_other(address_of(named(reference)))


@meetings.post("/meetings/<reference>/hold")
@access.requires(Role.CHAIR)
def hold(reference: str) -> Response:
    """Hold a meeting on its day."""
    panels().meetings.hold(named(reference), person())
    return see_other(address_of(named(reference)))


@meetings.post("/meetings/<reference>/close")
@access.requires(*KEEPING)
def close(reference: str) -> Response:
    """Close a meeting that was held."""
    panels().meetings.close(named(reference), person())
    return see_other(address_of(named(reference)))


@meetings.post("/meetings/<reference>/cancel")
@access.requires(*KEEPING)
def cancel(reference: str) -> Response:
    """Cancel a meeting."""
    panels().meetings.cancel(named(reference), person())
    return see_other(address_of(named(reference)))


def _not_said(typed: dict[str, str]) -> list[Problem]:
    """Return what is not said of a new meeting, in the order of its page."""
    wrong = day_problem(typed, "on", "The day of the meeting")
    is_missing = {name: not typed.get(name) for name in _MUST}
    is_missing["on-day"] = day_in(typed, "on") is None
    return [
        wrong if name == "on-day" and wrong is not None else Problem(field=name, message=said)
        for name, said in _MUST.items()
        if is_missing[name]
    ]


def _new_page(typed: dict[str, str], problems: list[Problem] | None = None) -> Response:
    wrong = problems or []
    return show(
        "meetings/new.html",
        title="Call a meeting",
        can=panels().views.can_be_called(person()),
        typed=typed,
        on=day_params(typed, "on", wrong),
        problems=wrong,
        back="/meetings",
    )


def _ask_page(reference: str, problems: list[Problem] | None = None) -> Response:
    return show(
        "meetings/ask.html",
        title="Ask somebody to a meeting",
        people=panels().views.can_come(named(reference), person()),
        typed=request.form,
        problems=problems or [],
        back=address_of(named(reference)),
    )
