"""Each sign-in and step-up is a line of the log: by which means, and whether it was let in.

Who tried it stands in no line: an address that was typed may be a password.
"""

from collections.abc import Generator
from contextlib import contextmanager

import structlog

from broker.domain.errors import BrokerError

_log = structlog.get_logger()


@contextmanager
def told(event: str, means: str) -> Generator[None]:
    """Log that what is done within went well, or that it was refused, and by which means."""
    try:
        yield
    except BrokerError:
        _log.warning(event, outcome="refused", step=means)
        raise
    _log.info(event, outcome="done", step=means)
