"""Who asks for a page: nobody known, or somebody who has signed in."""

import re
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, current_app, g, request

from broker.domain.errors import NotAllowedError
from broker.domain.model import Person
from broker.domain.people.errors import NotSignedInError
from broker.domain.roles import Role
from broker.web import access, cookies, csrf
from broker.web.access import Door
from broker.web.forms.late import PRESSED, LateForm
from broker.web.menu import WRITERS_PAGE, Link, first_link_of
from broker.web.site import as_page, current_site, see_other

_ADDRESS = re.compile(r"(?:/[A-Za-z0-9_-]+)+")
_FILTER = r"[a-z-]+=[A-Za-z0-9_.-]*"
_NARROWED = re.compile(rf"{_ADDRESS.pattern}(?:\?{_FILTER}(?:&{_FILTER})*)?")
_VISIT_BYTES = 32
FIRST_PAGE = WRITERS_PAGE
"""Where somebody goes on of whom nobody knows more."""

TYPED_AT = "_typed_at"
"""The field that says to which address a form would have gone, where its page is hidden."""

CHOICE = "_choice"
"""The field that says of each button what it stands for: its code, a space, its words."""

TYPED_PAGE = "/typed"
"""Where somebody sees what they sent when they were signed out already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who has signed in: the token in their cookie, and as whom they act."""

    token: str
    caller: Person | None

    @property
    def person(self) -> Person:
        """As whom they act; only on a page that asks for a role."""
        if self.caller is None:
            raise NotSignedInError
        return self.caller


def check() -> Response | None:
    """Before a page: let in whom it lets in, and lead everybody else to signing in.

    Raises `NotAllowedError` for another role, and for a page that says nothing of who may see it;
    `StalePageError` for a form that comes from elsewhere.
    """
    if request.endpoint is None:
        return None
    door = access.declared(current_app.view_functions[request.endpoint])
    if door is None:
        raise NotAllowedError("This page is closed.")
    if door.session:
        return _check_session(door)
    if request.method == "POST":
        names = cookies.names_at(request.host)
        csrf.check_form(request, request.cookies.get(names.visit, ""))
    return None


def visitor() -> Visitor:
    """Return who is signed in; only inside a page that asks for a session."""
    found: Visitor = g.visitor
    return found


def form_token() -> str:
    """Return the token for the forms of the page that is being shown."""
    if "visitor" in g:
        return csrf.token_for(visitor().token)
    return csrf.token_for(_visit())


def with_visit(response: Response) -> Response:
    """Have the browser keep the visit to which the forms of a page belong."""
    names = cookies.names_at(request.host)
    if request.cookies.get(names.visit) != _visit():
        cookies.give(response, names.visit, _visit(), secure=names.secure)
    return response


def with_session(response: Response, token: str) -> Response:
    """Have the browser keep a session, under its newest token."""
    names = cookies.names_at(request.host)
    cookies.give(response, names.session, token, secure=names.secure)
    return response


def without_session(response: Response) -> Response:
    """Have the browser forget its session."""
    names = cookies.names_at(request.host)
    cookies.take_back(response, names.session, secure=names.secure)
    return response


def visit_of_browser() -> str:
    """Return the random name of this browser's visit, nothing where it sent none."""
    return request.cookies.get(cookies.names_at(request.host).visit, "")


def asked_for(text: str) -> str:
    """Return the address of ours, at most with filters, that somebody asked for; "" of none.

    A filter holds a code, a day, a reference: never what could be words or another address.
    """
    return text if _NARROWED.fullmatch(text) else ""


def address_after(text: str) -> str:
    """Return where to go on: an address of ours, at most with filters; else the first page.

    >>> address_after("/ledger?kind=decided"), address_after("//elsewhere.example")
    ('/ledger?kind=decided', '/referrals')
    """
    return asked_for(text) or FIRST_PAGE


def own_first_link() -> Link:
    """Return the link at which the work of whoever asks begins, of a writer where nobody is."""
    caller = visitor().caller if "visitor" in g else None
    return first_link_of(Role.PRACTITIONER if caller is None else caller.role)


