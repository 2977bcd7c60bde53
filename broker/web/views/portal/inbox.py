"""The inbox of police, by reference: received, opened, passed on, and what came before."""

from flask import Blueprint, Response, request

from broker.domain.cases.earlier import Call
from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.references import Reference, parse_reference
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.menu import INBOX
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import visitor

inbox = Blueprint("inbox", __name__)


@inbox.get("/inbox")
@access.requires(*INBOX)
def index() -> Response:
    """List what came to the inbox, what nobody has opened first."""
    return show(
        "portal/inbox.html",
        title="Your inbox",
        standing=current_site().services.explorer.standings.now(),
        listed=current_site().services.inbox.listed(visitor().person),
        taken_away=current_site().services.inbox.taken_away(visitor().person),
        wide=True,
    )


@inbox.get("/inbox/<reference>")
@access.requires(*INBOX)
def one(reference: str) -> Response:
    """Show one reference, and which earlier ones about the same person came here."""
    return _one(parse_reference(reference), [])


@inbox.post("/inbox/<reference>")
@access.requires(*INBOX)
def step(reference: str) -> Response:
    """Record what happened to it."""
    about, person = parse_reference(reference), visitor().person
    steps, what = current_site().services.inbox, request.form.get("what", "")
    if steps.gone(person, about) is not None:
        return _one(about, [])
    try:
        match what:
            case "received":
                steps.receive(person, about)
            case "opened":
                steps.acknowledge(person, about)
            case "passed-on":
                steps.pass_on(person, about, request.form.get("function", ""))
            case _:
                return _one(about, [Problem(field="received", message="Select what happened")])
    except (NotAllowedError, WrongStateError) as error:
        field = "function" if what == "passed-on" else "opened"
        return _one(about, [Problem(field=field, message=str(error))])
    return see_other(f"/inbox/{about}")


@inbox.post("/inbox/<reference>/earlier/<other>")
@access.requires(*INBOX)
def confirm(reference: str, other: str) -> Response:
    """Keep whether two references are about one person, as somebody here says."""
    about = parse_reference(reference)
    if request.form.get("call") not in {one.value for one in Call}:
        message = "Select whether it is the same person"
        return _one(about, [Problem(field="earlier", message=message)])
    current_site().services.earlier.call_received(
        visitor().person, about, parse_reference(other), Call(request.form["call"])
    )
    return see_other(f"/inbox/{about}")


def _one(about: Reference, problems: list[Problem]) -> Response:
    services, person = current_site().services, visitor().person
    gone = services.inbox.gone(person, about)
    if gone is not None:
        title = f"Reference {about}"
        return show("portal/inbox_gone.html", title=title, one=gone, back="/inbox")
    return show(
        "portal/inbox_one.html",
        title=f"Reference {about}",
        one=current_site().services.inbox.one(person, about),
        earlier=services.earlier.received_before(person, about),
        function=request.form.get("function", ""),
        problems=problems,
        back="/inbox",
    )
