"""Meetings for whoever is asked: which, who comes, one's own answer, and one's own copy."""

from flask import Response, request

from broker.domain.form import as_read, label_of
from broker.domain.panels.meetings import ASKED_IN_WORDS
from broker.domain.panels.packs import PACKS_IN_WORDS
from broker.domain.people.errors import UnknownPersonError
from broker.ledger.readings import Entrance
from broker.panels.standing import KEEPERS
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.site import see_other
from broker.web.views.answers import show
from broker.web.views.meetings.blueprint import (
    COMES,
    COMING,
    STANDS,
    address_of,
    meetings,
    named,
    panels,
    person,
    today,
)
from keys import PersonId


@meetings.get("/meetings")
@access.requires(*COMING)
def index() -> Response:
    """List the meetings that somebody keeps or is asked to."""
    who, views = person(), panels().views
    return show(
        "meetings/index.html",
        title="Meetings",
        found=views.listed(who),
        waits=views.waited_for(who),
        keeps=who.role in KEEPERS,
        stands=STANDS,
        address=address_of,
    )


@meetings.get("/meetings/<reference>")
@access.requires(*COMING)
def meeting(reference: str) -> Response:
    """Show who is asked to a meeting, whether its panel is valid, and where its pack stands."""
    who = person()
    shown = panels().views.show(named(reference), who)
    return show(
        "meetings/meeting.html",
        title=f"Meeting {shown.meeting.reference}",
        shown=shown,
        meeting=shown.meeting,
        chairs=shown.meeting.chair == who.id,
        may_ask=shown.may_ask_for_pack(today()),
        stands=STANDS,
        today=today(),
        comes=COMES,
        packs=PACKS_IN_WORDS,
        parts=ASKED_IN_WORDS,
        base=address_of(shown.meeting.reference),
        back="/meetings",
    )


@meetings.post("/meetings/<reference>/answer")
@access.requires(*COMING)
def answer(reference: str) -> Response:
    """Say that one comes, or send apologies."""
    comes = request.form.get("comes") == "yes"
    panels().meetings.answer(named(reference), person(), comes=comes)
    return see_other(address_of(named(reference)))


@meetings.get("/meetings/<reference>/delegate")
@access.requires(*COMING)
def delegate_page(reference: str) -> Response:
    """Ask who of one's own body comes instead."""
    return _delegate_page(reference)


@meetings.post("/meetings/<reference>/delegate")
@access.requires(*COMING)
def delegate(reference: str) -> Response:
    """Send apologies and a colleague."""
    whom = request.form.get("person", "")
    if not whom:
        return _delegate_page(reference, "Select who comes instead of you")
    try:
        panels().meetings.send_delegate(named(reference), person(), PersonId(whom))
    except UnknownPersonError as error:
        return _delegate_page(reference, str(error))
    return see_other(address_of(named(reference)))


@meetings.post("/meetings/<reference>/pack/ask")
@access.requires(*COMING)
def ask_for_pack(reference: str) -> Response:
    """Ask for the pack of a meeting that one is asked to."""
    panels().asking.ask_for(named(reference), person())
    return see_other(address_of(named(reference)))


@meetings.get("/meetings/<reference>/copy")
@access.requires(*COMING)
def copy(reference: str) -> Response:
    """Open one's own copy; recorded before it is shown, with name and time on it."""
    opened = panels().copies.open(named(reference), person(), Entrance.PAGE)
    return show(
        "meetings/copy.html",
        title=f"Your copy for {opened.meeting.reference}",
        copy=opened,
        label=label_of,
        as_read=as_read,
        back=address_of(opened.meeting.reference),
    )


def _delegate_page(reference: str, wrong: str = "") -> Response:
    return show(
        "meetings/delegate.html",
        title="Send somebody instead of you",
        people=panels().views.own_colleagues(named(reference), person()),
        problems=[Problem(field="person", message=wrong)] if wrong else [],
        back=address_of(named(reference)),
    )
