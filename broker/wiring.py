"""The composition root: the one place that chooses every part and puts them together."""

import fcntl
import os
import secrets
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from audit.keeper import CheckpointKeeper, KeptCheckpoint
from audit.ledger import Ledger
from audit.note import VerifierKey
from broker import record, tables
from broker.couriers import PickupCourier
from broker.database import Database
from broker.disclosure import Disclosures
from broker.dispatch import Dispatcher
from broker.disposal import Disposals
from broker.erasure import Erasures
from broker.errors import (
    AlreadyDispatchingError,
    MismatchedPairError,
    NotInitialisedError,
    UnfinishedRestoreError,
)
from broker.hindsight import Hindsight
from broker.judging import Judge
from broker.keyring import Keyring
from broker.migrate import revision, upgrade
from broker.model import Person
from broker.moments import moment_text
from broker.origins import first_name, names_until
from broker.receipts import Receipts
from broker.review import Reviews
from broker.rulebooks import Rulebooks
from broker.settings import Settings
from broker.shelf import Shelf
from broker.transaction import Transactions
from keys import (
    IndexKey,
    IndexPurpose,
    KeyId,
    Keystore,
    KeystoreExistsError,
    PublicKey,
    Purpose,
    TokenClaims,
    TokenTerms,
    issue,
    verify_token,
)
from policies import Rulebook

TERMS = TokenTerms(issuer="disclosure-broker", audience="disclosure-broker/api")
RESTORE_TERMS = TokenTerms(issuer="disclosure-broker", audience="disclosure-broker/restore")
TOKEN_LIFE = timedelta(minutes=15)
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where things lie in `BROKER_HOME`."""

    path: Path

    @property
    def keystore(self) -> Path:
        """The folder of the keystore, apart from the database and its backups."""
        return self.path / "keystore"

    @property
    def checkpoints(self) -> Path:
        """The folder of signed checkpoints, outside the database."""
        return self.path / "checkpoints"

    @property
    def pickup(self) -> Path:
        """The folder where sealed messages wait for a mail system."""
        return self.path / "pickup"

    @property
    def restoring(self) -> Path:
        """The file with the plan of a restore ceremony, there until it is carried out."""
        return self.path / "restoring"

    def closed_checkpoints(self, number: int) -> Path:
        """Return the folder of the checkpoints under the ledger's name of this number, closed."""
        return self.path / f"checkpoints-{number}"

    @property
    def gateway(self) -> Path:
        """The file with this host's name in the ledger and in the leases of the outbox."""
        return self.path / "gateway"

    @property
    def gateway_name(self) -> str:
        """The host's name, made at `broker init`; it says nothing of the host."""
        return self.gateway.read_text(encoding="ascii").strip()

    @property
    def dispatch_lock(self) -> Path:
        """The file that the one dispatch loop of this host holds locked."""
        return self.path / "dispatch.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekept:
    """How many passphrases were destroyed, and how many cases erased, because time was up."""

    passphrases: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that the entrances use, made once."""

    settings: Settings
    home: Home
    transaction: Transactions
    keystore: Keystore
    rulebooks: Rulebooks
    disclosures: Disclosures
    reviews: Reviews
    hindsight: Hindsight
    erasures: Erasures
    disposals: Disposals
    dispatcher: Dispatcher
    keeper: CheckpointKeeper
    keyring: Keyring
    receipts: Receipts
    idempotency: IndexKey
    clock: Clock

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook in force; raises `RulesUnavailableError`."""
        return self.rulebooks.in_force()

    def verify_token(self, token: str, terms: TokenTerms = TERMS) -> TokenClaims:
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
            tx.record(record.token_issued(claims, token, TOKEN_LIFE, by))
        return token

    def begin(self) -> None:
        """Before anything else: check the ledger's growth, then finish what a crash cut short.

        Raises as `check_growth`.
        """
        self.check_growth()
        self.keyring.resume()
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
        return self.keyring.retire(kid, person, compromised=compromised)

    def keep_checkpoint(self) -> KeptCheckpoint:
        """Sign the ledger's head and keep it outside the database; raises `RollbackError`."""
        with self.transaction() as tx:
            kept = self.keeper.keep(tx.ledger)
            tx.ledger.record_checkpoint(kept.checkpoint.size, kept.note)
        return kept

    def housekeeping(self) -> Housekept:
        """End what is over: the rules in force, unused passphrases, what is kept of cases."""
        self.rulebooks.record_expiry()
        passphrases = self.dispatcher.burn_old_passphrases()
        self.erasures.complete()
        gone = [one for one in self.disposals.run() if one.obstacle is None]
        return Housekept(passphrases=passphrases, cases=len(gone))

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


