"""Signing in and out: address, password and code; the role; the step-up; hiding the screen."""

import re
from collections.abc import Iterator

from flask import Blueprint, Response, request

from broker.domain.people.errors import (
    InvitationSpentError,
    SignInRefusedError,
    UnknownPersonError,
    WeakPasswordError,
)
from broker.domain.people.people import RoleHolding, RoleId
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.menu import first_page_of
from broker.web.site import current_site, see_other
from broker.web.titles import title_of
from broker.web.views.answers import show
from broker.web.views.failures import count_failure
from broker.web.views.hiding import hidden
from broker.web.visitors import (
    TYPED_AT,
    TYPED_PAGE,
    address_after,
    asked_for,
    keep_typed,
    leading_to,
    own_first_link,
    visitor,
    with_session,
    without_session,
)
from broker.wiring import Services

sign_in = Blueprint("sign_in", __name__)

_CODE = re.compile(r"[A-Za-z0-9_-]{20,64}")
_REFUSED = "That does not match. Check all three and try again."
_CODE_REFUSED = "That does not match. Enter the newest code that your app shows."


@sign_in.get("/sign-in")
@access.public
def sign_in_page() -> Response:
    """Ask for address, password and code."""
    return _sign_in_page(to=request.args.get("to", ""))


@sign_in.post("/sign-in")
@access.public
def sign_in_now() -> Response:
    """Let somebody in; whatever was wrong is told alike."""
    typed = {name: request.form.get(name, "") for name in ("address", "password", "code")}
    to = request.form.get("to", "")
    problems = [
        Problem(field=name, message=message)
        for name, message in _NEEDED.items()
        if not typed[name].strip()
    ]
    if problems:
        return _sign_in_page(to=to, address=typed["address"], problems=problems)
    try:
        token = _services().access.sign_in.sign_in(
            typed["address"], typed["password"], typed["code"]
        )
    except SignInRefusedError:
        count_failure()
        problems = [Problem(field="address", message=_REFUSED)]
        return _sign_in_page(to=to, address=typed["address"], problems=problems)
    return go_on(token, to)


_NEEDED = {
    "address": "Enter your email address at work",
    "password": "Enter your password",
    "code": "Enter the code from your app",
}


@sign_in.get("/role")
@access.signed_in
def role_page() -> Response:
    """Ask for whom somebody acts now."""
    return _role_page(to=request.args.get("to", ""))


@sign_in.post("/role")
@access.signed_in
def choose_role() -> Response:
    """Let somebody act in one of their roles from now on."""
    to, chosen = request.form.get("to", ""), request.form.get("role", "")
    try:
        token = _services().access.sessions.choose(visitor().token, RoleId(chosen))
    except UnknownPersonError:
        problem = Problem(field="role", message="Select who you are acting for")
        return _role_page(to=to, problems=[problem])
    caller = _services().access.sessions.caller(token)
    return with_session(see_other(first_page_of(caller.role, asked_for(to))), token)


@sign_in.get("/code")
@access.signed_in
def code_page() -> Response:
    """Ask for a code of this moment before an action that needs one."""
    return _code_page(to=request.args.get("to", ""), back=request.args.get("back", ""))


@sign_in.post("/code")
@access.signed_in
def step_up() -> Response:
    """Let the next action go that needs a code of this moment."""
    to, code = request.form.get("to", ""), request.form.get("code", "")
    back = request.form.get("back", "")
    if not code.strip():
        problem = Problem(field="code", message=_NEEDED["code"])
        return _code_page(to=to, back=back, problems=[problem])
    try:
        token = _services().access.sign_in.step_up(visitor().token, code)
    except SignInRefusedError:
        count_failure()
        problem = Problem(field="code", message=_CODE_REFUSED)
        return _code_page(to=to, back=back, problems=[problem])
    return with_session(see_other(address_after(to)), token)


@sign_in.get("/stay")
@access.signed_in
def stay() -> Response:
    """Answer that somebody is still there: being asked is what their session is kept by."""
    return Response(_NOTHING, mimetype="image/svg+xml")


_NOTHING = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@sign_in.get("/sign-out")
@access.signed_in
def sign_out_page() -> Response:
    """Ask whether to leave: what a link does must change nothing."""
    return show("sign_in/sign_out.html", title="Sign out", back=own_first_link().href)


@sign_in.post("/sign-out")
@access.signed_in
def sign_out() -> Response:
    """End every session of whoever is signed in."""
    _services().access.sessions.end(visitor().token)
    return without_session(see_other("/start"))


@sign_in.post("/hide")
@access.signed_in
def hide() -> Response:
    """End the session on the server and show a page that says nothing; what was typed is kept."""
    keep_typed(request.form.get(TYPED_AT, ""))
    return hidden()


