"""A Guardian looks back at an answer to a partner that shares nothing."""

from flask import Response, request

from broker.domain.errors import NotAllowedError
from broker.domain.form import label_of
from broker.domain.grounds import INDEPENDENT, Opinion
from broker.domain.partner_requests.copies import ANSWERS_IN_WORDS, CopyName
from broker.domain.references import Prefix, parse_reference
from broker.ledger.readings import Entrance
from broker.partner_requests.hindsight import Hindsight
from broker.web import access
from broker.web.forms.questions import fields_of, problems_of, title_is_asked_by, typed_of
from broker.web.journeys.answers import Answered, Circumstances
from broker.web.journeys.reading import Reading
from broker.web.journeys.shapes import Page, Problem
from broker.web.menu import GUARDIANS
from broker.web.reviewing.notes import principles_of
from broker.web.reviewing.pages import LOOK_BACK, RELATION
from broker.web.site import see_other
from broker.web.views.answers import show
from broker.web.views.reviews.blueprint import guardian, reviews, services
from broker.web.views.reviews.steps import read_posted


@reviews.get("/reviews/answers/<reference>/<int:number>")
@access.requires(*GUARDIANS)
def answer_to_open(reference: str, number: int) -> Response:
    """Ask for their part in it, before anything of an answer is shown."""
    name = _named(reference, number)
    _hindsight().waiting(name, guardian())
    return _asked(name, RELATION)


@reviews.post("/reviews/answers/<reference>/<int:number>")
@access.requires(*GUARDIANS)
def look_at_answer(reference: str, number: int) -> Response:
    """Show an answer to whoever has no part in it, and take what they think of it."""
    name = _named(reference, number)
    _hindsight().waiting(name, guardian())
    if request.form.get("_step") == LOOK_BACK.id:
        return _thought(name)
    reading = read_posted(RELATION)
    if reading.problems:
        return _asked(name, RELATION, reading)
    if reading.answers.get(RELATION.id) != INDEPENDENT:
        return show(
            "reviews/deputy.html",
            title="A deputy looks at this",
            why="whoever has a part in it does not look back at it",
            deputies=(),
            again=request.path,
            back="/reviews",
        )
    return _opened(name)


def _thought(name: CopyName) -> Response:
    reading = read_posted(LOOK_BACK)
    if reading.problems:
        return _opened(name, reading)
    said = Answered(
        {LOOK_BACK.id: reading.answers}, Circumstances(today=services().retrospective.today())
    )
    opinion = Opinion(
        view=said.text(LOOK_BACK.id, "opinion"),
        reason=said.text(LOOK_BACK.id, "reason"),
        relation=INDEPENDENT,
        principles=principles_of(said.codes(LOOK_BACK.id, "principles")),
        learning=said.text(LOOK_BACK.id, "learning"),
    )
    try:
        _hindsight().look_back(name, guardian(), opinion)
    except NotAllowedError as error:
        problem = Problem(question="reason", message=str(error))
        return _opened(name, Reading(answers={}, problems=(problem,), typed=reading.typed))
    return see_other("/reviews")


def _opened(name: CopyName, reading: Reading | None = None) -> Response:
    content = _hindsight().show(name, guardian(), Entrance.PAGE)
    return _asked(
        name,
        LOOK_BACK,
        reading,
        content=content,
        answered=ANSWERS_IN_WORDS,
        label=label_of,
    )


def _asked(
    name: CopyName, page: Page, reading: Reading | None = None, **shown: object
) -> Response:
    wrong = () if reading is None else reading.problems
    typed = typed_of(page, {}, is_answered=False) if reading is None else reading.typed
    return show(
        "reviews/answer.html",
        title=page.title,
        name=name,
        page=page,
        fields=fields_of(page, typed, wrong),
        problems=problems_of(page, wrong),
        heading_in_field=title_is_asked_by(page) is not None,
        back="/reviews",
        form_id="page",
        go_on=page.go_on,
        **{"content": None, **shown},
    )


def _named(reference: str, number: int) -> CopyName:
    return CopyName(request=parse_reference(reference, Prefix.REQUEST), number=number)


def _hindsight() -> Hindsight:
    return services().partner_requests.hindsight
