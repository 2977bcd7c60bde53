"""Faults that only a request for a page can have."""

from broker.domain.errors import BrokerError


class StalePageError(BrokerError):
    """Raised where what is sent does not come from a page that this session was given."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "You were given it before you signed in, or it came from another site. Go back: what "
            "you typed still stands there. Copy it, load the page again, put it in, and send it."
        )


class FilesTooLargeError(BrokerError):
    """Raised where the files of a draft together are more than one pack can carry."""

    def __init__(self) -> None:
        """Say what fits."""
        super().__init__(
            "The files are too large: together they may have 12 MB. Send only the parts that they "
            "need."
        )
