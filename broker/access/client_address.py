"""From where a call comes, by what a peer says and whether it may say it."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address


def address_of(peer: str, header: str | None, sent: Callable[[str], Sequence[str]]) -> str:
    """Return the client's address: the peer's, or what a proxy of this host names.

    `header` is the one that the operator named, None for none; `sent` returns what was sent in a
    header. It counts once and from this host alone: anybody can send one.

    >>> sent = {"X-Real-IP": ["192.0.2.7"]}.get
    >>> [address_of(peer, "X-Real-IP", sent) for peer in ("127.0.0.1", "192.0.2.9")]
    ['192.0.2.7', '192.0.2.9']
    """
    named = () if header is None else sent(header)
    if not is_loopback(peer) or len(named) != 1:
        return peer
    return named[0].strip()


def is_loopback(address: str) -> bool:
    """Say whether an address is this host's own; what is no address is not."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
