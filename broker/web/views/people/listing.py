"""Who works here: the list, somebody new, and many at once from a file."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.roles import GIVEN_BY_TWO, Role
from broker.registers.entering.lists import COLUMNS, read_people
from broker.registers.people import NewPerson, NewRole
from broker.web import access
from broker.web.forms.days import day_in, day_params, day_problem, day_typed
from broker.web.forms.problems import Problem
from broker.web.site import current_site, see_other
from broker.web.titles import title_of
from broker.web.views.answers import show
from broker.web.visitors import visitor
from broker.wiring import Services

people = Blueprint("people", __name__)

OFFERED = tuple(role for role in Role if role is not Role.CLIENT)
"""The roles that an administrator may give to somebody."""

DAYS = {"from": "The first day", "until": "The last day"}
LABELS = {"name": "Their name", "contact": "Their email address at work", "team": "The team"}
_LONGEST_FILE = 2_000_000


@people.get("/people")
@access.requires(Role.ADMINISTRATOR)
def index() -> Response:
    """Show everybody of one's own body, and what waits for a second person."""
    listed = _services().access.people.listed(visitor().person.agency)
    ordered = sorted(listed, key=lambda one: (one.person.disabled_on is not None, one.person.name))
    return show(
        "people/index.html",
        title="People of your organisation",
        people=ordered,
        title_of=title_of,
        waiting=[
            (one.person, held)
            for one in ordered
            for held in one.roles
            if held.needs_confirmation and held.confirmed_by is None and held.ended_on is None
        ],
    )


@people.get("/people/new")
@access.requires(Role.ADMINISTRATOR)
def new_page() -> Response:
    """Ask for somebody new."""
    return _form({}, [])


@people.post("/people/new")
@access.requires(Role.ADMINISTRATOR)
def enter() -> Response:
    """Enter somebody with their roles; those that take two wait for the second person."""
    typed, chosen = typed_role(), request.form.getlist("role")
    typed |= {name: request.form.get(name, "").strip() for name in ("name", "contact")}
    problems = [
        *(
            Problem(field=name, message=f"Enter {label[0].lower()}{label[1:]}")
            for name, label in LABELS.items()
            if name in {"name", "contact"} and not typed[name]
        ),
        *role_problems(typed, chosen),
    ]
    if not problems:
        by = visitor().person
        new = NewPerson(
            agency=by.agency,
            name=typed["name"],
            contact=typed["contact"],
            roles=tuple(new_role(Role(one), typed) for one in chosen),
        )
        try:
            (person,) = _services().access.people.add([new], by)
        except FaultyDocumentError as error:
            problems = [problem_of(fault) for fault in error.faults]
        else:
            return see_other(f"/people/{person}")
    return _form(typed, chosen, problems)


@people.get("/people/import")
@access.requires(Role.ADMINISTRATOR)
def import_page() -> Response:
    """Ask for a file with many people."""
    return _import_form([])


@people.post("/people/import")
@access.requires(Role.ADMINISTRATOR)
def bring_in() -> Response:
    """Enter everybody of a file, or nobody where a line is wrong."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _import_form([Problem(field="file", message="Select a file")])
    try:
        new = read_people(upload.read(_LONGEST_FILE))
        _services().access.people.add(new, visitor().person)
    except FaultyDocumentError as error:
        return _import_form(
            [Problem(field="file", message=f"{one.place} {one.problem}") for one in error.faults]
        )
    return see_other("/people")


def problem_of(fault: Fault) -> Problem:
    """Return what is wrong with what was said of a person, beside its field."""
    field = fault.place.rpartition(".")[2]
    return Problem(field=field, message=f"{LABELS.get(field, 'This')} {fault.problem}")


def typed_role() -> dict[str, str]:
    """Return what was typed about a role: its days, its team, whether it is a deputy's."""
    typed = {name: request.form.get(name, "").strip() for name in ("team", "deputy")}
    for name in DAYS:
        typed |= day_typed(request.form, name)
    return typed


def role_problems(typed: Mapping[str, str], chosen: list[str]) -> list[Problem]:
    """Return what is wrong with roles that are to be given."""
    problems: list[Problem] = []
    if not chosen or not {*chosen} <= {*OFFERED}:
        problems.append(Problem(field="role", message="Select what they do"))
    team = typed["team"]
    if team and not all(c.isascii() and (c.isalnum() or c == "-") for c in team.casefold()):
        message = "The team must be letters, digits and - alone, such as ward-7"
        problems.append(Problem(field="team", message=message))
    wrong = (day_problem(typed, name, label) for name, label in DAYS.items())
    problems += [one for one in wrong if one is not None]
    begins, ends = day_in(typed, "from"), day_in(typed, "until")
    if begins is not None and ends is not None and ends < begins:
        message = "The last day must not be before the first"
        problems.append(Problem(field="until-day", message=message))
    return problems


def new_role(role: Role, typed: Mapping[str, str]) -> NewRole:
    """Return a role as it was asked for."""
    return NewRole(
        role=role,
        team=typed["team"].casefold() or None,
        valid_from=day_in(typed, "from"),
        valid_until=day_in(typed, "until"),
        is_deputy=typed["deputy"] == "yes",
    )


def role_form(
    typed: Mapping[str, str], chosen: list[str], problems: list[Problem]
) -> dict[str, object]:
    """Return what the fields of a role are shown with."""
    return {
        "roles": [
            {
                "value": role.value,
                "text": title_of(role),
                "checked": role.value in chosen,
                "hint": {"text": "Waits for a second person"} if role in GIVEN_BY_TWO else None,
            }
            for role in OFFERED
        ],
        "days": {name: day_params(typed, name, problems) for name in DAYS},
    }


def _form(
    typed: Mapping[str, str], chosen: list[str], problems: list[Problem] | None = None
) -> Response:
    return show(
        "people/new.html",
        title="Add somebody",
        typed=typed,
        back="/people",
        problems=problems or [],
        **role_form(typed, chosen, problems or []),
    )


def _import_form(problems: list[Problem]) -> Response:
    return show(
        "people/import.html",
        title="Bring in many people",
        columns=COLUMNS,
        back="/people",
        problems=problems,
    )


def _services() -> Services:
    return current_site().services
