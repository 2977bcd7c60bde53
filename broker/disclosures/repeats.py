"""A call that comes twice is done once: by its idempotency key, or by what it says."""

import secrets
from dataclasses import dataclass

from broker.domain.errors import KeyReusedError, LedgerDisagreesError
from broker.domain.model import Disclosure, Person, SubmissionKey
from broker.domain.references import Reference
from broker.domain.states import State
from broker.storage.rows.said import said_of
from broker.storage.transaction import Transaction

OVER = frozenset({State.REFUSED, State.RECALLED, State.REJECTED, State.EXPIRED, State.ERASED})
"""Where a disclosure stands that neither waits nor went: the same pack may be submitted anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a submission led to: a new disclosure, the one of its key, or one of the same pack.

    `why` says in words why nothing new was made, None where something was.
    """

    reference: Reference
    why: str | None = None


SAME_KEY = "This was submitted before and is not sent twice. This is where it stands."
SAME_PACK = (
    "You submitted the same pack within the last 24 hours, and it waits or went already, so "
    "nothing more was sent. This is where it stands. To send it once more, write into the pack "
    'why: "again": "..." (broker refer --again).'
)


def answered_before(tx: Transaction, used: SubmissionKey, person: Person) -> Reference | None:
    """Return the disclosure of a call made with this key before; raises `KeyReusedError`."""
    before = tx.submission_keys.submitted_with(person, used.key)
    if before is None:
        return None
    body, reference = before
    if not secrets.compare_digest(body, used.body):
        raise KeyReusedError
    # A key that somebody bound to another's disclosure would swallow this one unseen.
    if said_of(tx.about(reference)).received.get("sender") != person.agency:
        raise LedgerDisagreesError("that it was submitted before")
    return reference


def done_before(
    tx: Transaction, used: SubmissionKey | None, person: Person, disclosure: Disclosure
) -> bool:
    """Say whether this call about a disclosure was made before; else bind its key to it."""
    if used is None:
        return False
    if answered_before(tx, used, person) is not None:
        return True
    tx.submission_keys.remember(person, used, disclosure.reference)
    return False
