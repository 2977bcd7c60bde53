"""Faults that only an HTTP request can have."""

from broker.domain.errors import BrokerError


class KeyMissingError(BrokerError):
    """Raised when a creating call bears no Idempotency-Key."""

    def __init__(self) -> None:
        """Say what to send."""
        super().__init__(
            "Send the header Idempotency-Key with 8 to 128 letters, digits, - or _ of your own "
            "choice, and the same again when you repeat the call."
        )


class RequestShapeError(BrokerError):
    """Raised when a request's media type or parts are not what the route takes."""


class QueryError(BrokerError):
    """Raised when a parameter in the address of a request is not what the route takes."""


class LengthMissingError(BrokerError):
    """Raised when a request does not say how long its body is."""

    def __init__(self) -> None:
        """Say what to send."""
        super().__init__("Send Content-Length; a body of unknown length is not read.")


class RequestTooLargeError(BrokerError):
    """Raised when a request is longer than any that could be sealed into a pack."""

    def __init__(self) -> None:
        """Say what fits."""
        super().__init__(
            "The request is too long: a JSON document may have 1 MB, a request with attachments "
            "24 MB. Leave out what the recipient does not need."
        )
