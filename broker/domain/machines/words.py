"""Words that a machine is sent: that something happened to a reference, and nothing about anybody.

The form and the signature are those of Standard Webhooks, version 1.

>>> word = Word(id="018f", type="sent", at="2026-03-16T12:00:00Z", reference="PRV-7Q4K-M2XH")
>>> word.body()
b'{"type":"sent","timestamp":"2026-03-16T12:00:00Z","data":{"reference":"PRV-7Q4K-M2XH"}}'
>>> signed_headers(word, bytes(32), 1773662400)["webhook-signature"]
'v1,ucKwZ2tp7pgOsjYp7hCt/9RR0r5cEFTlBQ9yt8XZDP4='
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from broker.domain.machines.clients import ClientId
from broker.domain.states import CAME
from keys import AgencyId, PersonId

FIRST_WAIT, LONGEST_WAIT = 5, 3600
"""How long a word that did not arrive waits before it is tried again, in seconds: doubled."""

OF_DISCLOSURES: Final = frozenset(
    {"decided", "asked", "sent", "delivered", "rejected", "acknowledged", "recalled"}
)
"""What the body that sends is told of a disclosure, in the words of the ledger."""

OF_RECEIVED: Final = CAME | {"acknowledged", "recalled"}
"""What the body that receives is told of one."""

TO_ASKERS: Final = frozenset(
    {"request.returned", "request.extended", "request.answered", "request.escalated"}
)
TO_THE_ASKED: Final = frozenset(
    {"request.extended", "request.withdrawn", "request.escalated", "request.closed"}
)
"""What the two bodies of a copy of a request are told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where a client is sent word; `version` counts the secrets that it was given."""

    client: ClientId
    agency: AgencyId
    url: str
    version: int
    set_by: PersonId
    ended_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Up to where a client was sent word, and when it is tried again after so many failures.

    `next_seq` is the number of the first entry that was not told yet.
    """

    client: ClientId
    next_seq: int
    failures: int
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One thing that happened; `id` is its entry's own, the same however often it is sent."""

    id: str
    type: str
    at: str
    reference: str
    copy: int | None = None

    def body(self) -> bytes:
        """Return what is sent."""
        copy = {} if self.copy is None else {"copy": self.copy}
        data = {"reference": self.reference, **copy}
        said = {"type": self.type, "timestamp": self.at, "data": data}
        return json.dumps(said, separators=(",", ":")).encode("ascii")


def signed_headers(word: Word, secret: bytes, moment: int) -> Mapping[str, str]:
    """Return the headers by which a receiver knows a word for ours, sent at a moment."""
    signed = f"{word.id}.{moment}.".encode("ascii") + word.body()
    signature = base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode("ascii")
    return {
        "content-type": "application/json",
        "webhook-id": word.id,
        "webhook-timestamp": str(moment),
        "webhook-signature": f"v1,{signature}",
    }


A_DAY_OF_FAILURES: Final = 32
"""So many in a row take more than a day, with the waits between them."""


def wait_after(failures: int) -> int:
    """Return how many seconds a word waits after so many failures in a row.

    >>> [wait_after(number) for number in (1, 2, 3, 99)]
    [5, 10, 20, 3600]
    """
    return int(min(FIRST_WAIT * 2 ** min(failures - 1, 20), LONGEST_WAIT))