def leading_to(page: str, after: str) -> str:
    """Return the address of a page of ours that leads on to another one.

    >>> leading_to("/code", "/ledger?kind=decided&act=lead")
    '/code?to=/ledger%3Fkind%3Ddecided%26act%3Dlead'
    """
    return f"{page}?to={quote(after)}"


def asked_address() -> str:
    """Return the address that is asked for, with its filters where it has no other parameters."""
    full = request.full_path.removesuffix("?")
    return full if _NARROWED.fullmatch(full) else address_after(request.path)


def _visit() -> str:
    """Return the random name of this visit before anybody signs in."""
    if "visit" not in g:
        names = cookies.names_at(request.host)
        g.visit = request.cookies.get(names.visit) or secrets.token_urlsafe(_VISIT_BYTES)
    name: str = g.visit
    return name


def _check_session(door: Door) -> Response | None:
    site, names = current_site(), cookies.names_at(request.host)
    token = request.cookies.get(names.session, "")
    try:
        session = site.services.access.sessions.of(token)
    except NotSignedInError:
        return _sign_in_first(door, token)
    g.visitor = Visitor(token=token, caller=session.caller)
    if request.method == "POST":
        csrf.check_form(request, token)
    if not door.roles:
        return None
    if session.caller is None:
        return see_other(leading_to("/role", asked_address()))
    if session.caller.role not in door.roles:
        raise NotAllowedError("Your role may not do this. Ask the person whose task it is.")
    if request.method == "POST":
        site.late.sent(session.caller.id, request.path)
    return None


def _sign_in_first(door: Door, token: str) -> Response:
    """Lead to signing in; what is sent by somebody whose session has just ended is kept."""
    after = asked_address()
    if request.method in {"GET", "HEAD"}:
        return see_other(leading_to("/sign-in", after))
    waits = _keep(door, token)
    html = current_site().templates.page(
        "sign_in/ended.html",
        title="Sign in to go on",
        to=waits or after,
        is_kept=waits is not None,
        is_kept_for_an_hour=waits == TYPED_PAGE,
    )
    return without_session(as_page(html, HTTPStatus.UNAUTHORIZED))


def _keep(door: Door, token: str) -> str | None:
    """Keep what was sent too late; return the page on which it waits, None where it is not kept.

    A page that saves by itself keeps it there, any other for an hour; what is about an account or
    a session alone, such as a password, is kept nowhere.
    """
    site = current_site()
    keep = access.keeper_of(current_app.view_functions[request.endpoint or ""])
    owner = site.services.access.sessions.lately_of(token)
    # A page that was cleared says for which one it was typed, as one does that is hidden.
    cleared = request.form.get(TYPED_AT, "")
    if owner is None or not (door.roles or _ADDRESS.fullmatch(cleared)):
        return None
    csrf.check_form(request, token)
    if not door.roles:
        _keep_typed(owner, cleared)
        return TYPED_PAGE
    if keep is not None:
        keep(owner)
        return address_after(request.path)
    _keep_typed(owner, request.path)
    return TYPED_PAGE


def keep_typed(address: str) -> None:
    """Keep what was typed into the form that goes to an address of ours, if any, for an hour."""
    caller = visitor().caller
    if caller is not None and _ADDRESS.fullmatch(address):
        _keep_typed(caller, address)


def keep_words() -> None:
    """Keep what this page was sent with, where it holds words; as late forms are kept.

    What is about an account or a session alone, such as a password, is kept nowhere.
    """
    door = access.declared(current_app.view_functions[request.endpoint or ""])
    if request.method == "POST" and door is not None and door.roles and _late(request.path).words:
        keep_typed(request.path)


def _keep_typed(person: Person, address: str) -> None:
    current_site().late.keep(person.id, _late(address))


def _late(address: str) -> LateForm:
    """Return the form of this request as one that is kept for an address."""
    fields = [
        (name, typed)
        for name, typed in request.form.items(multi=True)
        # Sent again, it is to go on: what hid it was no answer.
        if name not in {"_csrf", TYPED_AT, CHOICE} and (name, typed) != (PRESSED, "hide")
    ]
    choices = [one.partition(" ") for one in request.form.getlist(CHOICE)]
    return LateForm(
        address=address,
        fields=fields,
        sent_at=current_site().services.clock(),
        choices=[(code, words) for code, _, words in choices],
    )
