"""The page of one referral: where it stands, what is theirs to do, what went, who has looked."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, Response, request

from broker.disclosures.views import DisclosureView, view_of
from broker.domain.model import Disclosure, Duty, Person
from broker.domain.obligations import CLOSED_OTHERWISE
from broker.domain.references import Reference, parse_reference
from broker.domain.states import ENDED, State, leading_to
from broker.domain.times import moment_of, uk_day
from broker.ledger.readings import PASSPHRASE, Reading, readings_of
from broker.web import access
from broker.web.journeys.answers import Kind
from broker.web.menu import GUARDIANS, WRITERS
from broker.web.site import current_site
from broker.web.views.afterwards.standing import Whom, goes, standing_of, stays
from broker.web.views.afterwards.to_do import days_late, duty_words
from broker.web.views.answers import show
from broker.web.visitors import visitor
from broker.web.writing.circumstances import circumstances_of
from broker.wiring import Services
from keys import KeyErasedError, UnknownKeyError

referral = Blueprint("referral", __name__)

_READ = {
    "pack": "read it",
    "questions": "read the messages",
    "files": "looked at its files",
    "opening": "opened it to check the record",
    "export": "exported it with the record",
    "sealed": "saved it, sealed, to carry it by hand",
    PASSPHRASE: "saw the six words",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedHere:
    """A duty of this referral: its code, words and day, how late it is, and how it ended."""

    type: str
    words: str
    by: date | None
    days_late: int
    done_on: date | None
    given_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Somebody who looked: when, what they did, and whether it was the sender."""

    at: datetime
    did: str
    who: str


@referral.get("/referrals/<reference>")
@referral.get("/referrals/<reference>/sent")
@access.requires(*WRITERS)
def show_record(reference: str) -> Response:
    """Show where a referral stands, and what is theirs to do."""
    services, person = current_site().services, visitor().person
    about = parse_reference(reference)
    try:
        view = own_view(about)
    except (KeyErasedError, UnknownKeyError):
        return _gone(services, about, person)
    whom, disclosure = whom_of(services, view.disclosure, person), view.disclosure
    today = uk_day(services.clock())
    looked = readings_of(services.transaction, about, person)
    return show(
        "afterwards/record.html",
        title=f"Referral {disclosure.reference}",
        reference=disclosure.reference,
        standing=standing_of(view, whom),
        view=view,
        whom=whom,
        owed=_owed(view, today),
        next_page=_next_page(view),
        goes=goes(view),
        stays=stays(view),
        looked=[_looked(one, person) for one in looked],
        can_be_stopped=disclosure.state in leading_to(State.RECALLED),
        can_be_called_back=disclosure.state is State.ACKNOWLEDGED and view.called_back is None,
        can_go_again=disclosure.state in ENDED and view.sent_again_as is None,
        is_new=request.path.endswith("/sent"),
        back="/referrals",
    )


_NEXT = {
    State.DEFERRED: ("by-hand", "Carry it by hand"),
    State.REJECTED: ("delivery", "Send it another way"),
    State.UNKNOWN: ("delivery", "Say if it is there"),
    State.SENT: ("handover", "Ring them"),
    State.TOLD: ("opened", "Say if it opened"),
    State.EXPIRED: ("opened", "It has opened"),
    State.ASKED: ("reply", "Answer"),
}
"""The button of a referral's page, by where it stands: where it leads, and its words."""


def _next_page(view: DisclosureView) -> tuple[str, str] | None:
    """Return where the button leads: where it is fetched from a page, to who has fetched."""
    state, page = view.disclosure.state, view.page
    if page is not None and state is State.TOLD and not (page.was_fetched and view.told):
        return ("page", "See who has fetched it")
    return _NEXT.get(state)


def own_view(about: Reference) -> DisclosureView:
    """Return a referral as whoever looks at the page may see it; raises as `view_of`."""
    services = current_site().services
    return view_of(services.disclosures, services.receipts, about, visitor().person)


def page_about(about: Reference) -> str:
    """Return the page on which whoever looks sees how a disclosure stands."""
    pages = "reviews" if visitor().person.role in GUARDIANS else "referrals"
    return f"/{pages}/{about}"


def whom_of(services: Services, disclosure: Disclosure, person: Person) -> Whom:
    """Return to whom a referral goes, and who leads for its sender."""
    entries = services.directory.entries()
    mailbox = next(one for one in entries.mailboxes if one.id == disclosure.recipient)
    body = next(one for one in entries.agencies if one.id == mailbox.agency)
    known = circumstances_of(services, person, Kind.REFERRAL)
    return Whom(
        title=mailbox.title,
        body=body.name,
        telephone=mailbox.telephone,
        lead=known.lead,
        lead_telephone=known.lead_telephone,
    )


def _owed(view: DisclosureView, today: date) -> list[OwedHere]:
    """Return the sender's duties here: what is late first, what is over last."""
    theirs = [duty for duty in view.duties if duty.type not in CLOSED_OTHERWISE]
    found = [_duty(duty, view, today) for duty in theirs]
    return sorted(found, key=lambda one: (one.done_on is not None, one.by or date.max))


def _duty(duty: Duty, view: DisclosureView, today: date) -> OwedHere:
    return OwedHere(
        type=duty.type,
        words=duty_words(duty.type, duty.due_on),
        by=duty.due_on,
        days_late=0 if duty.done_on else days_late(duty.due_on, today),
        done_on=duty.done_on,
        given_up=duty.type in view.given_up,
    )


def _looked(reading: Reading, person: Person) -> Looked:
    who = "You" if reading.by == person.id else "Somebody who may decide or check it"
    return Looked(at=moment_of(reading.at), did=_READ.get(reading.what, "looked at it"), who=who)


def _gone(services: Services, about: Reference, person: Person) -> Response:
    """Show that the words of a referral are gone, since when, and what stays on the record."""
    with services.transaction() as tx:
        entries = tx.about(about)
        mine = any(one.type == "received" and one.event["by"] == person.id for one in entries)
    erased = [moment_of(one.moment) for one in entries if one.type == "erased"]
    if not (mine and erased):
        raise UnknownKeyError
    return show(
        "afterwards/gone.html",
        title=f"Referral {about}",
        since=erased[-1],
        taken_in=moment_of(entries[0].moment),
        back="/referrals",
    )
