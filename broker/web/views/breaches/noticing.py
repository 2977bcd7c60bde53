"""It went to the wrong place, or nearly: whoever notices says so on the page of the referral."""

from flask import Blueprint, Response, request

from broker.domain.breaches.words import CAUSES, KINDS_ASKED
from broker.domain.references import Reference, parse_reference
from broker.web import access
from broker.web.forms.choices import radio_items
from broker.web.forms.problems import Problem
from broker.web.menu import GUARDIANS, WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.afterwards.record import page_about
from broker.web.views.answers import show
from broker.web.views.breaches.forms import noticed_typed
from broker.web.visitors import visitor

noticing = Blueprint("noticing", __name__)


@noticing.get("/referrals/<reference>/wrong")
@access.requires(*WRITERS, *GUARDIANS)
def wrong_page(reference: str) -> Response:
    """Ask what happened; say which records there are about it already."""
    return _page(parse_reference(reference), [])


@noticing.post("/referrals/<reference>/wrong")
@access.requires(*WRITERS, *GUARDIANS)
def wrong(reference: str) -> Response:
    """Open a record; the Guardian and information governance hear of it."""
    about = parse_reference(reference)
    noticed, problems = noticed_typed(request.form, about)
    if noticed is None:
        return _page(about, problems)
    current_site().services.afterwards.breaches.open(noticed, visitor().person)
    return see_other(f"/referrals/{about}/wrong")


def _page(about: Reference, problems: list[Problem]) -> Response:
    form = request.form
    return show(
        "breaches/wrong.html",
        title="Something went wrong with it",
        reference=about,
        records=current_site().services.afterwards.breaches.about(about, visitor().person),
        kinds=radio_items(KINDS_ASKED, form.get("kind", "")),
        causes=radio_items(CAUSES, form.get("cause", "")),
        cause_words=CAUSES,
        said=form.get("words", ""),
        problems=problems,
        back=page_about(about),
    )
