"""Agreements between bodies: listed with the matrix, entered, seen by a second person, ended."""

from typing import Final

from flask import Blueprint, Response, request

from broker.domain.errors import FaultyDocumentError, NotAllowedError, WrongStateError
from broker.domain.times import uk_day
from broker.registers.bodies.sharing import Signed, purposes_of
from broker.rulebooks.reviews import digest_of_paper
from broker.web import access
from broker.web.forms.choices import option_items, radio_items
from broker.web.forms.days import day_in, day_params, day_problem, day_typed
from broker.web.forms.problems import Problem
from broker.web.journeys.pages.word_lists import PURPOSES
from broker.web.menu import BETWEEN_BODIES, KEEPS_BETWEEN
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import visitor
from keys import AgencyId, PersonId

sharing = Blueprint("sharing_agreements", __name__)

STANDINGS: Final = {
    "unconfirmed": "Not confirmed",
    "to-come": "Not yet in force",
    "live": "In force",
    "over": "Over",
    "ended": "Ended",
}
_DAYS: Final = {
    "signed_on": "The day it was signed",
    "review_on": "The day of its review",
    "ends_on": "Its last day",
}
_LINES: Final = ("with", "title", "legal_basis", "limits", "names_prevent")
_PLACES: Final = {**{day: f"{day}-day" for day in _DAYS}, "sha256": "paper"}


@sharing.get("/sharing-agreements")
@access.requires(*BETWEEN_BODIES)
def agreements_page() -> Response:
    """Show with whom the body may share for what, and every agreement."""
    return _page()


@sharing.get("/sharing-agreements/new")
@access.requires(*KEEPS_BETWEEN)
def new_page() -> Response:
    """Ask for an agreement that was signed."""
    return _form({}, [])


@sharing.post("/sharing-agreements/new")
@access.requires(*KEEPS_BETWEEN)
def enter() -> Response:
    """Enter an agreement; somebody else looks at the paper before it counts."""
    typed = {name: request.form.get(name, "").strip() for name in _LINES}
    for day in _DAYS:
        typed |= day_typed(request.form, day)
    chosen, paper = request.form.getlist("purposes"), request.files.get("paper")
    content = b"" if paper is None else paper.read()
    problems = _problems(typed, chosen, content)
    days = {day: day_in(typed, day) for day in _DAYS}
    signed_on, review_on, ends_on = (days[day] for day in _DAYS)
    if not problems and signed_on and review_on and ends_on:
        services, person = current_site().services, visitor().person
        signed = Signed(
            other=AgencyId(typed["with"]),
            title=typed["title"],
            purposes=tuple(chosen),
            names_prevent=typed["names_prevent"] == "yes",
            legal_basis=typed["legal_basis"],
            limits=typed["limits"],
            signed_on=signed_on,
            review_on=review_on,
            ends_on=ends_on,
            sha256=digest_of_paper(content) or "",
            owner=PersonId(person.id),
        )
        purposes = purposes_of(services.rulebooks.in_force())
        try:
            services.keeping.between.sharing.enter(person, signed, purposes)
        except FaultyDocumentError as error:
            problems = [
                Problem(field=_PLACES.get(one.place, one.place), message=f"It {one.problem}")
                for one in error.faults
            ]
        else:
            return see_other("/sharing-agreements")
    return _form(typed, problems, chosen)


@sharing.post("/sharing-agreements/<agreement>/confirm")
@access.requires(*KEEPS_BETWEEN)
def confirm(agreement: str) -> Response:
    """Say that one saw the paper that somebody else entered."""
    try:
        current_site().services.keeping.between.sharing.confirm(visitor().person, agreement)
    except (NotAllowedError, WrongStateError) as error:
        return _page([Problem(field=f"a-{agreement}", message=str(error))])
    return see_other("/sharing-agreements")


@sharing.post("/sharing-agreements/<agreement>/end")
@access.requires(*KEEPS_BETWEEN)
def end(agreement: str) -> Response:
    """End an agreement at once."""
    try:
        current_site().services.keeping.between.sharing.end(visitor().person, agreement)
    except WrongStateError as error:
        return _page([Problem(field=f"a-{agreement}", message=str(error))])
    return see_other("/sharing-agreements")


def _page(problems: list[Problem] | None = None) -> Response:
    services, person = current_site().services, visitor().person
    kept, today = services.keeping.between.sharing, uk_day(services.clock())
    names = {one.id: one.name for one in services.directory.entries().agencies}
    matrix = kept.matrix(person, purposes_of(services.rulebooks.in_force()))
    return show(
        "between/sharing.html",
        title="Sharing agreements",
        problems=problems or [],
        matrix=matrix,
        purposes=dict(PURPOSES),
        names=names,
        may_keep=person.role in KEEPS_BETWEEN,
        agreements=[
            {
                "said": one,
                "with": names.get(
                    one.pair.second if one.pair.first == person.agency else one.pair.first, ""
                ),
                "standing": STANDINGS[one.standing(today).value],
                "is_live": one.standing(today).value == "live",
                "is_soon": one.warns_on(today),
                "may_confirm": one.confirmed_by is None
                and one.ended_on is None
                and one.entered_by != person.id,
            }
            for one in kept.listed(person)
        ],
    )


def _problems(typed: dict[str, str], chosen: list[str], paper: bytes) -> list[Problem]:
    found = [
        Problem(field=field, message=message)
        for field, message in (
            ("with", "Select the other organisation"),
            ("title", "Enter what it is called"),
            ("names_prevent", "Select whether it names Prevent"),
            ("purposes", "Select what may be shared for"),
            ("legal_basis", "Enter what it rests on in law"),
        )
        if not (chosen if field == "purposes" else typed[field])
    ]
    for day, label in _DAYS.items():
        wrong = day_problem(typed, day, label)
        if wrong is None and day_in(typed, day) is None:
            wrong = Problem(field=f"{day}-day", message=f"Enter {label[0].lower()}{label[1:]}")
        if wrong is not None:
            found.append(wrong)
    if not paper:
        found.append(Problem(field="paper", message="Choose the paper that was signed"))
    return found


def _form(
    typed: dict[str, str], problems: list[Problem], chosen: list[str] | None = None
) -> Response:
    services, own = current_site().services, visitor().person.agency
    bodies = [one for one in services.directory.entries().agencies if one.id != own]
    ticked = chosen or []
    return show(
        "between/sharing_form.html",
        title="Enter a sharing agreement",
        problems=problems,
        typed=typed,
        bodies=option_items(
            ((one.id, one.name) for one in bodies), typed.get("with", ""), "Select one"
        ),
        purposes=radio_items(dict(PURPOSES), *ticked),
        days={
            label: day_params({**day_typed({}, day), **typed}, day, problems)
            for day, label in _DAYS.items()
        },
        back="/sharing-agreements",
    )
