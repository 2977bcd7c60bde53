"""Named workers of providers, and clearances of a body's people."""

from typing import Final

from flask import Blueprint, Response, request

from broker.domain.directory.vetting import (
    CLEARANCES_IN_WORDS,
    DBS_IN_WORDS,
    Clearance,
    ClearanceKind,
    DbsLevel,
    Worker,
)
from broker.domain.errors import BrokerError, FaultyDocumentError
from broker.domain.model import Person
from broker.domain.references import is_identifier
from broker.domain.times import uk_day
from broker.web import access
from broker.web.forms.choices import option_items, radio_items
from broker.web.forms.days import day_in, day_params, day_problem, day_typed
from broker.web.forms.problems import Problem
from broker.web.menu import BETWEEN_BODIES, KEEPS_BETWEEN
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import visitor
from keys import AgencyId, PersonId

vetting = Blueprint("vetting", __name__)

_WORKER_DAYS: Final = {
    "dbs_on": "The day of the check",
    "dbs_review_on": "The day it is made again",
    "suitable_on": "The day you found them suitable",
    "undertaking_on": "The day they signed the undertaking",
}


@vetting.get("/workers")
@access.requires(*BETWEEN_BODIES)
def workers_page() -> Response:
    """Show the named workers of providers, and ask for one."""
    return _workers({}, [])


@vetting.post("/workers")
@access.requires(*KEEPS_BETWEEN)
def check() -> Response:
    """Enter what was checked of a worker, or renew it."""
    names = ("id", "provider", "dbs", "registered_with")
    typed = {name: request.form.get(name, "").strip() for name in names}
    for day in (*_WORKER_DAYS, "registered_until"):
        typed |= day_typed(request.form, day)
    problems = _problems_of_worker(typed)
    days = [day_in(typed, day) for day in _WORKER_DAYS]
    person, (dbs_on, dbs_review_on, suitable_on, undertaking_on) = visitor().person, days
    if not problems and dbs_on and dbs_review_on and suitable_on and undertaking_on:
        worker = Worker(
            id=typed["id"],
            agency=AgencyId(typed["provider"]),
            dbs=DbsLevel(typed["dbs"]),
            dbs_on=dbs_on,
            dbs_review_on=dbs_review_on,
            suitable_on=suitable_on,
            suitable_by=person.id,
            undertaking_on=undertaking_on,
            registered_with=typed["registered_with"] or None,
            registered_until=day_in(typed, "registered_until"),
            entered_by=person.id,
        )
        try:
            current_site().services.keeping.between.vetting.check(worker)
        except FaultyDocumentError as error:
            problems = [_fault(one.place, one.problem) for one in error.faults]
        else:
            return see_other("/workers")
    return _workers(typed, problems)


@vetting.get("/clearances")
@access.requires(*BETWEEN_BODIES)
def clearances_page() -> Response:
    """Show the clearances of the body's people, and ask for one."""
    return _clearances({}, [])


@vetting.post("/clearances")
@access.requires(*KEEPS_BETWEEN)
def see() -> Response:
    """Record that one saw a clearance of somebody else."""
    typed = {name: request.form.get(name, "").strip() for name in ("person", "kind")}
    typed |= day_typed(request.form, "until")
    until, problems = day_in(typed, "until"), list[Problem]()
    if not is_identifier(typed["person"]):
        problems.append(Problem(field="person", message="Select whose it is"))
    if typed["kind"] not in list(ClearanceKind):
        problems.append(Problem(field="kind", message="Select which clearance"))
    if until is None:
        problems.append(Problem(field="until-day", message="Enter its last day"))
    if not problems and until is not None:
        by = visitor().person
        seen = Clearance(
            person=PersonId(typed["person"]),
            agency=by.agency,
            kind=ClearanceKind(typed["kind"]),
            until=until,
            seen_by=by.id,
        )
        try:
            current_site().services.keeping.between.vetting.see(seen, by)
        except FaultyDocumentError as error:
            problems = [Problem(field="until-day", message=f"It {error.faults[0].problem}")]
        except BrokerError as error:
            problems = [Problem(field="person", message=str(error))]
        else:
            return see_other("/clearances")
    return _clearances(typed, problems)


def _problems_of_worker(typed: dict[str, str]) -> list[Problem]:
    found: list[Problem] = []
    if not is_identifier(typed["id"]):
        words = "Enter the worker's identifier: a to z, 0 to 9 and -, never a name"
        found.append(Problem(field="id", message=words))
    if not typed["provider"]:
        found.append(Problem(field="provider", message="Select for whom they work"))
    if typed["dbs"] not in list(DbsLevel):
        found.append(Problem(field="dbs", message="Select which check was made"))
    for day, label in _WORKER_DAYS.items():
        wrong = day_problem(typed, day, label)
        if wrong is None and day_in(typed, day) is None:
            wrong = Problem(field=f"{day}-day", message=f"Enter {label[0].lower()}{label[1:]}")
        if wrong is not None:
            found.append(wrong)
    last = day_problem(typed, "registered_until", "The last day of the registration")
    return found if last is None else [*found, last]


def _fault(place: str, problem: str) -> Problem:
    is_day = place in _WORKER_DAYS or place == "registered_until"
    return Problem(field=f"{place}-day" if is_day else place, message=f"It {problem}")


def _workers(typed: dict[str, str], problems: list[Problem]) -> Response:
    services = current_site().services
    today, bodies = uk_day(services.clock()), services.directory.entries().agencies
    names = {one.id: one.name for one in bodies}
    known = {**day_typed({}, "registered_until"), **typed}
    for day in _WORKER_DAYS:
        known = {**day_typed({}, day), **known}
    return show(
        "between/workers.html",
        title="Workers of providers",
        problems=problems,
        workers=[
            {
                "said": one,
                "provider": names.get(one.agency, one.agency),
                "dbs": DBS_IN_WORDS[one.dbs],
                "stands": one.stands_on(today),
                "is_soon": one.warns_on(today),
            }
            for one in services.keeping.between.vetting.workers()
        ],
        may_keep=visitor().person.role in KEEPS_BETWEEN,
        typed=known,
        providers=option_items(
            ((one.id, one.name) for one in bodies), known.get("provider", ""), "Select one"
        ),
        levels=radio_items(DBS_IN_WORDS, known.get("dbs", "")),
        days={label: day_params(known, day, problems) for day, label in _WORKER_DAYS.items()},
        registered=day_params(known, "registered_until", problems),
    )


def _clearances(typed: dict[str, str], problems: list[Problem]) -> Response:
    services, person = current_site().services, visitor().person
    today, known = uk_day(services.clock()), {**day_typed({}, "until"), **typed}
    return show(
        "between/clearances.html",
        title="Clearances",
        problems=problems,
        clearances=[
            {
                "said": one,
                "kind": CLEARANCES_IN_WORDS[one.kind],
                "stands": one.stands_on(today),
                "is_soon": one.warns_on(today),
            }
            for one in services.keeping.between.vetting.clearances(person)
        ],
        may_keep=person.role in KEEPS_BETWEEN,
        typed=known,
        people=option_items(_people(person), known.get("person", ""), "Select one"),
        kinds=radio_items(CLEARANCES_IN_WORDS, known.get("kind", "")),
        until=day_params(known, "until", problems),
    )


def _people(person: Person) -> list[tuple[str, str]]:
    """Return the people of somebody's body by name, whoever works there still."""
    listed = current_site().services.access.people.listed(person.agency)
    working = [one.person for one in listed if one.person.disabled_on is None]
    return sorted(((one.id, one.name) for one in working), key=lambda pair: pair[1])
