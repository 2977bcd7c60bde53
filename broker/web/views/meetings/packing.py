"""The pack of a meeting: picked from what was released, approved by the chair, withdrawn."""

from flask import Response, request

from broker.disclosures.what_goes import WhatGoes
from broker.domain.errors import FaultyDocumentError
from broker.domain.form import as_read, label_of
from broker.domain.panels.packs import PACKS_IN_WORDS, PackState, WantedPack
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.panels.refusals import CannotBeBuiltError
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.site import see_other
from broker.web.views.answers import show
from broker.web.views.meetings.blueprint import (
    KEEPING,
    address_of,
    meetings,
    named,
    panels,
    person,
)
from broker.web.views.step_up import code_first, spend_code

_REASON = "reason-"
_ORDER = ("picks", _REASON, "statement", "necessity", "proportionality", "screened")


@meetings.get("/meetings/<reference>/pack")
@access.requires(*KEEPING)
def pack_page(reference: str) -> Response:
    """Show what was released, to be picked from; that it is read is recorded."""
    return _pack_page(reference)


@meetings.post("/meetings/<reference>/pack")
@access.requires(*KEEPING)
def build(reference: str) -> Response:
    """Build the pack of a meeting, or show what would stand in it, or say what it lacks."""
    wanted, about = _wanted(), named(reference)
    would_stand = None
    try:
        if request.form.get("_action") == "preview":
            would_stand = panels().packs.preview(about, person(), wanted)
        else:
            panels().packs.build(about, person(), wanted)
    except FaultyDocumentError as error:
        problems = [
            Problem(field=_field_of(one.place), message=_message_of(one.place, one.problem))
            for one in error.faults
        ]
        return _pack_page(reference, sorted(problems, key=_place_on_page))
    except CannotBeBuiltError as error:
        faults = [Problem(field="picks", message=one.problem) for one in error.faults]
        return _pack_page(reference, faults)
    if would_stand is not None:
        return _pack_page(reference, would_stand=would_stand)
    return see_other(address_of(about))


def _wanted() -> WantedPack:
    form = request.form
    return WantedPack(
        picks=tuple(form.getlist("picks")),
        statement=form.get("statement", "").strip(),
        necessity=form.get("necessity", "").strip(),
        proportionality=form.get("proportionality", "").strip(),
        reasons={
            name.removeprefix(_REASON): text.strip()
            for name, text in form.items()
            if name.startswith(_REASON) and text.strip()
        },
        screened=form.get("screened") == "yes",
    )


@meetings.get("/meetings/<reference>/pack/read")
@access.requires(*KEEPING)
def read_page(reference: str) -> Response:
    """Show what stands in the pack; that it is read is recorded before."""
    return _built_page(reference, approves=False)


@meetings.get("/meetings/<reference>/pack/approve")
@access.requires(Role.CHAIR)
def approve_page(reference: str) -> Response:
    """Show the chair what they approve, after a code of this moment."""
    return code_first() or _built_page(reference, approves=True)


@meetings.post("/meetings/<reference>/pack/approve")
@access.requires(Role.CHAIR)
def approve(reference: str) -> Response:
    """Approve the pack that was read."""
    if (to_code := spend_code()) is not None:
        return to_code
    panels().approving.approve(named(reference), person(), request.form.get("seen", ""))
    return see_other(address_of(named(reference)))


@meetings.post("/meetings/<reference>/pack/withdraw")
@access.requires(*KEEPING)
def withdraw(reference: str) -> Response:
    """Withdraw the pack of a meeting."""
    panels().packs.withdraw(named(reference), person())
    return see_other(address_of(named(reference)))


def _built_page(reference: str, *, approves: bool) -> Response:
    about = named(reference)
    read = panels().reading.read(about, person(), Entrance.PAGE)
    return show(
        "meetings/built.html",
        title="Approve the pack" if approves else "What stands in the pack",
        read=read,
        approves=approves and read.pack.state is PackState.BUILT,
        stands=PACKS_IN_WORDS,
        label=label_of,
        as_read=as_read,
        back=address_of(about),
    )


def _pack_page(
    reference: str,
    problems: list[Problem] | None = None,
    would_stand: WhatGoes | None = None,
) -> Response:
    packs = panels().packs
    return show(
        "meetings/pack.html",
        title="Build the pack",
        released=packs.released(named(reference), person(), Entrance.PAGE),
        needs_reason=packs.fields_with_a_reason(),
        label=label_of,
        as_read=as_read,
        typed=request.form,
        picks=request.form.getlist("picks"),
        problems=problems or [],
        would_stand=would_stand,
        asks=f"/requests/new?on={named(reference)}",
        back=address_of(named(reference)),
        wide=True,
    )


def _place_on_page(problem: Problem) -> int:
    """Return where a field stands on the page, so that problems are listed in its order."""
    field = _REASON if problem.field.startswith(_REASON) else problem.field
    return _ORDER.index(field)


def _field_of(place: str) -> str:
    head, _, field = place.partition(".")
    if head == "reasons":
        return f"{_REASON}{field}"
    return "picks" if head.startswith(("picks", "case", "panel")) else head


def _message_of(place: str, problem: str) -> str:
    if place.startswith("reasons."):
        return f"Say why the panel needs this: {label_of(place.partition('.')[2])}"
    return {
        "picks": "Select what the panel needs",
        "statement": "Enter what the panel decides with it",
        "necessity": "Enter why less would not do",
        "proportionality": "Enter how harm and intrusion weigh",
        "screened": "Confirm that somebody has read all of it",
        "case": "Ask a body on this case first. What it answers can be picked",
        "panel": "Have a mailbox of the panel entered in the directory, and rung",
    }.get(place, f"What you picked {problem}")
