"""The checker's side: what waits for them, the concern to read, and their answer."""

from flask import Blueprint, Response, request

from broker.cases.earlier.read_first import UnreadEarlierError, sees_earlier
from broker.concerns.checking import Advised
from broker.domain.concerns.concerns import About, Advice, Also, OpenConcern
from broker.domain.concerns.drafts import Member, Part
from broker.domain.errors import NotAllowedError
from broker.domain.model import Person
from broker.domain.references import Prefix, Reference, parse_reference
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.ledger.readings import Entrance
from broker.packs.contents import title_of_purpose
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.menu import CHECKS
from broker.web.site import current_site, see_other
from broker.web.titles import EARLIER_AT_A_COLLEAGUES, LIKENESS_TO_A_DRAFT
from broker.web.views.answers import show
from broker.web.views.lead.words import ADVICE, ALSO, in_words, stands
from broker.web.visitors import visitor
from broker.web.writing.for_the_lead import parts_for_the_lead
from broker.web.writing.on_behalf import TakenOn

checks = Blueprint("checks", __name__)


@checks.get("/checks")
@access.requires(*CHECKS)
def waiting() -> Response:
    """List what waits for somebody's answer, the first due first; no content."""
    services = current_site().services
    return show(
        "lead/checks.html",
        title="Waiting for your check",
        standing=services.explorer.standings.now(),
        found=services.concerns.checking.waiting(visitor().person),
        today=uk_day(services.clock()),
        reads_reports=services.concerns.reports.is_read_by(visitor().person),
    )


@checks.get("/concerns")
@access.requires(Role.LEAD, Role.MANAGER)
def of_body() -> Response:
    """List where each concern of somebody's body stands; no content."""
    services = current_site().services
    found = services.concerns.checking.of_body(visitor().person)
    return show(
        "lead/concerns.html",
        title="Concerns in your organisation",
        found=[(one, stands(one)) for one in found],
        today=uk_day(services.clock()),
        back="/checks",
        wide=True,
    )


@checks.get("/checks/<reference>")
@access.requires(*CHECKS)
def read(reference: str) -> Response:
    """Show a concern to whoever was asked; that they read it is recorded first."""
    return _page(_parsed(reference))


@checks.post("/checks/<reference>")
@access.requires(*CHECKS)
def answer(reference: str) -> Response:
    """Take an answer: what should happen, what else, and why."""
    about = _parsed(reference)
    problems: list[Problem] = []
    advice = next((one for one in Advice if one.value == request.form.get("advice")), None)
    words = request.form.get("why", "")
    also = frozenset(one for one in Also if one.value in request.form.getlist("also"))
    if advice is None:
        problems.append(Problem(field="advice", message="Select what should happen"))
    if not words.strip():
        problems.append(Problem(field="why", message="Enter why"))
    if advice is None or problems:
        return _page(about, problems)
    said = Advised(advice=advice, also=also, words=words)
    try:
        current_site().services.concerns.checking.answer(about, visitor().person, said)
    except UnreadEarlierError as error:
        return _page(about, [Problem(field="earlier", message=str(error))])
    except NotAllowedError as error:
        if type(error) is not NotAllowedError:
            raise
        return _page(about, [Problem(field="why", message=str(error))])
    return see_other(f"/checks/{about}")


def _page(reference: Reference, problems: list[Problem] | None = None) -> Response:
    services, person = current_site().services, visitor().person
    opened = services.concerns.checking.open(reference, person, Entrance.PAGE)
    draft, concern = opened.draft, opened.concern
    people = services.access.people
    is_open = services.concerns.checking.may_answer(concern, person)
    writer, answer = people.record(concern.owner), concern.newest.answer
    is_answered = answer is not None and answer.by == person.id
    return show(
        "lead/check.html",
        title="You answered this concern" if is_answered else "Check this concern",
        next_step=_next_step(opened, person) if is_answered else "",
        concern=concern,
        writer=writer.name if writer is not None else "A colleague",
        parts=parts_for_the_lead(services, person, opened),
        is_gone=draft is None,
        checks=in_words(opened, people),
        is_open=is_open,
        takes_on=_takes_on(opened, person),
        sees_earlier=sees_earlier(person, concern.agency),
        earlier=services.concerns.earlier.beside(person, opened) if is_open else None,
        like=LIKENESS_TO_A_DRAFT,
        states=EARLIER_AT_A_COLLEAGUES,
        purpose=title_of_purpose,
        advice=[{"value": code.value, "text": words} for code, words in ADVICE.items()],
        also=[
            {"value": code.value, "text": words}
            for code, words in ALSO.items()
            if code is not Also.HR or concern.about is About.COLLEAGUE
        ],
        typed=request.form,
        chosen_also=request.form.getlist("also"),
        problems=problems or [],
        back="/checks",
    )


def _next_step(opened: OpenConcern, person: Person) -> str:
    """Return what comes of an answer, for whoever gave it; empty where nothing is left to do."""
    concern, draft = opened.concern, opened.draft
    if concern.closed_as is not None or draft is None:
        return ""
    if Member(person=person.id, part=Part.WRITES) in draft.members:
        return "You complete it and send it. It stands on your list, among what is not sent."
    return "Whoever wrote it was told by mail that you answered. What comes next is theirs."


def _takes_on(opened: OpenConcern, person: Person) -> tuple[TakenOn, ...]:
    """Return what a lead writes next from a concern about a colleague that they answered."""
    concern, answer = opened.concern, opened.concern.newest.answer
    if concern.about is not About.COLLEAGUE or answer is None or opened.draft is None:
        return ()
    if answer.by != person.id or person.role is not Role.LEAD:
        return ()
    is_referred = answer.advice in {Advice.REFER, Advice.SOCIAL_CARE, Advice.EARLY_HELP}
    wanted = ((TakenOn.REFERRAL, is_referred), (TakenOn.HR, Also.HR in answer.also))
    return tuple(what for what, is_wanted in wanted if is_wanted)


def _parsed(reference: str) -> Reference:
    return parse_reference(reference, Prefix.CONCERN)
