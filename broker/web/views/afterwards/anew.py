"""Send again what has ended, once its sender has seen to whom it goes today and what they read."""

from flask import Blueprint, Response, request

from broker.disclosures.standing_still.sending_anew import SendingAnew
from broker.domain.errors import ChangedMeanwhileError
from broker.domain.form import label_of
from broker.domain.grounds import is_a_reason
from broker.domain.references import Reference, parse_reference
from broker.domain.states import State
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.journeys.outcome_words import Named, before_sending
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.afterwards.record import own_view, whom_of
from broker.web.views.answers import show
from broker.web.visitors import visitor

anew = Blueprint("anew", __name__)

_CHANGED = Problem(
    field="why",
    message="What you saw is not what would go now. Look at it again, then send it",
)


@anew.get("/referrals/<reference>/anew")
@access.requires(*WRITERS)
def anew_page(reference: str) -> Response:
    """Show to whom it would go today and what they would read; a reading, and nothing is sent."""
    return _anew_page(parse_reference(reference), [])


@anew.post("/referrals/<reference>/anew")
@access.requires(*WRITERS)
def send(reference: str) -> Response:
    """Send again exactly what was shown, and lead to the new referral."""
    about = parse_reference(reference)
    why, seen = request.form.get("why", "").strip(), request.form.get("_seen", "")
    if not is_a_reason(why):
        problem = Problem(field="why", message="Enter why it must go after all, in a sentence")
        return _anew_page(about, [problem])
    try:
        after = _sending_anew().send(about, visitor().person, why, seen)
    except ChangedMeanwhileError:
        return _anew_page(about, [_CHANGED])
    return see_other(f"/referrals/{after.reference}/sent")


def _sending_anew() -> SendingAnew:
    return current_site().services.deliveries.anew


def _anew_page(about: Reference, problems: list[Problem]) -> Response:
    services, person = current_site().services, visitor().person
    would = _sending_anew().look(about, person, Entrance.PAGE)
    whom = whom_of(services, own_view(about).disclosure, person)
    named = Named(recipient=whom.title, lead=whom.lead, lead_telephone=whom.lead_telephone)
    return show(
        "afterwards/anew.html",
        title="Send it again",
        reference=about,
        would=would,
        standing=before_sending(would.judgement, named),
        can_go=would.judgement.state is not State.REFUSED,
        label=label_of,
        why=request.form.get("why", ""),
        problems=problems,
        back=f"/referrals/{about}",
    )
