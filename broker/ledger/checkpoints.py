"""Signed heads of the gateway's own ledger: kept outside the database, and held against it."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from audit.format.verifier_key import VerifierKey
from audit.log.checkpoint_store import CheckpointStore, KeptCheckpoint
from broker.domain.errors import UnfinishedRestoreError
from broker.domain.model import Person
from broker.ledger.names import names_until
from broker.ledger.signing_keys import SigningKeys
from broker.storage.transaction import Transactions
from keys import KeyId, PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoints:
    """Keeps the ledger's signed heads; every method opens its own transaction.

    `restoring` is the file that a restore ceremony leaves until it is finished.
    """

    transaction: Transactions
    store: CheckpointStore
    signing_keys: SigningKeys
    restoring: Path

    def keep(self) -> KeptCheckpoint:
        """Sign the ledger's head and keep it outside the database; raises `RollbackError`."""
        with self.transaction() as tx:
            kept = self.store.keep(tx.ledger)
            tx.ledger.record_checkpoint(kept.checkpoint.size, kept.note)
        return kept

    def newest_age(self) -> float | None:
        """Return for how many seconds the newest signed head has lain there; None without one."""
        written = self.store.newest_written()
        if written is None:
            return None
        return round((self.signing_keys.clock() - written).total_seconds(), 1)

    def check_growth(self) -> None:
        """Before anything is appended: the ledger has grown out of every head that was signed.

        Raises `RollbackError` with the evidence where an older or another database is in place,
        and `UnfinishedRestoreError` where a restore ceremony was cut short.
        """
        if self.restoring.exists():
            raise UnfinishedRestoreError
        with self.transaction() as tx:
            self.store.check(tx.ledger)

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


def checkpoints_of(signing_keys: SigningKeys, folder: Path, restoring: Path) -> Checkpoints:
    """Return the signed heads in `folder`, under the ledger's newest name and all of its keys."""
    transaction = signing_keys.transaction
    with transaction() as tx:
        names = names_until(tx.ledger.origin(), transaction.keystore.identity)
        log_keys = partial(signing_keys.log_keys, signing_keys.first_key(tx))
    return Checkpoints(
        transaction=transaction,
        store=CheckpointStore.following(folder, log_keys, names[-1]),
        signing_keys=signing_keys,
        restoring=restoring,
    )
