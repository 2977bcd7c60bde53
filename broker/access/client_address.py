"""From where a call comes, by what a peer says and whether it may say it."""

from collections.abc import Sequence
from ipaddress import ip_address


def address_of(peer: str, named: Sequence[str]) -> str:
    """Return the client's address: the peer's, or what a proxy of this host names.

    `named` is what the header says that the operator named, none where they named none. It counts
    once and from this host alone: anybody can send one.

    >>> address_of("127.0.0.1", ["192.0.2.7"]), address_of("192.0.2.9", ["192.0.2.7"])
    ('192.0.2.7', '192.0.2.9')
    """
    if not is_loopback(peer) or len(named) != 1:
        return peer
    return named[0].strip()


def is_loopback(address: str) -> bool:
    """Say whether an address is this host's own; what is no address is not."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
