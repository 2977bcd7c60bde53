"""The writer's side: whom they ask, what was answered, and what they make of it."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, request

from broker.concerns.asking import Question
from broker.domain.concerns.concerns import About, Advice, Concern, ConcernStage, OpenConcern
from broker.domain.errors import NotAllowedError
from broker.domain.json_values import as_object
from broker.domain.people.errors import UnknownPersonError
from broker.ledger.readings import Entrance
from broker.registers.checkers import Colleague
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.journeys.answers import Answered
from broker.web.journeys.facts import facts_of
from broker.web.journeys.pages.checking import ASK_LEAD, LEAD_ANSWER
from broker.web.journeys.reading import first_of
from broker.web.menu import WRITERS
from broker.web.site import see_other
from broker.web.titles import title_of
from broker.web.views.answers import show
from broker.web.views.drafts import own_draft
from broker.web.views.hiding import hidden, hidden_with_words
from broker.web.views.lead.words import WHOSE, in_words
from broker.web.writing.drafts import OpenDraft

asking = Blueprint("asking", __name__)


@asking.get(f"/r/<draft>/{ASK_LEAD}")
@access.requires(*WRITERS)
def ask_page(draft: str) -> Response:
    """Ask whom a draft is put to; nobody hears of it before that is answered."""
    return _ask_page(own_draft(draft))


@asking.post(f"/r/<draft>/{ASK_LEAD}")
@access.requires(*WRITERS)
def ask(draft: str) -> Response:
    """Put a draft to somebody, who may read it from now on."""
    if request.form.get("_action") == "hide":
        return hidden_with_words()
    opened = own_draft(draft)
    chosen = _chosen(opened, request.form.get("whom", ""))
    if chosen is None:
        return _ask_page(opened, [Problem(field="whom", message="Select whom you ask")])
    try:
        put_to(opened, chosen, About.PERSON)
    except UnknownPersonError:
        return _ask_page(opened, [Problem(field="whom", message="Select whom you ask")])
    return see_other(f"{opened.base}/{LEAD_ANSWER}")


@asking.get(f"/r/<draft>/{LEAD_ANSWER}")
@access.requires(*WRITERS)
def answer_page(draft: str) -> Response:
    """Show what was asked and answered, and what its writer can do now."""
    return _answer_page(own_draft(draft))


@asking.post(f"/r/<draft>/{LEAD_ANSWER}")
@access.requires(*WRITERS)
def go_on(draft: str) -> Response:
    """Leave a concern with whoever does not want it sent, or send it without their yes."""
    action, why = request.form.get("_action", ""), request.form.get("why", "")
    opened = own_draft(draft)
    if action == "hide":
        opened.keep_typed(LEAD_ANSWER, {"why": [why]})
        return hidden()
    if action == "leave":
        opened.services.concerns.asking.leave(opened.person, opened.draft.row.id)
        return see_other(f"{opened.base}/{LEAD_ANSWER}")
    if not why.strip():
        return _answer_page(opened, [Problem(field="why", message="Enter why")])
    try:
        opened.services.concerns.asking.carry_on(opened.person, opened.draft.row.id, why)
    except NotAllowedError as error:
        return _answer_page(opened, [Problem(field="why", message=str(error))], why=why)
    return see_other(f"{opened.base}/check")


def may_be_asked(opened: OpenDraft) -> tuple[Colleague, ...]:
    """Return whom the writer of a draft can put it to."""
    return opened.services.concerns.asking.may_be_asked(opened.person, opened.draft.row.id)


def put_to(
    opened: OpenDraft, whom: Colleague, about: About, *, reads_too: Colleague | None = None
) -> None:
    """Put a draft to somebody, who answers it, and to whom `reads_too`: to both or to nobody.

    Raises `UnknownPersonError` for whoever cannot be asked any more.
    """
    facts = facts_of(Answered(opened.answers, opened.journey.circumstances))
    question = Question(
        whom=whom.person,
        role=whom.role,
        danger=str(facts["danger"]),
        harm=str(as_object(facts["concern"])["harm"]),
        about=about,
    )
    first = None
    if reads_too is not None:
        first = replace(question, whom=reads_too.person, role=reads_too.role, answers=False)
    opened.services.concerns.asking.ask(opened.person, opened.draft.row.id, question, first=first)


def _ask_page(opened: OpenDraft, problems: list[Problem] | None = None) -> Response:
    return show(
        "lead/ask.html",
        title="Whom do you ask?",
        items=[
            {
                "value": f"{one.role}/{one.person}",
                "text": one.name,
                "hint": {"text": title_of(one.role)},
            }
            for one in may_be_asked(opened)
        ],
        problems=problems or [],
        back=opened.base,
        base=opened.base,
        form_id="page",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """What the writer reads of a concern: its title, and what is theirs to choose."""

    title: str
    may_leave: bool = False
    may_carry_on: bool = False
    may_ask_again: bool = False
    may_send: bool = False
    asks_back: bool = False


def _standing(concern: Concern, *, completes_here: bool) -> _Standing:
    whose = WHOSE[concern.newest.role]
    answer = concern.newest.answer
    match concern.stage:
        case ConcernStage.CLOSED:
            return _Standing(title="This concern is closed")
        case ConcernStage.CHECKING:
            return _Standing(title=f"You asked {whose}", may_carry_on=True, may_ask_again=True)
        case ConcernStage.SHARING if concern.carried_on_at is not None:
            return _Standing(title="You send this without a yes", may_send=True)
        case ConcernStage.SHARING:
            title = f"{whose.capitalize()} wants this to go"
            return _Standing(title=title, may_send=completes_here)
        case ConcernStage.NOTED if answer is not None and answer.advice is Advice.TELL_ME_MORE:
            title = f"{whose.capitalize()} asks you something"
            return _Standing(title=title, may_carry_on=True, may_ask_again=True, asks_back=True)
        case ConcernStage.NOTED:
            title = f"{whose.capitalize()} does not want this to go"
            return _Standing(
                title=title,
                may_leave=True,
                may_carry_on=completes_here,
                may_ask_again=not completes_here,
            )


def _answer_page(
    opened: OpenDraft, problems: list[Problem] | None = None, why: str = ""
) -> Response:
    services, name = opened.services, opened.draft.row.id
    asked = services.concerns.asking.read_answer(opened.person, name, Entrance.PAGE)
    if asked is None:
        return see_other(f"{opened.base}/{ASK_LEAD}")
    concern = asked.concern
    if concern.about is About.COLLEAGUE:
        return _colleague_page(opened, asked)
    known = opened.journey.circumstances
    standing = _standing(concern, completes_here=known.completes_here)
    typed = opened.typed(LEAD_ANSWER) or {}
    waiting = opened.journey.still_to_answer(opened.answers)
    return show(
        "lead/answer.html",
        title=standing.title,
        standing=standing,
        concern=concern,
        checks=in_words(asked, services.access.people),
        why=why or first_of(typed, "why"),
        is_left=concern.closed_as is not None,
        waits_for_the_guardian=not known.completes_here and standing.may_leave,
        completes_here=known.completes_here,
        lead_completes=concern.stage is ConcernStage.SHARING and not known.completes_here,
        next_page=waiting[0].id if waiting else "check" if known.completes_here else "",
        problems=problems or [],
        base=opened.base,
        back=opened.base,
        form_id="page",
    )


def _colleague_page(opened: OpenDraft, asked: OpenConcern) -> Response:
    """Show that the lead has it; what comes of it is not told to whoever wrote it."""
    concern = asked.concern
    answer, whose = concern.newest.answer, WHOSE[concern.newest.role].capitalize()
    asks_back = answer is not None and answer.advice is Advice.TELL_ME_MORE
    return show(
        "lead/colleague.html",
        title=f"{whose} asks you something" if asks_back else f"{whose} has it now",
        concern=concern,
        asks=asked.words[concern.newest.number] if asks_back else "",
        base=opened.base,
        back="/referrals",
    )


def _chosen(opened: OpenDraft, value: str) -> Colleague | None:
    role, _, person = value.partition("/")
    wanted = (role, person)
    return next(
        (one for one in may_be_asked(opened) if (one.role.value, str(one.person)) == wanted), None
    )
