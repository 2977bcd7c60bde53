"""The telephone call: the number, the code that they read back, the six words, has it opened."""

from contextlib import suppress

from flask import Blueprint, Response, request

from broker.disclosures.afterwards.telling import Call, call_of
from broker.domain.errors import UnknownReferenceError, WrongStateError
from broker.domain.grounds import is_a_reason
from broker.domain.references import (
    PREFIX,
    MalformedReferenceError,
    Reference,
    parse_reference,
)
from broker.domain.roles import Role
from broker.domain.states import State
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.menu import WRITERS
from broker.web.problems import answer
from broker.web.site import current_site, see_other
from broker.web.views.afterwards.record import own_view
from broker.web.views.answers import show
from broker.web.views.step_up import code_first, spend_code
from broker.web.visitors import visitor

telling = Blueprint("telling", __name__)

_OTHER_CODE = (
    "That is not the code of your document. Do not read out the words. Ask them to open the mail "
    "with this reference, or ring off"
)
_LONGEST = 500


@telling.get("/referrals/<reference>/handover")
@access.requires(*WRITERS)
def call_page(reference: str) -> Response:
    """Show whom to ring, and ask for the code that they read out."""
    return _call_page(parse_reference(reference))


@telling.post("/referrals/<reference>/handover")
@access.requires(*WRITERS)
def compare(reference: str) -> Response:
    """Go on to the words where the code read back is that of the document."""
    about = parse_reference(reference)
    typed = request.form.get("code", "")
    if not typed.strip():
        message = "Enter the code that they read out to you"
        return _call_page(about, [Problem(field="code", message=message)], typed)
    if not _is_code_of(about, typed):
        return _call_page(about, [Problem(field="code", message=_OTHER_CODE)], typed)
    return see_other(f"/referrals/{about}/{'code' if fetched_first(_call(about)) else 'words'}")


@telling.get("/referrals/<reference>/words")
@access.requires(*WRITERS)
def before_the_words(reference: str) -> Response:
    """Ask who can see and hear, before the words are shown; the step-up comes first."""
    about = parse_reference(reference)
    call = _call(about)
    if needs_the_lead(call):
        return _call_page(about)
    return code_first() or _before_the_words(call)


@telling.post("/referrals/<reference>/words")
@access.requires(*WRITERS)
def show_the_words(reference: str) -> Response:
    """Show the words, large and spelled; recorded before they are shown."""
    about, why = parse_reference(reference), request.form.get("why", "")
    call = _call(about)
    if call.told and not is_a_reason(why):
        problem = Problem(field="why", message="Enter why you tell the words again, in a sentence")
        return _before_the_words(call, [problem], why)
    if (to_code := spend_code()) is not None:
        return to_code
    given = current_site().services.disclosures.hand_over(about, visitor().person, why or None)
    return show(
        "afterwards/words.html",
        title="Read out these six words",
        reference=about,
        call=call,
        spelled=given.spelled,
    )


@telling.get("/referrals/<reference>/opened")
@access.requires(*WRITERS)
def opened_page(reference: str) -> Response:
    """Ask whether it has opened, and who said so."""
    return _opened_page(_call(parse_reference(reference)), [])


@telling.post("/referrals/<reference>/opened")
@access.requires(*WRITERS)
def opened(reference: str) -> Response:
    """Close what has opened; else lead to telling the words again, or back to the referral."""
    about = parse_reference(reference)
    said, who = request.form.get("opened", ""), request.form.get("who", "").strip()
    if problems := [*_faults(said, who)]:
        return _opened_page(_call(about), problems)
    if said == "again":
        return see_other(f"/referrals/{about}/handover")
    if said == "yes":
        current_site().services.disclosures.acknowledge(about, visitor().person, who)
    return see_other(f"/referrals/{about}")


@telling.errorhandler(WrongStateError)
def over(error: WrongStateError) -> Response:
    """Lead to the page of a referral of which its reader said meanwhile that it opened."""
    about = parse_reference((request.view_args or {})["reference"])
    return see_other(f"/referrals/{about}") if _has_opened(about) else answer(error)


def fetched_first(call: Call) -> bool:
    """Say whether it is fetched from a page with a code, before any words are told."""
    return call.page is not None and not call.page.was_fetched


def needs_the_lead(call: Call) -> bool:
    """Say whether somebody else than this visitor must tell the words once more."""
    return call.needs_the_lead and visitor().person.role is not Role.LEAD


def _has_opened(about: Reference) -> bool:
    with suppress(UnknownReferenceError):
        return own_view(about).disclosure.state is State.ACKNOWLEDGED
    return False


def _faults(said: str, who: str) -> list[Problem]:
    if said not in {"yes", "again", "nobody"}:
        return [Problem(field="opened", message="Select what happened")]
    if said == "yes" and not who:
        return [Problem(field="who", message="Enter who told you that it opened")]
    if len(who) > _LONGEST:
        message = f"Who told you must be {_LONGEST} characters or less"
        return [Problem(field="who", message=message)]
    return []


def _call(about: Reference) -> Call:
    return call_of(current_site().services.transaction, about, visitor().person)


def _call_page(
    about: Reference, problems: list[Problem] | None = None, typed: str = ""
) -> Response:
    call = _call(about)
    return show(
        "afterwards/handover.html",
        title="Ring them and tell a code"
        if fetched_first(call)
        else "Ring them and read out six words",
        reference=about,
        call=call,
        is_gone=call.disclosure.state is State.EXPIRED,
        needs_the_lead=needs_the_lead(call),
        typed=typed,
        problems=problems or [],
        back=f"/referrals/{about}",
    )


def _before_the_words(
    call: Call, problems: list[Problem] | None = None, why: str = ""
) -> Response:
    return show(
        "afterwards/before_words.html",
        title="Can anyone hear or see?",
        reference=call.disclosure.reference,
        again=call.told > 0,
        why=why,
        problems=problems or [],
        back=f"/referrals/{call.disclosure.reference}/handover",
    )


def _opened_page(call: Call, problems: list[Problem]) -> Response:
    return show(
        "afterwards/opened.html",
        title="Has it opened?",
        reference=call.disclosure.reference,
        call=call,
        is_gone=call.disclosure.state is State.EXPIRED,
        chosen=request.form.get("opened", ""),
        who=request.form.get("who", ""),
        problems=problems,
        back=f"/referrals/{call.disclosure.reference}",
    )


def _is_code_of(about: Reference, typed: str) -> bool:
    """Say whether a code is that of this document, typed with its first letters or without."""
    for spelled in (typed, f"{PREFIX}-{typed}"):
        with suppress(MalformedReferenceError):
            return parse_reference(spelled) == about
    return False
