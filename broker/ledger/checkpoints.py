"""Signed heads of the gateway's own ledger: kept outside the database, and held against it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from audit.errors import ForeignRowsError, LedgerError
from audit.format.notes.verifier_key import VerifierKey
from audit.log.checkpoint_store import CheckpointStore, KeptCheckpoint
from audit.log.foreign_rows import stand_behind
from broker.domain.errors import UnfinishedRestoreError
from broker.domain.model import Person
from broker.ledger.faults import LedgerFaults
from broker.ledger.names import names_until
from broker.ledger.signing_keys import SigningKeys
from broker.ledger.stores import Stores
from broker.settings import Home
from broker.storage.transaction import Transaction, Transactions
from keys import KeyId, KeystoreDamagedError, PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoints:
    """Keeps the ledger's signed heads; every method opens its own transaction.

    `restoring` is the file that a restore ceremony leaves until it is finished, `matched` the one
    that a restored backup leaves whose parts were copied together.
    """

    transaction: Transactions
    store: CheckpointStore
    signing_keys: SigningKeys
    faults: LedgerFaults
    restoring: Path
    matched: Path

    @property
    def stores(self) -> Stores:
        """What compares keystore, database and checkpoints."""
        return Stores(keystore=self.signing_keys.keystore, checkpoints=self.store)

    def keep(self) -> KeptCheckpoint:
        """Sign the ledger's head and keep it outside the database; raises as `check_growth`.

        The keystore is told of it first, so that an older one is known by it.
        """
        with self._noting(), self.transaction() as tx:
            self._refuse_older(tx)
            kept = self.store.keep(tx.ledger, self.stores.publish)
            tx.ledger.record_checkpoint(kept.checkpoint.size, kept.note)
        self.faults.signed()
        return kept

    def newest_age(self) -> float | None:
        """Return for how many seconds the newest signed head has lain there; None without one."""
        written = self.store.newest_written()
        if written is None:
            return None
        return round((self.signing_keys.clock() - written).total_seconds(), 1)

    def check_growth(self) -> None:
        """Before anything is appended: the three stores are of one time, and the ledger whole.

        Raises `OlderStoreError` where keystore, database or checkpoints are older than the rest,
        `RollbackError` with the evidence where another database is in place, `ForeignRowsError`,
        and `UnfinishedRestoreError` where a restore ceremony was cut short.
        """
        if self.restoring.exists():
            raise UnfinishedRestoreError
        with self._noting(), self.transaction() as tx:
            self._refuse_older(tx)
            self.store.check(tx.ledger)
        self.faults.signed()

    def has_foreign_rows(self) -> bool:
        """Say whether rows stand behind the ledger's head that the broker did not write."""
        with self.transaction() as tx:
            return stand_behind(tx.connection, lambda: tx.ledger.head().size)

    def _refuse_older(self, tx: Transaction) -> None:
        refuse_foreign_rows(tx)
        if self.matched.exists():
            self.stores.align(tx.ledger)
            self.matched.unlink(missing_ok=True)
        found = self.stores.compare(tx.ledger)
        found.refuse()
        if found.standing.mark is None:
            self.stores.adopt(tx.ledger)

    @contextmanager
    def _noting(self) -> Generator[None]:
        """Remember what shows that nothing may rest on the ledger."""
        try:
            yield
        except (LedgerError, KeystoreDamagedError) as error:
            self.faults.note(error)
            raise

    def former_keys(self) -> tuple[VerifierKey, ...]:
        """Return every key that ever signed the ledger, each under the name it signed as."""
        return self.signing_keys.verifier_keys()

    def retire_key(self, kid: KeyId, person: Person, *, compromised: bool) -> PublicKey:
        """End a signing key that another followed; raises as `SigningKeys.retire`.

        First a head is kept that both keys of the ledger signed: whoever knows only the old one
        learns the new one from it.
        """
        self.keep()
        return self.signing_keys.retire(kid, person, compromised=compromised)


def refuse_foreign_rows(tx: Transaction) -> None:
    """Return where none stand behind the head, or raise `ForeignRowsError`."""
    if stand_behind(tx.connection, lambda: tx.ledger.head().size):
        raise ForeignRowsError


def checkpoints_of(signing_keys: SigningKeys, faults: LedgerFaults, home: Home) -> Checkpoints:
    """Return the signed heads of the home, under the ledger's newest name and all of its keys.

    Raises `MismatchedPairError` where that name is none of the keystore's.
    """
    transaction = signing_keys.transaction
    with transaction() as tx:
        names = names_until(tx.ledger.origin(), transaction.keystore.identity)
        log_keys = partial(signing_keys.log_keys, signing_keys.first_key(tx))
    return Checkpoints(
        transaction=transaction,
        store=CheckpointStore.following(home.checkpoints, log_keys, names[-1]),
        signing_keys=signing_keys,
        faults=faults,
        restoring=home.restoring,
        matched=home.matched,
    )
