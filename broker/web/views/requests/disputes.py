"""Concerns about sharing: raised from the page of a copy, listed, read and settled."""

from flask import Response, request

from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.partner_requests.concerns import OUTCOMES_IN_WORDS, WRONG_IN_WORDS, Outcome
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.partner_requests.disputing import SETTLERS
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.site import see_other
from broker.web.views.answers import show
from broker.web.views.requests.blueprint import (
    EITHER,
    address_of,
    copy_name,
    partner_requests,
    person,
    requests,
)

SEES: tuple[Role, ...] = tuple(sorted({*EITHER, *SETTLERS}))
"""Who raises concerns about sharing, or settles them."""


@requests.get("/requests/<reference>/<int:number>/concern")
@access.requires(*EITHER)
def concern_page(reference: str, number: int) -> Response:
    """Ask what went wrong with sharing."""
    return _raise_page(reference, number)


@requests.post("/requests/<reference>/<int:number>/concern")
@access.requires(*EITHER)
def raise_one(reference: str, number: int) -> Response:
    """Raise a concern about sharing."""
    name, why = copy_name(reference, number), request.form.get("why", "").strip()
    wrong = {one.value: one for one in WRONG_IN_WORDS}.get(request.form.get("wrong", ""))
    if wrong is None:
        problem = Problem(field="wrong", message="Select what is wrong")
        return _raise_page(reference, number, problem)
    try:
        raised = partner_requests().disputing.raise_one(name, person(), wrong, why)
    except NotAllowedError as error:
        return _raise_page(reference, number, Problem(field="why", message=str(error)))
    except WrongStateError as error:
        return _raise_page(reference, number, Problem(field="wrong", message=str(error)))
    return see_other(f"/sharing-concerns/{raised.name}")


@requests.get("/sharing-concerns")
@access.requires(*SEES)
def concerns() -> Response:
    """List the concerns about sharing that are somebody's to see."""
    return show(
        "requests/concerns.html",
        title="Concerns about sharing",
        found=partner_requests().disputing.listed(person()),
        wrongs=WRONG_IN_WORDS,
        outcomes=OUTCOMES_IN_WORDS,
    )


@requests.get("/sharing-concerns/<named>")
@access.requires(*SEES)
def concern(named: str) -> Response:
    """Show a concern with its words; that they are read is recorded."""
    return _concern_page(named)


@requests.post("/sharing-concerns/<named>")
@access.requires(*SEES)
def settle_concern(named: str) -> Response:
    """Close a concern with its outcome."""
    outcome = {one.value: one for one in Outcome}.get(request.form.get("outcome", ""))
    why = request.form.get("why", "").strip()
    if outcome is None:
        return _concern_page(named, Problem(field="outcome", message="Select how it ends"))
    try:
        partner_requests().disputing.close(named, person(), outcome, why)
    except NotAllowedError as error:
        return _concern_page(named, Problem(field="why", message=str(error)))
    except WrongStateError as error:
        return _concern_page(named, Problem(field="outcome", message=str(error)))
    return see_other("/sharing-concerns")


def _raise_page(reference: str, number: int, wrong: Problem | None = None) -> Response:
    name = copy_name(reference, number)
    return show(
        "requests/concern_new.html",
        title="Raise a concern about sharing",
        can=partner_requests().disputing.can_raise(name, person()),
        wrongs=WRONG_IN_WORDS,
        typed=request.form,
        problems=[] if wrong is None else [wrong],
        back=address_of(name),
    )


def _concern_page(named: str, wrong: Problem | None = None) -> Response:
    shown = partner_requests().disputing.show(named, person(), Entrance.PAGE)
    own = shown.concern.raised_by == person().id
    return show(
        "requests/concern.html",
        title="A concern about sharing",
        shown=shown,
        concern=shown.concern,
        address=address_of(shown.concern.copy) if own else None,
        wrongs=WRONG_IN_WORDS,
        outcomes=OUTCOMES_IN_WORDS,
        own=own,
        typed=request.form,
        problems=[] if wrong is None else [wrong],
        back="/sharing-concerns",
    )
