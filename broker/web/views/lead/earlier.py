"""Earlier concerns of a body, for whoever of its leads and Guardians checks a new one."""

from flask import Blueprint, Response

from broker.cases.earlier.views import opened_document
from broker.concerns.earlier import EarlierOfConcerns
from broker.domain.references import (
    Prefix,
    Reference,
    parse_any_reference,
    parse_reference,
)
from broker.domain.roles import Role
from broker.guardian.answers import day_in_words
from broker.ledger.readings import Entrance
from broker.packs.contents import title_of_purpose
from broker.web import access
from broker.web.site import current_site
from broker.web.titles import EARLIER_AT_A_COLLEAGUES, LIKENESS_TO_A_DRAFT
from broker.web.views.answers import show
from broker.web.visitors import visitor

earlier = Blueprint("earlier_of_a_concern", __name__)


@earlier.get("/checks/<reference>/earlier")
@access.requires(Role.LEAD, Role.GUARDIAN)
def before(reference: str) -> Response:
    """List what the body knows about the same person; recorded as a look-up."""
    about = _parsed(reference)
    return show(
        "earlier/list.html",
        title="Earlier concerns about this person",
        about=f"concern {about}",
        base=f"/checks/{about}",
        found=_earlier().before(visitor().person, about),
        like=LIKENESS_TO_A_DRAFT,
        states=EARLIER_AT_A_COLLEAGUES,
        purpose=title_of_purpose,
        back=f"/checks/{about}",
    )


@earlier.get("/checks/<reference>/earlier/<other>")
@access.requires(Role.LEAD, Role.GUARDIAN)
def read(reference: str, other: str) -> Response:
    """Show one of them; that it is read is recorded first."""
    about = _parsed(reference)
    found = _earlier().open(visitor().person, about, parse_any_reference(other), Entrance.PAGE)
    return show(
        "earlier/one.html",
        title="An earlier concern",
        reference=found.concern.match.reference,
        words=found.words,
        in_days=day_in_words,
        says=opened_document(found)["says"],
        back=f"/checks/{about}/earlier",
    )


def _parsed(reference: str) -> Reference:
    return parse_reference(reference, Prefix.CONCERN)


def _earlier() -> EarlierOfConcerns:
    return current_site().services.concerns.earlier
