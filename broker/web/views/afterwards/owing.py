"""What is owed afterwards: said to be done, and how it went, or why it cannot be done."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from broker.domain.grounds import is_a_reason
from broker.domain.model import Duty
from broker.domain.obligations import CLOSED_OTHERWISE, UPDATE_THE_RECORD
from broker.domain.references import Reference, parse_reference
from broker.domain.times import uk_day
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.afterwards.record import own_view
from broker.web.views.afterwards.to_do import days_late, duty_words
from broker.web.views.answers import show
from broker.web.visitors import visitor

owing = Blueprint("owing", __name__)

_LONGEST = 4_000
_WHAT_THEY_SAID = {"offer-social-care": "You asked them. What did they say?"}
_HOW_IT_WENT = "When, and how did it go?"


@owing.get("/referrals/<reference>/duties/<duty>")
@access.requires(*WRITERS)
def duty_page(reference: str, duty: str) -> Response:
    """Ask whether what is owed was done, and how it went."""
    return _duty_page(parse_reference(reference), duty, [])


@owing.post("/referrals/<reference>/duties/<duty>")
@access.requires(*WRITERS)
def finish(reference: str, duty: str) -> Response:
    """Record that it was done, or that it cannot be done and why."""
    about, said = parse_reference(reference), request.form.get("said", "").strip()
    is_done = request.form.get("_action") == "done"
    if problems := _faults(said, is_done=is_done):
        return _duty_page(about, duty, problems)
    flow, person = current_site().services.disclosures, visitor().person
    if is_done:
        flow.finish(about, person, duty, said)
    else:
        flow.give_up(about, person, duty, said)
    return see_other(f"/referrals/{about}")


def _faults(said: str, *, is_done: bool) -> list[Problem]:
    if len(said) > _LONGEST:
        message = f"How it went must be {_LONGEST:,} characters or less"
        return [Problem(field="said", message=message)]
    if not is_done and not is_a_reason(said):
        return [Problem(field="said", message="Enter why it cannot be done, in a sentence")]
    return []


def _duty_page(about: Reference, kind: str, problems: list[Problem]) -> Response:
    duty = _open_duty(own_view(about).duties, kind)
    today = uk_day(current_site().services.clock())
    return show(
        "afterwards/duty.html",
        title=duty_words(kind, duty.due_on),
        reference=about,
        duty=duty,
        days_late=days_late(duty.due_on, today),
        label=_WHAT_THEY_SAID.get(kind, _HOW_IT_WENT),
        is_note=kind == UPDATE_THE_RECORD,
        said=request.form.get("said", ""),
        problems=problems,
        back=f"/referrals/{about}",
    )


def _open_duty(duties: tuple[Duty, ...], kind: str) -> Duty:
    """Return a duty of the sender's that is still open; another is no page."""
    theirs = [one for one in duties if one.type not in CLOSED_OTHERWISE]
    found = next((one for one in theirs if one.type == kind and one.done_on is None), None)
    if found is None:
        raise NotFound
    return found
