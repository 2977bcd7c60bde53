"""Who may call what: the table says so, and a route without a row is refused to everybody."""

from flask import g, request

from broker.access.client_address import is_loopback
from broker.access.table import who_may
from broker.access.tokens import refuse_other_role
from broker.api.client_address import client_address
from broker.api.services import current_services
from broker.domain.errors import NotAllowedError
from broker.domain.model import Person
from keys import TokenFault, TokenRefusedError

_BEARER, _DPOP = "bearer", "dpop"


def check() -> None:
    """Before a request: verify the token and the role that the table asks for.

    Bearer tokens are made on the host for the host: from elsewhere none is accepted. A machine's
    comes with a proof, from anywhere.
    Raises `TokenRefusedError` or `NotAllowedError`.
    """
    if request.url_rule is None:
        return
    method = "GET" if request.method == "HEAD" else request.method
    row = who_may(f"{method} {request.url_rule.rule}")
    if row.freely is not None:
        if row.on_host:
            raise NotAllowedError("This is done on the host.")
        return
    scheme, token = _credentials()
    if scheme == _DPOP:
        g.person = current_services().access.machines.access.caller(
            token, _proof(), method=request.method, path=request.path
        )
        refuse_other_role(g.person, row.roles)
        return
    if not is_loopback(client_address()):
        raise TokenRefusedError(TokenFault.HOLDER)
    g.person = current_services().tokens.require(token, row.roles)


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


def _credentials() -> tuple[str, str]:
    """Return the scheme, in small letters, and the token of the one header that bears one."""
    headers = request.headers.getlist("Authorization")
    scheme, space, token = headers[0].partition(" ") if len(headers) == 1 else ("", "", "")
    # The name of a scheme is compared whatever its letters (RFC 7235 section 2.1).
    if not space or scheme.lower() not in {_BEARER, _DPOP}:
        raise TokenRefusedError(TokenFault.FORM)
    return scheme.lower(), token


def _proof() -> str:
    proofs = request.headers.getlist("DPoP")
    if len(proofs) != 1:
        raise TokenRefusedError(TokenFault.FORM)
    return proofs[0]
