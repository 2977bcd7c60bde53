"""Who may call what: every route says so, and a route that does not is refused to everybody."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import current_app, g, request

from broker.api.services import current_services
from broker.domain.errors import NotAllowedError
from broker.domain.model import Person
from broker.domain.roles import Role
from keys import TokenFault, TokenRefusedError

P = ParamSpec("P")
R = TypeVar("R")

LEDGER_READERS = (
    Role.PRACTITIONER,
    Role.GUARDIAN,
    Role.AUDITOR,
    Role.POLICE,
    Role.POLICE_LEAD,
    Role.ADULTS_LEAD,
    Role.FAMILIES_LEAD,
)
"""Those of a body that sends or receives, and who looks on."""

_ROLES: dict[object, frozenset[Role]] = {}
_BEARER = "bearer"


def requires(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only people with one of `roles` call the route."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        _ROLES[view] = frozenset(roles)
        return view

    return declare


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Let anybody call the route; it must tell nothing about a disclosure."""
    _ROLES[view] = frozenset()
    return view


def declared(view: object) -> frozenset[Role] | None:
    """Return the roles of a view, an empty set for a public one, None for an undeclared one."""
    return _ROLES.get(view)


def check() -> None:
    """Before a request: verify the token and the role that the route asks for.

    Raises `TokenRefusedError` or `NotAllowedError`.
    """
    if request.endpoint is None:
        return
    roles = declared(current_app.view_functions[request.endpoint])
    if roles is None:
        raise NotAllowedError("This route is closed.")
    if not roles:
        return
    g.person = current_services().tokens.require(_token(), roles)


def caller() -> Person | None:
    """Return whose token this call bears, or None where none was accepted."""
    known: Person | None = g.get("person")
    return known


def person() -> Person:
    """Return who is calling; only inside a route that requires a role."""
    caller: Person = g.person
    return caller


def identified() -> str | None:
    """Return the opaque identifier of who is calling, None where nobody showed who they are."""
    caller: Person | None = g.get("person")
    return None if caller is None else caller.id


def _token() -> str:
    headers = request.headers.getlist("Authorization")
    scheme, space, token = headers[0].partition(" ") if len(headers) == 1 else ("", "", "")
    # The name of a scheme is compared whatever its letters (RFC 7235 section 2.1).
    if not space or scheme.lower() != _BEARER:
        raise TokenRefusedError(TokenFault.FORM)
    return token
