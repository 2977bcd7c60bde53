"""From where a call of the API comes."""

from flask import request

from broker.access.client_address import address_of
from broker.api.services import current_services


def client_address() -> str:
    """Return the client's address: the peer's, or what a proxy of this host names in one header.

    A header counts only if the operator named it and the peer is this host.
    """
    header = current_services().settings.client_address_header
    return address_of(request.remote_addr or "", header, request.headers.getlist)
