"""From where a call comes: the peer, or whom a proxy of this host names in one header."""

from ipaddress import ip_address

from flask import request

from broker.api.services import current_services


def client_address() -> str:
    """Return the client's address: the peer's, or what a proxy of this host names in one header.

    A header counts only if the operator named it and the peer is this host: anybody can send one.
    """
    peer = request.remote_addr or ""
    header = current_services().settings.client_address_header
    if header is None or not is_loopback(peer):
        return peer
    named = request.headers.getlist(header)
    return named[0].strip() if len(named) == 1 else peer


def is_loopback(address: str) -> bool:
    """Say whether an address is this host's own; what is no address is not."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
