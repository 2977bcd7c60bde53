"""How passphrases end: by their day, by what was recorded of their disclosure, and with their key.

Each has a key of its own in the keystore. The row goes and the entry is made in one transaction;
the key follows the commit. A crash in between leaves a key, which `complete` destroys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from broker.domain.model import Disclosure
from broker.domain.states import State
from broker.domain.times import Clock, moment_of
from broker.ledger import events
from broker.storage.case_file import Part, passphrase_of
from broker.storage.transaction import Transaction, Transactions
from keys import CannotOpenError, UnknownKeyError

KEPT: Final = timedelta(days=14)
"""How long a passphrase is kept when nobody confirms the opening."""

_COUNTS_FROM: Final = frozenset({"sealed", "sent", "revealed"})
_ENDS: Final[Mapping[State, str]] = {
    State.ACKNOWLEDGED: "acknowledged",
    State.RECALLED: "recalled",
    State.EXPIRED: "expired",
    State.ERASED: "erased",
}

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passphrases:
    """Ends passphrases; every method opens its own transactions."""

    transaction: Transactions
    clock: Clock

    def destroy_expired(self) -> int:
        """Destroy those that nobody needed for 14 days, and return how many.

        The days count from what the ledger says of a disclosure; a row that brings its day
        forward destroys nothing.
        """
        now = self.clock()
        with self.transaction() as tx:
            unchanged = tx.store.unchanged_since((State.SENT, State.TOLD), now - KEPT)
            # A panel's pack was never sealed and has no words: it ends with its meeting.
            candidates = [one for one in unchanged if one.sealed_sha256 is not None]
            old = [one for one in tx.agreeing(candidates) if _is_over(tx, one, now - KEPT)]
            for disclosure in old:
                tx.case_file(disclosure).destroy_passphrase()
                tx.store.move(disclosure, State.EXPIRED, now)
            tx.append(*map(events.expired, old))
        return len(old)

    def complete(self) -> int:
        """Destroy each key that is left of a passphrase which the ledger says is over.

        Returns how many there were: after a crash one, after an older keystore was put back any
        number.
        """
        living = frozenset(self.transaction.keystore.fields())
        if not living:
            return 0
        with self.transaction() as tx:
            over = [
                passphrase_of(one)
                for one in tx.store.standing_at(_ENDS)
                if passphrase_of(one) in living and _is_ended(tx, one)
            ]
        self.transaction.destroy(over)
        return len(over)

    def give_keys(self) -> None:
        """Give a key of its own to each passphrase that an earlier release sealed, once.

        One that the ledger says is over gets none: somebody put its row back.
        """
        if not self.transaction.keystore.standing().fields_owed:
            return
        with self.transaction() as tx:
            for disclosure in tx.store.holding(Part.PASSPHRASE):
                if not _is_ended(tx, disclosure):
                    self._give_key(tx, disclosure)
        self.transaction.keystore.settle_fields()

    def _give_key(self, tx: Transaction, disclosure: Disclosure) -> None:
        try:
            tx.case_file(disclosure).give_passphrase_its_key(self.clock())
        except (CannotOpenError, UnknownKeyError) as error:
            # It could not be told before either; nothing else waits for it.
            _log.error(
                "passphrase-unreadable",
                reference=str(disclosure.reference),
                error=type(error).__name__,
            )


def _is_over(tx: Transaction, disclosure: Disclosure, moment: datetime) -> bool:
    """Say whether the ledger holds nothing about a disclosure since a moment, and that it left."""
    entries = tx.about(disclosure.reference)
    begun = [moment_of(one.moment) for one in entries if one.type in _COUNTS_FROM]
    is_due = bool(begun) and max(begun) <= moment
    if not is_due:
        _log.error("day-brought-forward", reference=str(disclosure.reference))
    return is_due


def _is_ended(tx: Transaction, disclosure: Disclosure) -> bool:
    entries = tx.about(disclosure.reference)
    return any(entry.type in _ENDS.values() for entry in entries)
