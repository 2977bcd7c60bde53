"""Breach records of a body: the list, one record, each step of it, and its end."""

from datetime import datetime

from flask import Blueprint, Response, request

from broker.disclosures.breaches.opening import ANSWER_FOR_IT, OPENED
from broker.domain.breaches.record import (
    CHOICES,
    TAKES_A_MOMENT,
    WHY_LATE,
    Breach,
    Late,
    Said,
    Step,
)
from broker.domain.breaches.words import (
    ASKED,
    CAUSES,
    CHOICES_IN_WORDS,
    KINDS,
    KINDS_ASKED,
    LATE,
    STEPS,
)
from broker.domain.errors import UnknownReferenceError
from broker.domain.references import Prefix, Reference, parse_reference
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.forms.choices import radio_items
from broker.web.forms.days import day_params
from broker.web.forms.problems import Problem
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.breaches.forms import (
    StepForm,
    moment_typed,
    noticed_typed,
    step_typed,
    typed_now,
)
from broker.web.visitors import visitor

breaches = Blueprint("breaches", __name__)


@breaches.get("/breaches")
@access.requires(*ANSWER_FOR_IT)
def index() -> Response:
    """List the records of the body, the open ones first, and what may need one; no words."""
    services = current_site().services
    now = services.clock()
    listed = services.afterwards.breaches.listed(visitor().person)
    return show(
        "breaches/index.html",
        title="Breaches and near misses",
        waiting=[one for one in listed.records if one.is_open],
        closed=[one for one in listed.records if not one.is_open],
        late={one.id: _worst(one, now) for one in listed.records},
        proposed=listed.proposed,
        kinds=KINDS,
        causes=CAUSES,
        late_words=LATE,
        regulator=Step.REGULATOR,
    )


@breaches.route("/breaches/new", methods=["GET", "POST"])
@access.requires(*ANSWER_FOR_IT)
def new() -> Response:
    """Open a record, about a disclosure of the body or about none."""
    if request.method == "GET":
        return _new_page([])
    about, problems = _about_typed(request.form.get("about", "").strip())
    noticed, more = noticed_typed(request.form, about)
    problems += more
    if noticed is None or problems:
        return _new_page(problems)
    try:
        found = current_site().services.afterwards.breaches.open(noticed, visitor().person)
    except UnknownReferenceError:
        return _new_page([_not_yours()])
    return see_other(f"/breaches/{found.id}")


def _about_typed(text: str) -> tuple[Reference | None, list[Problem]]:
    if not text:
        return None, []
    try:
        return parse_reference(text), []
    except UnknownReferenceError:
        return None, [_not_yours()]


def _not_yours() -> Problem:
    return Problem(field="about", message="Enter a reference that your organisation sent")


def _new_page(problems: list[Problem]) -> Response:
    form = request.form
    return show(
        "breaches/new.html",
        title="Record a breach or a near miss",
        about=form.get("about", request.args.get("about", "")),
        kinds=radio_items(KINDS_ASKED, form.get("kind", "")),
        causes=radio_items(CAUSES, form.get("cause", "")),
        said=form.get("words", ""),
        problems=problems,
        back="/breaches",
    )


@breaches.get("/breaches/<record>")
@access.requires(*ANSWER_FOR_IT)
def one(record: str) -> Response:
    """Show a record with its words; that it is read is recorded."""
    return _record_page(parse_reference(record, Prefix.BREACH), [])


@breaches.post("/breaches/<record>")
@access.requires(*ANSWER_FOR_IT)
def close(record: str) -> Response:
    """Close a record; with something missing it says what, and nothing is closed."""
    id_ = parse_reference(record, Prefix.BREACH)
    services, person = current_site().services, visitor().person
    found = next(
        (b for b in services.afterwards.breaches.listed(person).records if b.id == id_), None
    )
    if found is not None and found.is_open and (lacks := found.lacks()):
        problems = [
            Problem(field=f"step-{step}", message=f"Write this first: {STEPS[step]}")
            for step in lacks
        ]
        return _record_page(id_, problems)
    services.afterwards.breaches.close(id_, person)
    return see_other(f"/breaches/{id_}")


def _record_page(id_: Reference, problems: list[Problem]) -> Response:
    services = current_site().services
    found = services.afterwards.breaches.read(id_, visitor().person, Entrance.PAGE)
    breach, now = found.breach, services.clock()
    return show(
        "breaches/record.html",
        title=f"Breach record {id_}",
        breach=breach,
        words=found.words,
        opened=OPENED,
        why_late=WHY_LATE,
        kinds=KINDS,
        causes=CAUSES,
        steps=[(step, STEPS[step], _answer(breach, step)) for step in breach.needs()],
        lacks=breach.lacks(),
        late=[LATE[one] for one in _worst(breach, now)],
        regulator=Step.REGULATOR,
        problems=problems,
        back="/breaches",
    )


def _answer(breach: Breach, step: Step) -> str:
    written = breach.steps.get(step)
    if written is None or written.choice is None:
        return ""
    return CHOICES_IN_WORDS[step][written.choice]


@breaches.route("/breaches/<record>/<step>", methods=["GET", "POST"])
@access.requires(*ANSWER_FOR_IT)
def step(record: str, step: str) -> Response:
    """Ask for one step of a record, and write it over what stood there."""
    id_ = parse_reference(record, Prefix.BREACH)
    if step not in set(Step):
        raise UnknownReferenceError
    services, person = current_site().services, visitor().person
    found = services.afterwards.breaches.read(id_, person, Entrance.PAGE)
    which = Step(step)
    if request.method == "GET":
        written, before = found.breach.steps.get(which), found.words.get(which, "")
        said = Said(step=which, choice=written.choice if written else None, words=before)
        return _step_page(found.breach, said, typed_now(services.clock()))
    form = step_typed(request.form, which, found.breach, services.clock())
    if form.said is None:
        return _step_page(found.breach, _as_typed(which), moment_typed(request.form), form)
    services.afterwards.breaches.write(id_, form.said, person)
    return see_other(f"/breaches/{id_}")


def _as_typed(step: Step) -> Said:
    form = request.form
    return Said(
        step=step,
        choice=form.get("choice"),
        words=form.get("words", ""),
        late=form.get("late", ""),
    )


def _step_page(
    breach: Breach, said: Said, moment: dict[str, str], form: StepForm | None = None
) -> Response:
    problems = () if form is None else form.problems
    now = current_site().services.clock()
    return show(
        "breaches/step.html",
        title=STEPS[said.step],
        breach=breach,
        asked=ASKED[said.step],
        choices=radio_items(CHOICES_IN_WORDS.get(said.step, {}), said.choice or ""),
        has_choice=said.step in CHOICES,
        day=day_params(moment, "on", problems) if said.step in TAKES_A_MOMENT else None,
        time=moment["time"],
        said=said,
        asks_why_late=said.step is Step.REGULATOR and breach.is_late_report(now),
        problems=problems,
        back=f"/breaches/{breach.id}",
    )


def _worst(breach: Breach, now: datetime) -> tuple[Late, ...]:
    """Return what is late with a record: once it is, that it soon would be is not said."""
    found = breach.late(now)
    is_over = Late.REPORT_LATE in found
    return tuple(one for one in found if not (is_over and one is Late.REPORT_SOON))
