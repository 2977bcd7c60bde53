"""Earlier concerns of a body, for whoever of its leads and Guardians checks a new one."""

from collections.abc import Mapping

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from broker.cases.earlier_views import opened_document
from broker.domain.concerns.concerns import OpenConcern
from broker.domain.references import Prefix, parse_reference
from broker.domain.roles import Role
from broker.guardian.answers import day_in_words
from broker.ledger.readings import Entrance
from broker.packs.contents import title_of_purpose
from broker.web import access
from broker.web.journeys.answers import Kind as JourneyKind
from broker.web.journeys.composed import form_of
from broker.web.journeys.walk import Counted
from broker.web.site import current_site
from broker.web.titles import COLLEAGUES_STANDS, LIKENESS
from broker.web.views.answers import show
from broker.web.visitors import visitor
from broker.web.writing.circumstances import circumstances_of
from broker.web.writing.drafts import answers_in

earlier = Blueprint("earlier_of_a_concern", __name__)


@earlier.get("/checks/<reference>/earlier")
@access.requires(Role.LEAD, Role.GUARDIAN)
def before(reference: str) -> Response:
    """List what the body knows about the same person; recorded as a look-up."""
    opened = _opened(reference)
    services = current_site().services
    found = services.earlier.of_concern(visitor().person, opened.concern.case, _form(opened))
    return show(
        "earlier/list.html",
        title="Earlier concerns about this person",
        about=f"concern {opened.concern.reference}",
        base=f"/checks/{opened.concern.reference}",
        found=found,
        like=LIKENESS,
        states=COLLEAGUES_STANDS,
        purpose=title_of_purpose,
        back=f"/checks/{opened.concern.reference}",
    )


@earlier.get("/checks/<reference>/earlier/<other>")
@access.requires(Role.LEAD, Role.GUARDIAN)
def read(reference: str, other: str) -> Response:
    """Show one of them; that it is read is recorded first."""
    opened = _opened(reference)
    found = current_site().services.earlier.open_of_concern(
        visitor().person, opened.concern.case, _form(opened), parse_reference(other)
    )
    return show(
        "earlier/one.html",
        title="An earlier concern",
        reference=other,
        words=found.words,
        in_days=day_in_words,
        says=opened_document(found)["says"],
        back=f"/checks/{opened.concern.reference}/earlier",
    )


def _opened(reference: str) -> OpenConcern:
    about = parse_reference(reference, Prefix.CONCERN)
    services = current_site().services
    opened = services.concerns.checking.open(about, visitor().person, Entrance.PAGE)
    if opened.draft is None:
        raise NotFound
    return opened


def _form(opened: OpenConcern) -> Mapping[str, str]:
    """Return what the body would look a new concern up by: who it is about."""
    draft = opened.draft
    if draft is None:
        raise NotFound
    answers, kind = answers_in(draft.text), JourneyKind(draft.row.journey)
    if kind is JourneyKind.COLLEAGUE:
        return {"individual.name": str(answers.get("c-work", {}).get("name") or "")}
    services, person = current_site().services, visitor().person
    known = circumstances_of(services, person, kind, owner=draft.row.owner, asked=opened)
    return form_of(Counted(answers, known))
