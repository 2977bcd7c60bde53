"""Where the courier could not do it: say that it arrived, have it sent again, carry it by hand."""

from flask import Blueprint, Response, request

from broker.disclosures.standing_still.deliveries import HAND_WAYS, HandReceipt
from broker.disclosures.views import DisclosureView
from broker.domain.errors import NotAllowedError
from broker.domain.grounds import is_a_reason
from broker.domain.references import Reference, parse_reference
from broker.domain.states import ENDED, State
from broker.ledger.readings import Entrance
from broker.packs.file_kinds import file_name, media_type
from broker.web import access
from broker.web.forms.choices import radio_items
from broker.web.forms.problems import Problem
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.afterwards.record import own_view, whom_of
from broker.web.views.answers import show
from broker.web.views.downloads import as_file
from broker.web.visitors import visitor

standing_still = Blueprint("standing_still", __name__)

_ARRIVED, _AGAIN, _BY_HAND = "arrived", "again", "by-hand"
_SAID = {
    _ARRIVED: "It is there",
    _AGAIN: "It is not there, and their mail works: send it once more",
    _BY_HAND: "It is not there: I carry it by hand",
}
"""What comes of the call, as the sender chooses it."""

_WAYS = {way: words[0].upper() + words[1:] for way, words in HAND_WAYS.items()}

_OFFERED = {
    State.DEFERRED: (_BY_HAND,),
    State.REJECTED: (_AGAIN, _BY_HAND),
    State.UNKNOWN: (_ARRIVED, _AGAIN, _BY_HAND),
}
"""What can be done about a document, by where it stands still."""


@standing_still.get("/referrals/<reference>/delivery")
@access.requires(*WRITERS)
def delivery_page(reference: str) -> Response:
    """Say whom to ring, and ask what they said."""
    about = parse_reference(reference)
    return _delivery_page(about, own_view(about), [])


@standing_still.post("/referrals/<reference>/delivery")
@access.requires(*WRITERS)
def delivery(reference: str) -> Response:
    """Record that it arrived, have the same bytes sent once more, or lead to carrying it."""
    about = parse_reference(reference)
    view = own_view(about)
    chosen, why = request.form.get("said", ""), request.form.get("why", "").strip()
    if problems := _faults(view, chosen, why):
        return _delivery_page(about, view, problems)
    deliveries, person = current_site().services.deliveries, visitor().person
    match chosen:
        case "arrived":
            deliveries.confirm_arrival(about, person)
        case "again":
            deliveries.resend(about, person, why)
        case _:
            return see_other(f"/referrals/{about}/by-hand")
    return see_other(f"/referrals/{about}")


@standing_still.get("/referrals/<reference>/by-hand")
@access.requires(*WRITERS)
def by_hand_page(reference: str) -> Response:
    """Lead through it: save the sealed document, send it, write down the receipt."""
    return _by_hand_page(parse_reference(reference), [])


@standing_still.post("/referrals/<reference>/by-hand/document")
@access.requires(*WRITERS)
def sealed_document(reference: str) -> Response:
    """Give the sealed document out, recorded before; a second time needs a reason."""
    about, why = parse_reference(reference), request.form.get("why", "").strip()
    deliveries, person = current_site().services.deliveries, visitor().person
    if deliveries.was_fetched(about, person) and not is_a_reason(why):
        problem = Problem(field="why", message="Enter why you save it again, in a sentence")
        return _by_hand_page(about, [problem])
    found = deliveries.fetch(about, person, Entrance.PAGE, why or None)
    return as_file(found, file_name(str(about), found), media_type(found))


@standing_still.post("/referrals/<reference>/by-hand")
@access.requires(*WRITERS)
def by_hand(reference: str) -> Response:
    """Record by which way it was carried, and what that system gave as a receipt."""
    about = parse_reference(reference)
    deliveries, person = current_site().services.deliveries, visitor().person
    way, receipt = request.form.get("way", ""), request.form.get("receipt", "")
    if way not in HAND_WAYS:
        return _by_hand_page(about, [Problem(field="way", message="Select how you sent it")])
    if not deliveries.was_fetched(about, person):
        return _by_hand_page(about, [Problem(field="save", message="Save the document first")])
    try:
        deliveries.sent_by_hand(about, person, HandReceipt(way=way, receipt=receipt))
    except NotAllowedError as error:
        return _by_hand_page(about, [Problem(field="receipt", message=str(error))])
    return see_other(f"/referrals/{about}")


def _faults(view: DisclosureView, chosen: str, why: str) -> list[Problem]:
    if chosen not in _OFFERED.get(view.disclosure.state, ()):
        return [Problem(field="said", message="Select what they said")]
    if chosen == _AGAIN and not is_a_reason(why):
        return [Problem(field="why", message="Enter why it can arrive now, in a sentence")]
    return []


def _delivery_page(about: Reference, view: DisclosureView, problems: list[Problem]) -> Response:
    services, person = current_site().services, visitor().person
    offered = {one: _SAID[one] for one in _OFFERED.get(view.disclosure.state, ())}
    return show(
        "afterwards/delivery.html",
        title="Ring them: is it there?",
        reference=about,
        whom=whom_of(services, view.disclosure, person),
        state=view.disclosure.state,
        items=radio_items(offered, request.form.get("said", "")),
        can_go_again=_AGAIN in offered,
        ends=view.disclosure.state in ENDED,
        why=request.form.get("why", ""),
        problems=problems,
        back=f"/referrals/{about}",
    )


def _by_hand_page(about: Reference, problems: list[Problem]) -> Response:
    services, person = current_site().services, visitor().person
    view = own_view(about)
    return show(
        "afterwards/by_hand.html",
        title="Carry it by hand",
        reference=about,
        whom=whom_of(services, view.disclosure, person),
        stands_still=view.disclosure.state in _OFFERED,
        was_fetched=services.deliveries.was_fetched(about, person),
        ways=radio_items(_WAYS, request.form.get("way", "")),
        receipt=request.form.get("receipt", ""),
        why=request.form.get("why", ""),
        problems=problems,
        back=f"/referrals/{about}",
    )
