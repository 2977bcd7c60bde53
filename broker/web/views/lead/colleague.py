"""A worry about a colleague: who looks at it, and what the lead writes from it."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest

from broker.domain.concerns.concerns import About, SomeoneElseChecksError
from broker.domain.errors import WrongStateError
from broker.domain.people.errors import UnknownPersonError
from broker.domain.references import Prefix, parse_reference
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.registers.checkers import Colleague
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.journeys.pages.checking import LEAD_ANSWER
from broker.web.journeys.pages.colleague import COLLEAGUE_CHECK, LOOKS
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.drafts import own_draft
from broker.web.views.hiding import hidden_with_words
from broker.web.views.lead.asking import may_be_asked, put_to
from broker.web.visitors import visitor
from broker.web.writing.drafts import FORMS, OpenDraft, answers_in
from broker.web.writing.on_behalf import TakenOn, journey_of, taken_over
from keys import PersonId

colleague = Blueprint("colleague", __name__)

_IS_PART = "part"
_NOBODY = "nobody"
_IN_IT = (
    "Lead or manager seems to be the colleague whom this is about, so nobody was told. Select "
    "another lead, and that your manager is part of this where they are"
)


@colleague.get(f"/r/<draft>/{COLLEAGUE_CHECK}")
@access.requires(*WRITERS)
def who_looks(draft: str) -> Response:
    """Ask which lead and which manager look at it; nobody hears of it before that is answered."""
    return _who_looks(own_draft(draft), [])


@colleague.post(f"/r/<draft>/{COLLEAGUE_CHECK}")
@access.requires(*WRITERS)
def ask(draft: str) -> Response:
    """Give it to a lead, who answers, and to a manager, who may read it, unless they are in it."""
    if request.form.get("_action") == "hide":
        return hidden_with_words()
    opened = own_draft(draft)
    missing = [page for page in opened.journey.still_to_answer(opened.answers) if page.questions]
    if missing:
        return see_other(f"{opened.base}/{missing[0].id}")
    found = may_be_asked(opened)
    lead = _chosen(found, Role.LEAD, request.form.get("lead", ""))
    said = request.form.get("manager", "")
    manager = _chosen(found, Role.MANAGER, said)
    problems: list[Problem] = []
    if lead is None:
        problems.append(Problem(field="lead", message="Select your lead"))
    if manager is None and said not in {_IS_PART, _NOBODY}:
        problems.append(Problem(field="manager", message="Select your manager"))
    if lead is None or problems:
        return _who_looks(opened, problems)
    try:
        put_to(opened, lead, About.COLLEAGUE, reads_too=manager)
    except UnknownPersonError:
        return _who_looks(opened, [Problem(field="lead", message="Select your lead")])
    except SomeoneElseChecksError:
        return _who_looks(opened, [Problem(field="lead", message=_IN_IT)])
    return see_other(f"{opened.base}/{LEAD_ANSWER}")


@colleague.post("/checks/<reference>/take-on")
@access.requires(Role.LEAD)
def take_on(reference: str) -> Response:
    """Begin what the lead writes from a concern about a colleague, filled in as far as it goes."""
    services, person = current_site().services, visitor().person
    what = next((one for one in TakenOn if one.value == request.form.get("what")), None)
    if what is None:
        raise BadRequest
    about = parse_reference(reference, Prefix.CONCERN)
    opened = services.concerns.checking.open(about, person, Entrance.PAGE)
    answer = opened.concern.newest.answer
    is_theirs = answer is not None and answer.by == person.id
    if opened.concern.about is not About.COLLEAGUE or not is_theirs or opened.draft is None:
        raise WrongStateError(
            "Only the lead who answered writes from a concern, while it is kept."
        )
    writer = services.access.people.record(opened.concern.owner)
    text = taken_over(
        what, answers_in(opened.draft.text), "A colleague" if writer is None else writer.name
    )
    draft = services.concerns.drafts.begin(person, FORMS[journey_of(what)], text)
    return see_other(f"/r/{draft.row.id}")


def _who_looks(opened: OpenDraft, problems: list[Problem]) -> Response:
    found = may_be_asked(opened)
    return show(
        "lead/who_looks.html",
        title=LOOKS.title,
        page=LOOKS,
        leads=_items(found, Role.LEAD),
        managers=_items(found, Role.MANAGER),
        typed=request.form,
        is_part=_IS_PART,
        nobody=_NOBODY,
        problems=problems,
        back=opened.base,
        base=opened.base,
        form_id="page",
    )


def _items(found: tuple[Colleague, ...], role: Role) -> list[dict[str, object]]:
    return [{"value": str(one.person), "text": one.name} for one in found if one.role is role]


def _chosen(found: tuple[Colleague, ...], role: Role, person: str) -> Colleague | None:
    wanted = (role, PersonId(person))
    return next((one for one in found if (one.role, one.person) == wanted), None)
