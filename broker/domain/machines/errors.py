"""What can go wrong with machines, in words for the people who keep them."""

from broker.domain.errors import BrokerError


class UnknownClientError(BrokerError):
    """Raised where a body has no such client, or the client no such key."""

    def __init__(self) -> None:
        """Say where they are listed."""
        super().__init__("Your body has no such client or key. See: broker client list")


class ReplaysUnavailableError(BrokerError):
    """Raised when it cannot be told whether a proof was used before, so that none is accepted."""

    def __init__(self) -> None:
        """Say what to do; the operator reads it."""
        super().__init__(
            "No machine is let in now: what it proves cannot be remembered. Try again in a minute "
            "with a new proof and the same Idempotency-Key; people use the pages meanwhile. The "
            "operator looks at the disk, BROKER_HOME/proofs.db and, on PostgreSQL, seen_proof."
        )