@sign_in.post("/over")
@access.signed_in
def over() -> Response:
    """Keep what stood on a page whose time ran out, and end no session that goes on elsewhere.

    Where it has ended too, what is kept is said on the page that leads to signing in.
    """
    keep_typed(request.form.get(TYPED_AT, ""))
    return see_other(TYPED_PAGE)


@sign_in.get("/welcome")
@access.public
def invited_page() -> Response:
    """Ask for a one-time code that was told or printed."""
    return show("sign_in/invited.html", title="Your one-time code", back="/start")


@sign_in.post("/welcome")
@access.public
def invited() -> Response:
    """Lead to what a one-time code opens."""
    code = request.form.get("secret", "").strip()
    if not _CODE.fullmatch(code):
        problem = Problem(field="secret", message="Enter your one-time code")
        return show(
            "sign_in/invited.html", title="Your one-time code", back="/start", problems=[problem]
        )
    return see_other(f"/welcome/{code}")


@sign_in.get("/welcome/<secret>")
@access.public
def welcome_page(secret: str) -> Response:
    """Show what a one-time link opens; looking at it does not use it up."""
    return _welcome_page(secret)


@sign_in.post("/welcome/<secret>")
@access.public
def open_account(secret: str) -> Response:
    """Open an account with a password and an app; the link counts no more."""
    password, code = request.form.get("password", ""), request.form.get("code", "")
    problems = [*_faults_of_new(password, request.form.get("again", ""), code)]
    if problems:
        return _welcome_page(secret, problems)
    try:
        token = _services().access.accounts.open(secret, password, code)
    except WeakPasswordError as error:
        return _welcome_page(secret, [Problem(field="password", message=str(error))])
    except SignInRefusedError:
        count_failure()
        return _welcome_page(secret, [Problem(field="code", message=_CODE_REFUSED)])
    except InvitationSpentError:
        return _spent()
    return go_on(token, "")


def _faults_of_new(password: str, again: str, code: str) -> Iterator[Problem]:
    if not password:
        yield Problem(field="password", message="Enter a password")
    elif password != again:
        yield Problem(field="again", message="Enter the same password twice")
    if not code.strip():
        yield Problem(field="code", message=_NEEDED["code"])


def go_on(token: str, to: str) -> Response:
    """Lead on whoever has just signed in: to choose a role where they have several."""
    session = _services().access.sessions.of(token)
    after = asked_for(to)
    if session.caller is None:
        return with_session(see_other(leading_to("/role", after) if after else "/role"), token)
    return with_session(see_other(first_page_of(session.caller.role, after)), token)


def _sign_in_page(
    *, to: str, address: str = "", problems: list[Problem] | None = None
) -> Response:
    return show(
        "sign_in/sign_in.html",
        title="Sign in",
        back="/start",
        to=asked_for(to),
        address=address,
        has_elsewhere=_services().access.elsewhere is not None,
        problems=problems or [],
    )


def _role_page(*, to: str, problems: list[Problem] | None = None) -> Response:
    services = _services()
    roles = services.access.sessions.roles(visitor().token)
    names = {agency.id: agency.name for agency in services.directory.entries().agencies}
    items = [_role_item(held, names.get(held.agency, held.agency)) for held in roles]
    return show(
        "sign_in/role.html",
        title="Who are you acting for?",
        to=asked_for(to),
        items=items,
        problems=problems or [],
    )


def _role_item(held: RoleHolding, body: str) -> dict[str, str]:
    return {"value": held.id, "text": f"{title_of(held.role)}, {body}"}


def _code_page(*, to: str, back: str, problems: list[Problem] | None = None) -> Response:
    return show(
        "sign_in/code.html",
        title="Your code",
        # Without a code the page that asks for one leads here again, and not back.
        back=asked_for(back) or address_after(to),
        to=address_after(to),
        has_passkey=bool(_services().access.passkeys.listed(visitor().token)),
        problems=problems or [],
    )


def _welcome_page(secret: str, problems: list[Problem] | None = None) -> Response:
    try:
        welcome = _services().access.accounts.welcome(secret)
    except InvitationSpentError:
        return _spent()
    spelled = " ".join(
        welcome.app_secret[at : at + 4] for at in range(0, len(welcome.app_secret), 4)
    )
    return show(
        "sign_in/welcome.html",
        title="Make your account",
        welcome=welcome,
        spelled=spelled,
        problems=problems or [],
    )


def _spent() -> Response:
    """Say that a link counts no more; who tries many is guessing."""
    count_failure()
    return show("sign_in/spent.html", title="This link has been used")


def _services() -> Services:
    return current_site().services
