"""What one's own body has settled."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from broker.concerns.pathways import pathways
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.model import Agency
from broker.domain.roles import Role
from broker.registers.body_settings import Settled
from broker.registers.checkers import FEWEST_LEADS
from broker.web import access
from broker.web.forms.choices import option_items, radio_items
from broker.web.forms.problems import Problem
from broker.web.journeys.pages.word_lists import PURPOSES
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import visitor
from broker.wiring import Services
from keys import AgencyId

body_settings = Blueprint("body_settings", __name__)

_CHECKS = {
    "before-sending": "Yes, before anything is sent",
    "advisory": "No, the lead gives advice to those who ask",
}
_COMPLETES = {
    "practitioner": "Whoever wrote it",
    "lead": "The lead",
    "either": "Either of them",
}
_LABELS = {
    "check": "Asking the lead first",
    "check_purposes": "What the lead is asked about",
    "guardian_body": "Whose Guardian decides",
}


@body_settings.get("/settings")
@access.requires(Role.ADMINISTRATOR)
def settings_page() -> Response:
    """Show what one's own body has settled, to be changed."""
    shown = _services().keeping.contacts.body(visitor().person.agency, visitor().person)
    return _form(_typed_of(shown.body), sorted(shown.body.check_purposes), shown.seen)


@body_settings.post("/settings")
@access.requires(Role.ADMINISTRATOR)
def settle() -> Response:
    """Settle something for one's own body."""
    typed = {name: request.form.get(name, "") for name in ("check", "completes", "pathway")}
    typed["guardian_body"], seen = request.form.get("guardian_body", ""), request.form["seen"]
    purposes = request.form.getlist("check_purposes")
    problems = _problems(typed)
    if not problems:
        settled = Settled(
            check=typed["check"],
            check_purposes=frozenset(purposes),
            completes=typed["completes"],
            pathway=typed["pathway"] or None,
            guardian_body=AgencyId(typed["guardian_body"]) if typed["guardian_body"] else None,
        )
        services, by = _services(), visitor().person
        try:
            services.keeping.settings.change(settled, seen, services.rulebooks.in_force(), by)
        except FaultyDocumentError as error:
            problems = [_problem(fault) for fault in error.faults]
        else:
            return see_other("/people")
    return _form(typed, purposes, seen, problems)


def _form(
    typed: Mapping[str, str],
    purposes: list[str],
    seen: str,
    problems: list[Problem] | None = None,
) -> Response:
    services, own = _services(), visitor().person.agency
    words = services.rulebooks.in_force().vocabulary.shapes["purpose"].words
    in_words = dict(PURPOSES)
    bodies = [
        (one.id, one.name)
        for one in services.directory.entries().agencies
        if one.id != own and one.retired_on is None
    ]
    return show(
        "people/settings.html",
        title="What your organisation has settled",
        seen=seen,
        checks=radio_items(_CHECKS, typed["check"]),
        completes=radio_items(_COMPLETES, typed["completes"]),
        purposes=[
            {
                "value": word,
                "text": in_words.get(word, word.replace("-", " ").capitalize()),
                "checked": word in purposes,
            }
            for word in words
            if word in in_words or word in purposes
        ],
        pathways=option_items(
            ((one.id, one.title) for one in pathways().values()), typed["pathway"], "None"
        ),
        bodies=option_items(bodies, typed["guardian_body"], "Our own Guardian and deputy"),
        leads=services.keeping.settings.leads(own),
        fewest=FEWEST_LEADS,
        back="/people",
        problems=problems or [],
    )


def _typed_of(body: Agency) -> dict[str, str]:
    return {
        "check": body.check,
        "completes": body.completes,
        "pathway": body.pathway or "",
        "guardian_body": body.guardian_body or "",
    }


def _problems(typed: Mapping[str, str]) -> list[Problem]:
    problems: list[Problem] = []
    if typed["check"] not in _CHECKS:
        message = "Select whether the lead is asked first"
        problems.append(Problem(field="check", message=message))
    if typed["completes"] not in _COMPLETES:
        problems.append(Problem(field="completes", message="Select who finishes a referral"))
    if typed["pathway"] and typed["pathway"] not in pathways():
        problems.append(Problem(field="pathway", message="Select a way of doing things"))
    return problems


def _problem(fault: Fault) -> Problem:
    field = fault.place.rpartition(".")[2]
    return Problem(field=field, message=f"{_LABELS.get(field, 'This')} {fault.problem}")


def _services() -> Services:
    return current_site().services
