"""The token endpoint (RFC 6749, RFC 7523, RFC 9449), and what says how it is used (RFC 8414)."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, jsonify, request

from broker.access.machines.grants import HoldingUnprovedError, ScopeRefusedError, TokenRequest
from broker.access.machines.origins import TOKEN_PATH
from broker.api import limiting, problems
from broker.api.errors import GrantTypeError, TokenFormError
from broker.api.services import current_services
from broker.domain.machines.clients import MACHINE_ROLES
from keys import Algorithm, TokenFault, TokenRefusedError

oauth = Blueprint("oauth", __name__)

GRANT: Final = "client_credentials"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_TAKEN: Final = frozenset(
    {"grant_type", "client_assertion_type", "client_assertion", "client_id", "scope", "person"}
)
_ERRORS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (TokenRefusedError, "invalid_client"),
    (HoldingUnprovedError, "invalid_dpop_proof"),
    (ScopeRefusedError, "invalid_scope"),
    (GrantTypeError, "unsupported_grant_type"),
    (TokenFormError, "invalid_request"),
)
"""What OAuth calls each error; the problem document says what to do."""


@oauth.post(TOKEN_PATH)
def token() -> Response:
    """Give a client that shows who it is an access token of five minutes."""
    try:
        asked = _asked()
        # Whoever fails is counted by this name; nobody is let in or kept out by it.
        limiting.fails_as(asked.names)
        granted = current_services().access.machines.access.grant(asked)
    except (
        TokenRefusedError,
        HoldingUnprovedError,
        ScopeRefusedError,
        GrantTypeError,
        TokenFormError,
    ) as error:
        return _refused(error)
    return jsonify(
        {
            "access_token": granted.token,
            "token_type": "DPoP",
            "expires_in": granted.seconds,
            "scope": granted.role.value,
        }
    )


@oauth.get("/.well-known/oauth-authorization-server")
def metadata() -> Response:
    """Say where tokens are given, and by which algorithms a client may sign."""
    origins = current_services().access.machines.access.origins
    algorithms = [algorithm.value for algorithm in Algorithm]
    return jsonify(
        {
            "issuer": origins.issuer,
            "token_endpoint": f"{origins.issuer}{TOKEN_PATH}",
            "grant_types_supported": [GRANT],
            "response_types_supported": [],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": algorithms,
            "dpop_signing_alg_values_supported": algorithms,
            "scopes_supported": sorted(role.value for role in MACHINE_ROLES),
            "service_documentation": f"{origins.issuer}/api/v1/openapi.json",
        }
    )


def _asked() -> TokenRequest:
    """Return what a request asks for; raises what the token endpoint refuses it with."""
    if request.mimetype != "application/x-www-form-urlencoded":
        raise TokenFormError
    form, proofs = request.form, request.headers.getlist("DPoP")
    if "client_secret" in form or "Authorization" in request.headers:
        # Whoever shows a secret is refused before anybody looks whether it is right.
        raise TokenRefusedError(TokenFault.FORM)
    if any(len(form.getlist(name)) > 1 for name in form) or not form.keys() <= _TAKEN:
        raise TokenFormError
    if "grant_type" not in form:
        raise TokenFormError
    if form["grant_type"] != GRANT:
        raise GrantTypeError
    if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
        raise TokenFormError
    if len(proofs) != 1:
        raise HoldingUnprovedError
    return TokenRequest(
        assertion=form["client_assertion"],
        proof=proofs[0],
        client=form.get("client_id"),
        scope=form.get("scope"),
        person=form.get("person"),
    )


def _refused(error: Exception) -> Response:
    """Return the problem document with OAuth's own word in it (RFC 6749 section 5.2)."""
    word = next(word for kind, word in _ERRORS if isinstance(error, kind))
    response = problems.answer(error, error=word)
    # Clients of OAuth look for JSON by this name.
    response.mimetype = "application/json"
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'DPoP error="invalid_client"'
    return response
