"""Ask whether they deleted what was called back, and write down what they said."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from broker.domain.references import Reference, parse_reference
from broker.ledger.changes.retractions import Answer
from broker.web import access
from broker.web.forms.choices import radio_items
from broker.web.forms.problems import Problem
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.afterwards.record import own_view, whom_of
from broker.web.views.answers import show
from broker.web.visitors import visitor

called_back = Blueprint("called_back", __name__)

ANSWERS = {
    Answer.DELETED: "They deleted it, and every copy",
    Answer.NEVER_HAD_IT: "It never came to them",
    Answer.KEPT: "They still have it",
}
"""What they may say, as the sender chooses it."""


@called_back.get("/referrals/<reference>/deleted")
@access.requires(*WRITERS)
def deleted_page(reference: str) -> Response:
    """Say whom to ring, and ask what they said."""
    return _page(parse_reference(reference), [])


@called_back.post("/referrals/<reference>/deleted")
@access.requires(*WRITERS)
def deleted(reference: str) -> Response:
    """Record what they said; while they still have it, it stays asked."""
    about, chosen = parse_reference(reference), request.form.get("answer", "")
    if chosen not in set(Answer):
        return _page(about, [Problem(field="answer", message="Select what they said")])
    current_site().services.afterwards.recalling.answered(about, visitor().person, Answer(chosen))
    return see_other(f"/referrals/{about}")


def _page(about: Reference, problems: list[Problem]) -> Response:
    services, person = current_site().services, visitor().person
    view = own_view(about)
    if view.called_back is None:
        raise NotFound
    return show(
        "afterwards/deleted.html",
        title="Did they delete it?",
        reference=about,
        whom=whom_of(services, view.disclosure, person),
        items=radio_items(ANSWERS, view.called_back),
        problems=problems,
        back=f"/referrals/{about}",
    )
