"""A call that comes twice is done once: by its idempotency key, or by what it says."""

import secrets
from dataclasses import dataclass

from audit.log.known import REF
from broker.disclosures.step_keys import reference_by_key
from broker.domain.errors import KeyReusedError, LedgerDisagreesError
from broker.domain.model import Disclosure, Person, SubmissionKey
from broker.domain.references import Prefix, Reference, new_reference
from broker.domain.states import State
from broker.storage.rows.said import said_of
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, IndexKey

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


def answered_before(
    tx: Transaction, used: SubmissionKey, person: Person, sender: AgencyId | None = None
) -> Reference | None:
    """Return the disclosure of a call made with this key before; raises `KeyReusedError`.

    It is of the caller's own body, or of the `sender` whose question the call is about.
    """
    before = tx.submission_keys.submitted_with(person, used.key)
    if before is None:
        return None
    if not secrets.compare_digest(before.body, used.body):
        raise KeyReusedError
    # A key that somebody bound to another disclosure would swallow this one unseen.
    said = said_of(tx.about(before.reference)).received.get("sender")
    if not before.is_ours or said != (sender or person.agency):
        raise LedgerDisagreesError("that it was submitted before")
    return before.reference


def reference_of(
    tx: Transaction, used: SubmissionKey | None, person: Person, idempotency: IndexKey
) -> Reference:
    """Return the reference of a new disclosure, which the key of the call that makes it gives.

    The same call leads to the same one, so it is not done twice where the row that says so was
    taken away: raises `LedgerDisagreesError`.
    """
    if used is None:
        return new_reference()
    reference = reference_by_key(idempotency, used.key, person, Prefix.DISCLOSURE)
    # Where another gateway was faster, its row is there by now and the constraint answers.
    if tx.about(reference) and tx.submission_keys.submitted_with(person, used.key) is None:
        raise LedgerDisagreesError("that it was submitted before")
    return reference


def adopt_earlier_keys(transaction: Transactions) -> int:
    """Let the keys of an earlier release count that the ledger does not contradict; count them.

    Only while tables are brought to a newer release: what is unmarked later, somebody put in.
    """
    with transaction() as tx:
        agreed = [
            row
            for row in tx.submission_keys.unmarked()
            if said_of(tx.known().about(REF, row["reference"])).received.get("sender")
            == row["agency"]
        ]
        for row in agreed:
            tx.submission_keys.adopt_earlier(row)
    return len(agreed)


def done_before(
    tx: Transaction, used: SubmissionKey | None, person: Person, disclosure: Disclosure
) -> bool:
    """Say whether this call about a disclosure was made before; else bind its key to it."""
    if used is None:
        return False
    if answered_before(tx, used, person, disclosure.sender) is not None:
        return True
    tx.submission_keys.remember(person, used, disclosure.reference)
    return False
