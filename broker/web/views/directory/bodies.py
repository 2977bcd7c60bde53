"""One organisation: looked at, entered, changed, retired."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, Response, request

from broker.domain.directory.functions import KINDS
from broker.domain.errors import DirectoryFaultError, FaultyDocumentError
from broker.domain.model import Agency
from broker.domain.times import uk_day
from broker.registers.bodies.new import new_body
from broker.registers.contacts import ShownBody
from broker.registers.holders import holders_of
from broker.registers.naming import free_name
from broker.web import access
from broker.web.forms.choices import option_items, radio_items
from broker.web.forms.days import day_in, day_params, day_problem, day_typed, typed_of_day
from broker.web.forms.problems import Problem
from broker.web.menu import KEEPERS
from broker.web.site import current_site, see_other
from broker.web.titles import title_of
from broker.web.views.answers import show
from broker.web.views.directory import READERS, words
from broker.web.views.directory.listing import Line
from broker.web.visitors import visitor
from broker.wiring import Services
from keys import AgencyId

bodies = Blueprint("bodies", __name__)

_DAYS = {
    "agreement": "The day on which the sharing agreement ends",
    "suitability": "The day until which the suitability check counts",
}
_YES_NO = {"yes": "Yes", "no": "No"}
_ASKED = ("in_united_kingdom", "sharing_duty_body", "undertaking_signed")
_LONGEST_NAME = 200


@bodies.get("/directory/organisations/<name>")
@access.requires(*READERS)
def body_page(name: str) -> Response:
    """Show an organisation and its contacts."""
    shown, now = _shown(name), _services().clock()
    is_own = shown.body.id == visitor().person.agency
    today = uk_day(now)
    return show(
        "directory/body.html",
        title="Organisation",
        shown=shown,
        body=shown.body,
        kind=KINDS.get(shown.body.kind, shown.body.kind),
        lines=[
            Line(contact=one, function=words.function_of(one), standing=words.standing(one, now))
            for one in shown.contacts
        ],
        may_keep=shown.may_keep and visitor().person.role in KEEPERS,
        is_own=is_own,
        holders=holders_of(_services().transaction, shown.body.id, today) if is_own else (),
        title_of=title_of,
        back="/directory",
    )


@bodies.get("/directory/organisations/new")
@access.requires(*KEEPERS)
def new_page() -> Response:
    """Ask for a new organisation."""
    return _form({}, title="Add an organisation", back="/directory")


@bodies.post("/directory/organisations/new")
@access.requires(*KEEPERS)
def enter() -> Response:
    """Enter an organisation; its contacts follow."""
    typed, services = _typed(), _services()
    problems = _problems(typed)
    if not problems:
        taken = {one.id for one in services.directory.entries().agencies}
        name = free_name(typed["name"], taken)
        body = _with(new_body(AgencyId(name)), typed)
        try:
            services.keeping.contacts.enter_body(
                body, services.rulebooks.in_force(), visitor().person
            )
        except FaultyDocumentError as error:
            problems = words.problems_of(error.faults)
        except DirectoryFaultError as error:
            problems = [Problem(field="name", message=str(error))]
        else:
            return see_other(_at(name))
    return _form(typed, title="Add an organisation", back="/directory", problems=problems)


@bodies.get("/directory/organisations/<name>/change")
@access.requires(*KEEPERS)
def change_page(name: str) -> Response:
    """Ask what an organisation is from now on."""
    shown = _shown(name)
    typed = _typed_of(shown.body)
    return _form(typed, title="Change this organisation", back=_at(name), seen=shown.seen)


@bodies.post("/directory/organisations/<name>/change")
@access.requires(*KEEPERS)
def change(name: str) -> Response:
    """Let an organisation be another."""
    typed, services, seen = _typed(), _services(), request.form.get("seen", "")
    problems = _problems(typed)
    if not problems:
        body = replace(_with(_shown(name).body, typed), retired_on=None)
        rulebook = services.rulebooks.in_force()
        try:
            services.keeping.contacts.change_body(body, seen, rulebook, visitor().person)
        except FaultyDocumentError as error:
            problems = words.problems_of(error.faults)
        else:
            return see_other(_at(name))
    return _form(
        typed, title="Change this organisation", back=_at(name), seen=seen, problems=problems
    )


@bodies.get("/directory/organisations/<name>/retire")
@access.requires(*KEEPERS)
def retire_page(name: str) -> Response:
    """Ask before nothing goes to an organisation any more."""
    return show(
        "directory/retire.html",
        title="Retire this organisation and all its contacts?",
        seen=_shown(name).seen,
        base=_at(name),
        back=_at(name),
    )


@bodies.post("/directory/organisations/<name>/retire")
@access.requires(*KEEPERS)
def retire(name: str) -> Response:
    """Let nothing go to an organisation any more."""
    seen = request.form.get("seen", "")
    _services().keeping.contacts.retire_body(AgencyId(name), seen, visitor().person)
    return see_other(_at(name))


def _form(
    typed: Mapping[str, str],
    *,
    title: str,
    back: str,
    seen: str = "",
    problems: list[Problem] | None = None,
) -> Response:
    wrong = problems or []
    asked = {name: radio_items(_YES_NO, typed.get(name, "")) for name in _ASKED}
    return show(
        "directory/body_form.html",
        title=title,
        typed=typed,
        seen=seen,
        kinds=option_items(KINDS.items(), typed.get("kind", ""), "Select one"),
        asked=asked,
        days={name: day_params(typed, name, wrong) for name in _DAYS},
        back=back,
        problems=wrong,
    )


def _typed() -> dict[str, str]:
    typed = {name: request.form.get(name, "").strip() for name in ("name", "kind", *_ASKED)}
    for name in _DAYS:
        typed |= day_typed(request.form, name)
    return typed


def _typed_of(body: Agency) -> dict[str, str]:
    return {
        "name": body.name,
        "kind": body.kind,
        **{name: "yes" if getattr(body, name) else "no" for name in _ASKED},
        **typed_of_day("agreement", body.sharing_agreement_until),
        **typed_of_day("suitability", body.suitability_until),
    }


_QUESTIONS = {
    "in_united_kingdom": "Select whether it is in the United Kingdom",
    "sharing_duty_body": "Select whether the duty to share binds it",
    "undertaking_signed": "Select whether it signed an undertaking",
}


def _problems(typed: Mapping[str, str]) -> list[Problem]:
    problems: list[Problem] = []
    if not 1 <= len(typed["name"]) <= _LONGEST_NAME:
        problems.append(Problem(field="name", message="Enter a name of at most 200 characters"))
    if typed["kind"] not in KINDS:
        problems.append(Problem(field="kind", message="Select what kind of organisation it is"))
    for name, message in _QUESTIONS.items():
        if typed[name] not in _YES_NO:
            problems.append(Problem(field=name, message=message))
    days = (day_problem(typed, name, label) for name, label in _DAYS.items())
    return [*problems, *(one for one in days if one is not None)]


def _with(body: Agency, typed: Mapping[str, str]) -> Agency:
    return replace(
        body,
        name=typed["name"],
        kind=typed["kind"],
        in_united_kingdom=typed["in_united_kingdom"] == "yes",
        sharing_duty_body=typed["sharing_duty_body"] == "yes",
        undertaking_signed=typed["undertaking_signed"] == "yes",
        sharing_agreement_until=day_in(typed, "agreement"),
        suitability_until=day_in(typed, "suitability"),
    )


def _shown(name: str) -> ShownBody:
    return _services().keeping.contacts.body(AgencyId(name), visitor().person)


def _at(name: str) -> str:
    return f"/directory/organisations/{name}"


def _services() -> Services:
    return current_site().services
