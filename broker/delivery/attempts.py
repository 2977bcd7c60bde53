"""One attempt to hand a message over: what came of it, when the next is made, and the last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from audit.format.entry import Entry
from broker.delivery.courier import Courier
from broker.delivery.message import Envelope
from broker.domain.errors import (
    DeferredError,
    DeliveryError,
    RejectedError,
    TlsRefusedError,
    UnknownFateError,
)
from broker.domain.states import State
from broker.domain.times import moment_of

FIRST_RETRY: Final = timedelta(seconds=1)
LAST_RETRY: Final = timedelta(hours=1)
"""Retries start a second apart and double, up to an hour."""

GIVEN_UP_AFTER: Final = timedelta(hours=24)
"""For how long a message is tried by itself; then a person decides."""

LEADS_TO: Final[Mapping[str, State]] = {
    "sent": State.SENT,
    "deferred": State.DEFERRED,
    "refused-tls": State.DEFERRED,
    "rejected": State.REJECTED,
    "gave-up": State.REJECTED,
    "unknown": State.UNKNOWN,
}
"""Where a disclosure stands after what is recorded of an attempt."""

_FAILED: Final = frozenset({"deferred", "refused-tls"})
_BEGINS: Final = frozenset({"sealed", "resend.asked"})
_WORDS: Final[Mapping[type[DeliveryError], str]] = {
    TlsRefusedError: "refused-tls",
    DeferredError: "deferred",
    RejectedError: "rejected",
    UnknownFateError: "unknown",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of an attempt, in the ledger's word; `code` is the number of a server's reply."""

    word: str
    tls: str | None = None
    code: int | None = None

    @property
    def leads_to(self) -> State:
        """Where the disclosure stands then."""
        return LEADS_TO[self.word]

    @property
    def may_succeed_later(self) -> bool:
        """Say whether the same bytes are worth another attempt."""
        return self.word in _FAILED


UNKNOWN: Final = Attempt(word="unknown")


def attempt_by(courier: Courier, envelope: Envelope, message: bytes) -> Attempt:
    """Hand a message over, with no transaction open, and return what came of it."""
    try:
        acceptance = courier.deliver(envelope, message)
    except DeliveryError as error:
        word = next(said for kind, said in _WORDS.items() if isinstance(error, kind))
        return Attempt(word=word, code=error.reply)
    return Attempt(word="sent", tls=acceptance.tls, code=acceptance.code)


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts that failed.

    >>> str(wait_after(0)), str(wait_after(3)), str(wait_after(40))
    ('0:00:01', '0:00:08', '1:00:00')
    """
    doubled: timedelta = FIRST_RETRY * (1 << min(attempts, 12))
    return min(doubled, LAST_RETRY)


def is_given_up(entries: Iterable[Entry], now: datetime) -> bool:
    """Say whether attempts have failed for a day, by what the ledger says of a disclosure."""
    failing: datetime | None = None
    for entry in entries:
        if entry.type in _BEGINS:
            failing = None
        elif entry.type in _FAILED and failing is None:
            failing = moment_of(entry.moment)
    return failing is not None and now - failing >= GIVEN_UP_AFTER
