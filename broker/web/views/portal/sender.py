"""The sender's side of a page: tell a code to one reader, see who fetched, read the replies."""

from contextlib import suppress

from flask import Blueprint, Response, request

from broker.disclosures.afterwards.pages import LONGEST_FUNCTION, PageStands
from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.grounds import must_be_a_reason
from broker.domain.portal.pages import spelled
from broker.domain.references import Reference, parse_reference
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.menu import WRITERS
from broker.web.site import current_site
from broker.web.views.answers import show
from broker.web.views.step_up import code_first, spend_code
from broker.web.visitors import visitor

page_of_referral = Blueprint("page_of_referral", __name__)


@page_of_referral.get("/referrals/<reference>/page")
@access.requires(*WRITERS)
def page_stands(reference: str) -> Response:
    """Show who was told a code, who fetched, and how long the page stands."""
    about = parse_reference(reference)
    return show(
        "portal/page.html",
        title="The page that they fetch it from",
        reference=about,
        stands=_stands(about),
        back=f"/referrals/{about}",
    )


@page_of_referral.get("/referrals/<reference>/code")
@access.requires(*WRITERS)
def before_the_code(reference: str) -> Response:
    """Ask which function is on the telephone; the step-up comes first."""
    about = parse_reference(reference)
    stands = _stands(about)
    return code_first() or _before_the_code(about, stands, [])


@page_of_referral.post("/referrals/<reference>/code")
@access.requires(*WRITERS)
def show_the_code(reference: str) -> Response:
    """Show a new code, large; recorded before it is shown."""
    about = parse_reference(reference)
    stands = _stands(about)
    function, why = request.form.get("function", ""), request.form.get("why", "")
    if problems := _faults(stands, function, why):
        return _before_the_code(about, stands, problems)
    if (to_code := spend_code()) is not None:
        return to_code
    steps = current_site().services.deliveries.pages
    try:
        told = steps.tell_code(about, visitor().person, function, why or None)
    except NotAllowedError as error:
        problem = Problem(field="function", message=str(error))
        return _before_the_code(about, stands, [problem])
    return show(
        "portal/code.html",
        title="Read out this code",
        reference=about,
        code=spelled(told.code),
        told=told,
        form=stands.form.value,
    )


@page_of_referral.get("/referrals/<reference>/replies")
@access.requires(*WRITERS)
def replies(reference: str) -> Response:
    """Show what readers wrote; that it is read is recorded."""
    about = parse_reference(reference)
    steps = current_site().services.deliveries.pages
    return show(
        "portal/replies.html",
        title="What they wrote to you",
        reference=about,
        replies=steps.replies(about, visitor().person, Entrance.PAGE),
        back=f"/referrals/{about}/page",
    )


def _stands(about: Reference) -> PageStands:
    found = current_site().services.deliveries.pages.stands(about, visitor().person)
    if found is None:
        raise WrongStateError("It is not fetched from a page.")
    return found


def _faults(stands: PageStands, function: str, why: str) -> list[Problem]:
    title = " ".join(function.split())
    if not title:
        return [Problem(field="function", message="Enter their function")]
    if len(title) > LONGEST_FUNCTION:
        message = f"Their function must be {LONGEST_FUNCTION} characters or less"
        return [Problem(field="function", message=message)]
    known = {one.reader.function.casefold() for one in stands.readers}
    if title.casefold() in known:
        with suppress(NotAllowedError):
            must_be_a_reason(why)
            return []
        message = "Enter why you tell this function a code again, in a sentence"
        return [Problem(field="why", message=message)]
    return []


def _before_the_code(about: Reference, stands: PageStands, problems: list[Problem]) -> Response:
    return show(
        "portal/before_code.html",
        title="Whom are you speaking to?",
        reference=about,
        stands=stands,
        function=request.form.get("function", ""),
        why=request.form.get("why", ""),
        longest=LONGEST_FUNCTION,
        problems=problems,
        back=f"/referrals/{about}/page",
    )
