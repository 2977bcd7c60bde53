"""The composition root: the one place that chooses every part and puts them together."""

import fcntl
import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from audit.format.note import VerifierKey
from audit.log.checkpoint_store import CheckpointStore, KeptCheckpoint
from broker.access.tokens import TERMS, TOKEN_LIFE
from broker.delivery.dispatcher import Dispatcher
from broker.delivery.pickup import PickupCourier
from broker.disclosures.flow import Disclosures
from broker.disclosures.judge import Judge
from broker.domain.errors import (
    AlreadyDispatchingError,
    NotInitialisedError,
    UnfinishedRestoreError,
)
from broker.domain.ledger_origins import names_until
from broker.domain.model import Person
from broker.domain.times import Clock
from broker.guardian.referrals import Referrals
from broker.guardian.retrospective import Retrospective
from broker.ledger import events
from broker.ledger.receipts import Receipts
from broker.ledger.signing_keys import SigningKeys
from broker.retention.disposal import Disposals
from broker.retention.erasure import Erasures
from broker.rulebooks.in_force import RulesInForce
from broker.rulebooks.lifecycle import Rulebooks
from broker.settings import Home, Settings
from broker.storage.database import Database
from broker.storage.installation import check_pair
from broker.storage.transaction import Transactions
from keys import (
    ExpectedClaims,
    IndexKey,
    IndexPurpose,
    KeyId,
    Keystore,
    PublicKey,
    Purpose,
    TokenClaims,
    issue,
    verify_token,
)
from policies import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that the entrances use, made once."""

    settings: Settings
    home: Home
    transaction: Transactions
    keystore: Keystore
    rulebooks: Rulebooks
    disclosures: Disclosures
    referrals: Referrals
    retrospective: Retrospective
    erasures: Erasures
    disposals: Disposals
    dispatcher: Dispatcher
    keeper: CheckpointStore
    signing_keys: SigningKeys
    receipts: Receipts
    idempotency: IndexKey
    clock: Clock

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook in force; raises `RulesUnavailableError`."""
        return self.rulebooks.in_force()

    def verify_token(self, token: str, terms: ExpectedClaims = TERMS) -> TokenClaims:
        """Return who a bearer token speaks for, or raise `TokenRefusedError`."""
        keys = self.keystore.public_keys(Purpose.TOKEN)
        return verify_token(token, keys, terms=terms, now=self.clock())

    def issue_token(self, claims: TokenClaims, *, by: str) -> str:
        """Return a bearer token of 15 minutes, after recording whom it speaks for.

        The ledger holds the token's SHA-256, so that a token that is found can be matched.
        """
        signer = self.keystore.signing_key(Purpose.TOKEN)
        token = issue(signer, claims, terms=TERMS, now=self.clock(), lifetime=TOKEN_LIFE)
        with self.transaction() as tx:
            tx.append(events.token_issued(claims, token, TOKEN_LIFE, by))
        return token

    def begin(self) -> None:
        """Before anything else: check the ledger's growth, then finish what a crash cut short.

        Raises as `check_growth`.
        """
        self.check_growth()
        self.signing_keys.resume()
        self.erasures.complete()

    def check_growth(self) -> None:
        """Before anything is appended: the ledger has grown out of every head that was signed.

        Raises `RollbackError` with the evidence where an older or another database is in place,
        and `UnfinishedRestoreError` where a restore ceremony was cut short.
        """
        if self.home.restoring.exists():
            raise UnfinishedRestoreError
        with self.transaction() as tx:
            self.keeper.check(tx.ledger)

    def former_ledger_keys(self) -> tuple[VerifierKey, ...]:
        """Return every key that ever signed the ledger, under each name that it has had."""
        keeper = self.keeper
        return tuple(
            replace(key, name=name)
            for name in names_until(keeper.key.name, self.keystore.identity)
            for key in (keeper.key, *keeper.former, *keeper.disowned)
        )

    def retire_key(self, kid: KeyId, person: Person, *, compromised: bool) -> PublicKey:
        """End a signing key that another followed; raises as `Keyring.retire`.

        First a head is kept that both keys of the ledger signed: whoever knows only the old one
        learns the new one from it.
        """
        self.keep_checkpoint()
        return self.signing_keys.retire(kid, person, compromised=compromised)

    def keep_checkpoint(self) -> KeptCheckpoint:
        """Sign the ledger's head and keep it outside the database; raises `RollbackError`."""
        with self.transaction() as tx:
            kept = self.keeper.keep(tx.ledger)
            tx.ledger.record_checkpoint(kept.checkpoint.size, kept.note)
        return kept

    @contextmanager
    def dispatching(self) -> Generator[Dispatcher]:
        """Yield the dispatcher of this host, alone; raise `AlreadyDispatchingError`."""
        descriptor = os.open(self.home.dispatch_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.dispatcher.resume()
            yield self.dispatcher
        except BlockingIOError:
            raise AlreadyDispatchingError(
                "Another dispatch loop works on this host (perhaps `broker serve`). It does the "
                "round; there is nothing to do here."
            ) from None
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Give back every connection."""
        self.transaction.database.close()


def assemble(settings: Settings, *, clock: Clock = lambda: datetime.now(UTC)) -> Services:
    """Return the services of an existing installation.

    Raises `NotInitialisedError`, `MismatchedPairError` where database and keystore do not belong
    together, and the errors of the keystore.
    """
    home = Home(path=settings.home)
    if not home.gateway.exists():
        raise NotInitialisedError("There is no broker here yet. Run: broker init")
    keystore = Keystore.open(home.keystore, settings.keystore_passphrase)
    database = Database(settings.database_url, threads=settings.threads)
    gateway = home.gateway_name
    transaction = Transactions(database=database, keystore=keystore, clock=clock, gateway=gateway)
    with ExitStack() as undo:
        undo.callback(database.close)
        check_pair(database, keystore)
        with transaction() as tx:
            names = names_until(tx.ledger.origin(), keystore.identity)
        undo.pop_all()
    erasures = Erasures(transaction=transaction, clock=clock)
    rules = RulesInForce(keystore=keystore)
    signing_keys = SigningKeys(transaction=transaction, keystore=keystore, clock=clock)
    keeper = CheckpointStore.following(home.checkpoints, signing_keys.log_keys, names[-1])
    receipts = Receipts(transaction=transaction, keeper=keeper)
    judge = Judge(rules=rules, fingerprint=keystore.index_key(IndexPurpose.FINGERPRINT))
    return Services(
        settings=settings,
        home=home,
        transaction=transaction,
        keystore=keystore,
        rulebooks=Rulebooks(transaction=transaction, rules=rules, clock=clock),
        disclosures=Disclosures(transaction=transaction, judge=judge, clock=clock),
        referrals=Referrals(transaction=transaction, judge=judge, clock=clock),
        retrospective=Retrospective(transaction=transaction, clock=clock),
        erasures=erasures,
        disposals=Disposals(
            transaction=transaction, erasures=erasures, terms=settings.retention, clock=clock
        ),
        dispatcher=Dispatcher(
            transaction=transaction,
            courier=PickupCourier(home.pickup),
            clock=clock,
            gateway=gateway,
            mail_from=settings.mail_from,
            receipts=receipts,
        ),
        keeper=keeper,
        signing_keys=signing_keys,
        receipts=receipts,
        idempotency=keystore.index_key(IndexPurpose.IDEMPOTENCY),
        clock=clock,
    )