def initialise(settings: Settings, *, clock: Clock = lambda: datetime.now(UTC)) -> Services:
    """Make a new installation in `settings.home` and return its services; `broker init`.

    Runs again without harm: what is there already is kept.
    """
    home = Home(path=settings.home)
    for folder in (home.path, home.checkpoints, home.pickup):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not home.gateway.exists():
        home.gateway.write_text(f"g-{secrets.token_hex(6)}", encoding="ascii")
    with suppress(KeystoreExistsError):
        Keystore.create(home.keystore, settings.keystore_passphrase, now=clock())
    keystore = Keystore.open(home.keystore, settings.keystore_passphrase)
    with closing(Database(settings.database_url, threads=1)) as database:
        upgrade(database.engine)
        _begin(database, keystore, clock, home.gateway_name)
    services = assemble(settings, clock=clock)
    services.rulebooks.begin_with(Rulebook.shipped())
    services.keep_checkpoint()
    return services


def _begin(database: Database, keystore: Keystore, clock: Clock, gateway: str) -> None:
    """Tie the database to its keystore and open its ledger, once."""
    with database.transaction() as connection:
        if connection.execute(select(tables.installation.c.keystore)).first() is None:
            connection.execute(
                insert(tables.installation).values(
                    id=1, keystore=keystore.identity, created_at=moment_text(clock())
                )
            )
            Ledger(connection, clock, gateway).open_log(first_name(keystore.identity))


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
        _check_pair(database, keystore)
        with transaction() as tx:
            names = names_until(tx.ledger.origin(), keystore.identity)
        undo.pop_all()
    erasures = Erasures(transaction=transaction, clock=clock)
    shelf = Shelf(keystore=keystore)
    keyring = Keyring(transaction=transaction, keystore=keystore, clock=clock)
    keeper = CheckpointKeeper.following(home.checkpoints, keyring.log_keys, names[-1])
    receipts = Receipts(transaction=transaction, keeper=keeper)
    judge = Judge(shelf=shelf, sameness=keystore.index_key(IndexPurpose.SAMENESS))
    return Services(
        settings=settings,
        home=home,
        transaction=transaction,
        keystore=keystore,
        rulebooks=Rulebooks(transaction=transaction, shelf=shelf, clock=clock),
        disclosures=Disclosures(transaction=transaction, judge=judge, clock=clock),
        reviews=Reviews(transaction=transaction, judge=judge, clock=clock),
        hindsight=Hindsight(transaction=transaction, clock=clock),
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
        keyring=keyring,
        receipts=receipts,
        idempotency=keystore.index_key(IndexPurpose.IDEMPOTENCY),
        clock=clock,
    )


def _check_pair(database: Database, keystore: Keystore) -> None:
    try:
        with database.transaction() as connection:
            recorded = connection.scalar(select(tables.installation.c.keystore))
    except Exception as error:
        if isinstance(error.__cause__, OperationalError | ProgrammingError):
            raise NotInitialisedError(
                "The database has no tables of the broker. Run: broker init"
            ) from error
        raise
    if recorded is None:
        raise NotInitialisedError("The installation is unfinished. Run: broker init")
    at, newest = revision(database.engine)
    if at != newest:
        raise NotInitialisedError(
            "The tables are those of another release. Run: broker db upgrade"
        )
    if recorded != keystore.identity:
        raise MismatchedPairError(
            "This database belongs to another keystore, so nothing in it could be opened. Put "
            "back the keystore that was backed up with it."
        )
