"""Stop this sending: why, and what must follow where the words were told."""

from flask import Blueprint, Response, request

from broker.domain.breaches.record import Cause
from broker.domain.references import Reference, parse_reference
from broker.domain.states import State
from broker.web import access
from broker.web.forms.choices import radio_items
from broker.web.forms.problems import Problem
from broker.web.menu import GUARDIANS, WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.afterwards.record import own_view, page_about, whom_of
from broker.web.views.answers import show
from broker.web.visitors import visitor

stopping = Blueprint("stopping", __name__)

WHY = {
    "person": "Wrong person",
    "recipient": "Wrong recipient",
    "content": "Something in it is wrong",
    "agreement": "They took back their agreement",
    "else": "Something else",
}
"""Why somebody stops a sending: what is kept is the words."""

_OPENS = {"recipient": Cause.WRONG_RECIPIENT, "person": Cause.WRONG_PERSON}
"""Which reasons open a breach record, and what each is called there."""

_LONGEST = 4_000


@stopping.get("/referrals/<reference>/stop")
@access.requires(*WRITERS, *GUARDIANS)
def stop_page(reference: str) -> Response:
    """Ask why, before anything is stopped."""
    return _stop_page(parse_reference(reference), [])


@stopping.post("/referrals/<reference>/stop")
@access.requires(*WRITERS, *GUARDIANS)
def stop(reference: str) -> Response:
    """Stop it, and the words are destroyed; of what has opened, ask for its deletion."""
    about = parse_reference(reference)
    chosen, said = request.form.get("why", ""), request.form.get("said", "").strip()
    if problems := _faults(chosen, said):
        return _stop_page(about, problems)
    why = f"{WHY[chosen]}. {said}" if said else WHY[chosen]
    current_site().services.afterwards.recalling.recall(
        about, visitor().person, why, _OPENS.get(chosen)
    )
    return see_other(page_about(about))


def _faults(chosen: str, said: str) -> list[Problem]:
    if chosen not in WHY:
        return [Problem(field="why", message="Select why")]
    if chosen == "else" and not said:
        return [Problem(field="said", message="Enter why you stop it")]
    if len(said) > _LONGEST:
        message = f"What happened must be {_LONGEST:,} characters or less"
        return [Problem(field="said", message=message)]
    return []


def _stop_page(about: Reference, problems: list[Problem]) -> Response:
    services, person = current_site().services, visitor().person
    view = own_view(about)
    has_opened = view.disclosure.state is State.ACKNOWLEDGED
    return show(
        "afterwards/stop.html",
        title="Ask them to delete it" if has_opened else "Stop this sending",
        whom=whom_of(services, view.disclosure, person),
        has_opened=has_opened,
        told=view.told > 0,
        items=radio_items(WHY, request.form.get("why", "")),
        said=request.form.get("said", ""),
        problems=problems,
        back=page_about(about),
    )
