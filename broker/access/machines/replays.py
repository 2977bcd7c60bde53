"""Each proof counts once: which were used, told by whoever keeps them for all gateways."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from broker.domain.times import Clock
from keys import IndexKey, TokenFault, TokenRefusedError


class ProofStore(Protocol):
    """Where the marks of used proofs stand."""

    def use(self, mark: str, until: float, now: float) -> bool:
        """Say whether a mark is used for the first time; it is kept until then."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Replays:
    """Knows what was used; `digest` makes the marks, so that no file tells who called."""

    store: ProofStore
    digest: IndexKey
    clock: Clock

    def use(self, kind: str, whose: str, serial: str, until: datetime) -> None:
        """Return for the first use of a serial that counts `until` then.

        Raises `TokenRefusedError` for any other, `ReplaysUnavailableError`.
        """
        mark = self.digest.digest(f"proof|{kind}|{whose}|{serial}".encode()).hex()
        if not self.store.use(mark, until.timestamp(), self.clock().timestamp()):
            raise TokenRefusedError(TokenFault.REPLAY)
