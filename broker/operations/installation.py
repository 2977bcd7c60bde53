"""Set a broker up where there is none, and begin to work with one that is there."""

import secrets
from contextlib import closing, suppress
from datetime import UTC, datetime

from audit.log.files import write_durably
from audit.log.ledger import Ledger
from audit.log.verification import verify_database
from broker.disclosures.repeats import adopt_earlier_keys
from broker.domain.errors import UnsignedEntriesError
from broker.domain.times import Clock
from broker.ledger.names import first_name
from broker.settings import Home, Settings
from broker.storage.database import Database
from broker.storage.installation import check_keystore_not_lost, check_not_lost, tie
from broker.storage.migrate import upgrade
from broker.storage.revision import NEWEST, revision
from broker.wiring import Services, assemble
from keys import AgencyId, IndexPurpose, Keystore, KeystoreExistsError
from policies import Rulebook


def initialise(
    settings: Settings,
    *,
    run_by: AgencyId | None = None,
    clock: Clock = lambda: datetime.now(UTC),
) -> Services:
    """Make a new installation in `settings.home` and return its services; `broker init`.

    `run_by` is the body that runs it. Runs again without harm: what is there already is kept, and
    so is who runs it unless another is named.
    """
    home = Home(path=settings.home)
    _refuse_lost(settings, home)
    for folder in (home.path, home.checkpoints, home.pickup):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not home.gateway.exists():
        home.gateway.write_text(f"g-{secrets.token_hex(6)}", encoding="ascii")
    if run_by is not None:
        write_durably(home.running_body, run_by.encode())
    with suppress(KeystoreExistsError):
        Keystore.create(home.keystore, settings.keystore_protection, now=clock())
    keystore = Keystore.open(home.keystore, settings.keystore_protection)
    with closing(Database(settings.database_url, threads=1)) as database:
        with database.reading() as connection:
            before = revision(connection)
        upgrade(database.engine)
        _begin_installation(database, keystore, clock, home.gateway_name)
    services = assemble(settings, clock=clock)
    _authenticate_head(services)
    services.cases.adopt_earlier()
    if before != NEWEST:
        adopt_earlier_keys(services.transaction)
    services.rulebooks.begin_with(Rulebook.shipped())
    services.checkpoints.keep()
    return services


def _begin_installation(
    database: Database, keystore: Keystore, clock: Clock, gateway: str
) -> None:
    """Tie the database to its keystore and open its ledger, once."""
    rows = keystore.index_key(IndexPurpose.ROWS)
    with database.transaction() as connection:
        if tie(connection, keystore, clock()):
            ledger = Ledger(connection, clock, gateway, authenticator=rows)
            ledger.open_log(first_name(keystore.identity))


def _authenticate_head(services: Services) -> None:
    """Let the head of a ledger of an earlier release bear this installation's authenticator.

    Only once every entry was verified and a head was signed that counts them all. Raises
    `UnsignedEntriesError`, and the errors of a ledger that does not hold.
    """
    with services.transaction() as tx:
        if tx.ledger.is_authenticated():
            return
    store = services.checkpoints.store
    with services.transaction.database.transaction() as connection:
        ledger = services.transaction.on(connection).ledger
        kept = [head.checkpoint for head in store.all()]
        report = verify_database(
            connection, kept, store.key, former=services.checkpoints.former_keys()
        )
        if max((head.size for head in kept), default=0) != report.entries:
            raise UnsignedEntriesError
        ledger.authenticate()


def _refuse_lost(settings: Settings, home: Home) -> None:
    """Make nothing new beside what is left of an installation that lost a part."""
    with closing(Database(settings.database_url, threads=1)) as database:
        check_not_lost(database, home.checkpoints)
    if not Keystore.is_in(home.keystore):
        check_keystore_not_lost(home.keystore, home.checkpoints)


def begin(services: Services) -> None:
    """Before anything else: check the ledger's growth, then finish what a crash cut short.

    Raises as `Checkpoints.check_growth`, and `BrokenLedgerError` where an entry is not as it was
    recorded.
    """
    services.checkpoints.check_growth()
    services.known.learn(services.transaction)
    services.clock_guard.look()
    services.signing_keys.resume()
    services.retention.erasures.passphrases.give_keys()
    services.retention.erasures.complete()
    services.retention.erasures.passphrases.complete()
