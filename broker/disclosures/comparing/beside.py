"""Columns that no entry says in clear, compared by what the case file of each disclosure holds.

By when a Guardian answers, and what makes two requests the same. `broker ledger verify` names them
with what it compares with entries alone.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from hmac import compare_digest
from typing import Final

from broker.disclosures.judge import sameness_of
from broker.domain.deadlines import answer_due
from broker.domain.errors import RowDisagreesError
from broker.domain.model import Disclosure
from broker.domain.states import WAITING_FOR_A_GUARDIAN
from broker.domain.times import moment_of, uk_day
from broker.ledger.own_log import RowComparison
from broker.rulebooks.in_force import RulesInForce
from broker.storage.rows.compared import WRITTEN_WITHIN
from broker.storage.transaction import Transaction
from keys import (
    CannotOpenError,
    IndexKey,
    IndexPurpose,
    KeyErasedError,
    Keystore,
    UnknownKeyError,
)

_COUNTS_FROM: Final = frozenset({"received", "asked", "replied"})
_UNREADABLE: Final = (CannotOpenError, KeyErasedError, UnknownKeyError, KeyError)
"""What is named by itself, or is no more."""


def comparisons_of(keystore: Keystore, rules: RulesInForce) -> tuple[RowComparison, ...]:
    """Return what an installation compares beside its ledger."""
    key = keystore.index_key(IndexPurpose.FINGERPRINT)
    return (rules.differing, days_put_off, partial(other_requests, key=key))


def days_put_off(tx: Transaction) -> Iterator[str]:
    """Yield what waits for a Guardian by another day than its pack asks."""
    for row in tx.agreeing(tx.store.standing_at(WAITING_FOR_A_GUARDIAN)):
        with suppress(*_UNREADABLE):
            if not _is_due(tx, row):
                yield f"disclosure/{row.reference}"


def other_requests(tx: Transaction, key: IndexKey) -> Iterator[str]:
    """Yield what was refused by the rules in force and bears the digest of another request.

    `key` makes the digests. By other rules a request is another one in any case.
    """
    try:
        activation = tx.activations.newest()
    except RowDisagreesError:
        return  # it is named by itself
    version = "" if activation is None else activation.version
    for row, kept in tx.store.refused_under(version):
        with suppress(*_UNREADABLE):
            if kept is None or not compare_digest(kept, _sameness(tx, row, key)):
                yield f"disclosure/{row.reference}"


def _is_due(tx: Transaction, row: Disclosure) -> bool:
    since = [one.moment for one in tx.about(row.reference) if one.type in _COUNTS_FROM]
    recorded, questions = moment_of(since[-1]), tx.case_file(row).pack().questions
    days = {uk_day(recorded), uk_day(recorded - WRITTEN_WITHIN)}
    return row.due_on in {answer_due(questions, day) for day in days}


def _sameness(tx: Transaction, row: Disclosure, key: IndexKey) -> bytes:
    """Return the digest of what was submitted: what replies settled since made no other of it."""
    file = tx.case_file(row)
    return key.digest(sameness_of(row.rulebook, file.facts(1), file.submitted()))
