"""What every request must be before anything else is looked at: for us, whole, and as it is."""

from flask import request

from broker.api.errors import EncodedBodyError, OldProtocolError, WrongHostError
from broker.api.services import current_services
from broker.settings import LOOPBACK_NAMES, host_name


def check_edge() -> None:
    """Before a request: refuse other hosts' names, HTTP/1.0, and bodies in another encoding.

    A page of another site that has its own name point here (DNS rebinding) speaks with that name.
    Raises `WrongHostError`, `OldProtocolError`, `EncodedBodyError`.
    """
    if request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        raise OldProtocolError
    if host_name(request.environ.get("HTTP_HOST", "")) not in _names():
        raise WrongHostError
    if request.headers.get("Content-Encoding", "identity").casefold() != "identity":
        raise EncodedBodyError


def _names() -> frozenset[str]:
    return LOOPBACK_NAMES.union(current_services().settings.hosts)
