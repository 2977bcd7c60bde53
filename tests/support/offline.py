"""The commands of the program where there is no network: whatever asks for one is refused."""

import sys

from broker.cli import main

_ASKS = frozenset(
    {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
)


def offline() -> None:
    """Run a command; an attempt to reach anybody ends it with what was tried."""
    sys.addaudithook(_refuse)
    main()


def _refuse(event: str, _: tuple[object, ...]) -> None:
    if event in _ASKS:
        raise RuntimeError(event)
