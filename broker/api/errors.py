"""Faults that only an HTTP request can have."""

from audit.format.plurals import counted
from broker.domain.errors import BrokerError


class KeyMissingError(BrokerError):
    """Raised when a creating call bears no Idempotency-Key."""

    def __init__(self) -> None:
        """Say what to send."""
        super().__init__(
            "Send the header Idempotency-Key with 8 to 128 letters, digits, - or _ of your own "
            "choice, and the same again when you repeat the call."
        )


class TokenFormError(BrokerError):
    """Raised when a request for a token is not the form that it must be."""

    def __init__(self) -> None:
        """Say what it takes."""
        super().__init__(
            "Send application/x-www-form-urlencoded with grant_type, client_assertion_type and "
            "client_assertion, each once; scope and person may stand there, and nothing else."
        )


class GrantTypeError(BrokerError):
    """Raised when a token is asked for by another grant than that of machines."""

    def __init__(self) -> None:
        """Say which one there is."""
        super().__init__("There is one grant here: client_credentials.")


class RequestShapeError(BrokerError):
    """Raised when a request's media type or parts are not what the route takes."""


class QueryError(BrokerError):
    """Raised when a parameter in the address of a request is not what the route takes."""


class LengthMissingError(BrokerError):
    """Raised when a request does not say how long its body is."""

    def __init__(self) -> None:
        """Say what to send."""
        super().__init__("Send Content-Length; a body of unknown length is not read.")


class WrongHostError(BrokerError):
    """Raised when a request names another host than those that are served."""

    def __init__(self) -> None:
        """Say which names are served."""
        super().__init__(
            "The broker is not served under this name. Use the name that your operator gave you; "
            "the operator lists it in BROKER_HOSTS."
        )


class OldProtocolError(BrokerError):
    """Raised when a request speaks HTTP/1.0."""

    def __init__(self) -> None:
        """Say what to speak."""
        super().__init__("Speak HTTP/1.1 (in nginx: proxy_http_version 1.1).")


class EncodedBodyError(BrokerError):
    """Raised when a body is compressed or otherwise encoded: it would be read as it came."""

    def __init__(self) -> None:
        """Say how to send it."""
        super().__init__("Send the body as it is, without Content-Encoding.")


class TooManyCallsError(BrokerError):
    """Raised when somebody's failures and creating calls of the last hour reached their limit."""

    def __init__(self, seconds: int) -> None:
        """Say how long to wait, and what never waits."""
        self.retry_after = seconds
        super().__init__(
            "Too many calls of yours failed or created something within an hour. Wait "
            f"{counted(seconds, 'second')}, then send the same again with the same "
            "Idempotency-Key. An emergency never waits for this: send its pack at once with a "
            "token that counts, and ring 999."
        )


class RequestTooLargeError(BrokerError):
    """Raised when a request is longer than any that could be sealed into a pack."""

    def __init__(self) -> None:
        """Say what fits."""
        super().__init__(
            "The request is too long: a JSON document may have 1 MB, a request with attachments "
            "24 MB. Leave out what the recipient does not need."
        )
