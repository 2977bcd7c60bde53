"""One person of one's own body: their roles, their way in, and whether they may work at all."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, request

from broker.domain.errors import FaultyDocumentError
from broker.domain.people.people import RoleHolding, RoleId
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.registers.people import Listed, PersonChange
from broker.web import access
from broker.web.forms.days import day_in, day_params, day_problem, day_typed, typed_of_day
from broker.web.forms.problems import Problem
from broker.web.site import current_site, see_other
from broker.web.titles import title_of
from broker.web.views.answers import show
from broker.web.views.people.listing import (
    LABELS,
    new_role,
    problem_of,
    role_form,
    role_problems,
    typed_role,
)
from broker.web.visitors import visitor
from broker.wiring import Services
from keys import PersonId

person = Blueprint("person", __name__)

_DAYS = {"trained": "The day of the training", "cleared": "The day of the clearance"}


@person.get("/people/<id_>")
@access.requires(Role.ADMINISTRATOR)
def person_page(id_: str) -> Response:
    """Show a person of one's own body."""
    found, services = _found(id_), _services()
    asked = services.access.accounts.recovery_asked(found.person.id)
    today = uk_day(services.clock())
    return show(
        "people/person.html",
        title="Somebody of your organisation",
        found=found,
        roles=[(held, title_of(held.role), _stands(held, today)) for held in found.roles],
        recovery=asked,
        me=visitor().person.id,
        base=_at(id_),
        back="/people",
    )


@person.get("/people/<id_>/change")
@access.requires(Role.ADMINISTRATOR)
def change_page(id_: str) -> Response:
    """Ask what is said of a person from now on."""
    record = _found(id_).person
    typed = {
        "name": record.name,
        "contact": record.contact,
        **typed_of_day("trained", record.trained_until),
        **typed_of_day("cleared", record.cleared_until),
    }
    return _change_form(id_, typed)


@person.post("/people/<id_>/change")
@access.requires(Role.ADMINISTRATOR)
def change(id_: str) -> Response:
    """Change what is said of a person; a new address ends their sessions."""
    typed = {name: request.form.get(name, "").strip() for name in ("name", "contact")}
    for name in _DAYS:
        typed |= day_typed(request.form, name)
    wrong = (day_problem(typed, name, label) for name, label in _DAYS.items())
    problems = [one for one in wrong if one is not None]
    if not problems:
        said = PersonChange(
            name=typed["name"],
            contact=typed["contact"],
            trained_until=day_in(typed, "trained"),
            cleared_until=day_in(typed, "cleared"),
        )
        try:
            _services().access.people.change(PersonId(id_), said, visitor().person)
        except FaultyDocumentError as error:
            problems = [problem_of(fault) for fault in error.faults]
        else:
            return see_other(_at(id_))
    return _change_form(id_, typed, problems)


@person.get("/people/<id_>/roles")
@access.requires(Role.ADMINISTRATOR)
def role_page(id_: str) -> Response:
    """Ask which role a person gets."""
    return _role_form(_found(id_), {}, [])


@person.post("/people/<id_>/roles")
@access.requires(Role.ADMINISTRATOR)
def grant(id_: str) -> Response:
    """Give a person a role, or propose it where it takes two."""
    found, typed, chosen = _found(id_), typed_role(), request.form.getlist("role")
    problems = role_problems(typed, chosen)
    if problems:
        return _role_form(found, typed, chosen, problems)
    for one in chosen:
        new = new_role(Role(one), typed)
        _services().access.people.grant(found.person.id, new, visitor().person)
    return see_other(_at(id_))


@person.post("/people/<id_>/roles/<role>/confirm")
@access.requires(Role.ADMINISTRATOR)
def confirm(id_: str, role: str) -> Response:
    """Let a role count that another administrator proposed."""
    _services().access.people.confirm(RoleId(role), visitor().person)
    return see_other(_at(id_))


@person.post("/people/<id_>/roles/<role>/end")
@access.requires(Role.ADMINISTRATOR)
def end(id_: str, role: str) -> Response:
    """End a role now."""
    _services().access.people.end(RoleId(role), visitor().person)
    return see_other(_at(id_))


@person.post("/people/<id_>/invite")
@access.requires(Role.ADMINISTRATOR)
def invite(id_: str) -> Response:
    """Show the one-time code that opens a person's first account; it is shown once."""
    code = _services().access.accounts.invite(PersonId(id_), visitor().person)
    return _code_page(id_, code)


@person.post("/people/<id_>/recover")
@access.requires(Role.ADMINISTRATOR)
def ask_recovery(id_: str) -> Response:
    """Ask that a person get a new way in; another administrator confirms it."""
    _services().access.accounts.ask_recovery(PersonId(id_), visitor().person)
    return see_other(_at(id_))


@person.post("/people/<id_>/recover/confirm")
@access.requires(Role.ADMINISTRATOR)
def confirm_recovery(id_: str) -> Response:
    """Show the one-time code that lets a person in anew, where another asked for it."""
    code = _services().access.accounts.confirm_recovery(PersonId(id_), visitor().person)
    return _code_page(id_, code)


@person.get("/people/<id_>/disable")
@access.requires(Role.ADMINISTRATOR)
def disable_page(id_: str) -> Response:
    """Ask before somebody may do nothing any more."""
    _found(id_)
    return show("people/disable.html", title="Disable them now?", base=_at(id_), back=_at(id_))


@person.post("/people/<id_>/disable")
@access.requires(Role.ADMINISTRATOR)
def disable(id_: str) -> Response:
    """Let a person do nothing any more, at once and everywhere."""
    _services().access.people.disable(PersonId(id_), visitor().person)
    return see_other(_at(id_))


@person.post("/people/<id_>/enable")
@access.requires(Role.ADMINISTRATOR)
def enable(id_: str) -> Response:
    """Let a disabled person work again."""
    _services().access.people.enable(PersonId(id_), visitor().person)
    return see_other(_at(id_))


def _stands(held: RoleHolding, today: date) -> str:
    if held.ended_on is not None:
        return "ended"
    return "stands" if held.stands_on(today) else "waits"


def _change_form(
    id_: str, typed: Mapping[str, str], problems: list[Problem] | None = None
) -> Response:
    wrong = problems or []
    return show(
        "people/change.html",
        title="Change what is said of them",
        typed=typed,
        labels=LABELS,
        days={name: day_params(typed, name, wrong) for name in _DAYS},
        back=_at(id_),
        problems=wrong,
    )


def _role_form(
    found: Listed,
    typed: Mapping[str, str],
    chosen: list[str],
    problems: list[Problem] | None = None,
) -> Response:
    return show(
        "people/role.html",
        title="Give them a role",
        typed=typed,
        back=_at(found.person.id),
        problems=problems or [],
        **role_form(typed, chosen, problems or []),
    )


def _code_page(id_: str, code: str) -> Response:
    return show(
        "people/code.html", title="Their one-time code", code=code, base=_at(id_), back=_at(id_)
    )


def _found(id_: str) -> Listed:
    return _services().access.people.one(PersonId(id_), visitor().person)


def _at(id_: str) -> str:
    return f"/people/{id_}"


def _services() -> Services:
    return current_site().services
