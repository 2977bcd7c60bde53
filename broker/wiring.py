"""The composition root: the one place that chooses every part and puts them together."""

from contextlib import ExitStack
from datetime import UTC, datetime

from broker.access.assembled import access_of
from broker.access.limits import limits_of
from broker.access.tokens import Tokens
from broker.cases.earlier.index import EarlierIndex
from broker.cases.earlier.lists import EarlierLists
from broker.cases.inbox import Inbox
from broker.cases.register import Cases
from broker.concerns.assembled import concerns_of
from broker.delivery.assembled import delivery_of
from broker.delivery.heartbeat import Heartbeat
from broker.delivery.scanning import sandbox_of
from broker.disclosures.afterwards.assembled import afterwards_of
from broker.disclosures.assembled import disclosures_of, judge_of
from broker.disclosures.comparing.beside import comparisons_of
from broker.disclosures.oversight import oversight_of
from broker.disclosures.previews import Previews
from broker.disclosures.standing_still.deliveries import deliveries_of
from broker.domain.errors import NotInitialisedError
from broker.domain.times import Clock
from broker.guardian.advising.assembled import advising_of
from broker.guardian.referrals import Referrals
from broker.guardian.retrospective import Retrospective
from broker.ledger.checkpoints import checkpoints_of
from broker.ledger.explorer.assembled import explorer_of
from broker.ledger.faults import LedgerFaults
from broker.ledger.known_snapshot import KnownSnapshot, transactions_of
from broker.ledger.openings import Openings
from broker.ledger.receipts import Receipts
from broker.ledger.signing_keys import SigningKeys
from broker.panels.assembled import panels_of
from broker.partner_requests.assembled import partner_requests_of
from broker.registers.assembled import keeping_of
from broker.registers.directory import DirectoryRegister
from broker.retention.assembled import retention_of
from broker.retention.clock_guard import ClockGuard
from broker.rulebooks.in_force import RulesInForce
from broker.rulebooks.lifecycle import Rulebooks
from broker.services import Services
from broker.settings import Home, Settings
from broker.storage.database import Database
from broker.storage.installation import check_not_lost, check_pair, open_keystore
from broker.storage.transaction import Transactions

__all__ = ["Services", "assemble"]


def assemble(settings: Settings, *, clock: Clock = lambda: datetime.now(UTC)) -> Services:
    """Return the services of an existing installation.

    Raises `NotInitialisedError`, `MismatchedPairError` (of another database) and the keystore's.
    """
    home = Home(path=settings.home)
    if not home.gateway.exists():
        raise NotInitialisedError("There is no broker here yet. Run: broker init")
    keystore = open_keystore(home.keystore, settings.keystore_protection, home.checkpoints)
    database = Database(settings.database_url, threads=settings.threads)
    with ExitStack() as undo, keystore.session():
        undo.callback(database.close)
        check_not_lost(database, home.checkpoints)
        check_pair(database, keystore)
        faults = LedgerFaults(home.ledger_fault)
        transaction = transactions_of(home, keystore, database, faults, clock)
        services = _put_together(settings, home, transaction, faults)
        undo.pop_all()
    return services


def _put_together(
    settings: Settings, home: Home, transaction: Transactions, faults: LedgerFaults
) -> Services:
    """Return the services over the transactions of an installation."""
    keystore, clock = transaction.keystore, transaction.clock
    signing_keys = SigningKeys(transaction=transaction, keystore=keystore, clock=clock)
    checkpoints = checkpoints_of(signing_keys, faults, home)
    receipts = Receipts(transaction=transaction, checkpoints=checkpoints.store)
    rules = RulesInForce(keystore=keystore)
    explorer = explorer_of(checkpoints, home, clock, comparisons_of(keystore, rules))
    rulebooks = Rulebooks(transaction=transaction, rules=rules, clock=clock)
    index = EarlierIndex.of(keystore)
    judge = judge_of(settings, keystore, rules, index)
    sandbox = sandbox_of(settings.clamd, clock)
    delivery = delivery_of(settings, transaction, receipts, sandbox.cleared, clock)
    disclosures = disclosures_of(transaction, judge, index, delivery.notices, clock)
    notices, retention = delivery.notices, retention_of(transaction, settings.retention, clock)
    concerns = concerns_of(transaction, rules, notices, index, settings.public_reports_to)
    referrals = Referrals(
        transaction=transaction, judge=judge, index=index, notices=notices, clock=clock
    )
    partners = partner_requests_of(disclosures, judge.fingerprint, notices)
    return Services(
        settings=settings,
        home=home,
        transaction=transaction,
        known=KnownSnapshot(path=home.known_log, authenticator=transaction.rows),
        keystore=keystore,
        rulebooks=rulebooks,
        oversight=oversight_of(rulebooks, clock),
        earlier=EarlierLists(
            transaction=transaction,
            index=index,
            words_of_concern=concerns.earlier.words_of,
            clock=clock,
        ),
        cases=Cases(
            transaction=transaction,
            index=index,
            unread_of_concerns=concerns.earlier.unread_of_case,
            clock=clock,
        ),
        inbox=Inbox(transaction=transaction, clock=clock),
        afterwards=afterwards_of(transaction, notices, retention.memories, clock),
        pages=partners.pages,
        previews=Previews(transaction=transaction, clock=clock, draw=sandbox.drawn),
        referrals=referrals,
        advising=advising_of(referrals, sandbox.drawn, clock),
        deliveries=deliveries_of(disclosures, sandbox.inspect),
        trying=delivery.trying,
        disclosures=disclosures,
        retrospective=Retrospective(transaction=transaction, clock=clock),
        retention=retention,
        directory=DirectoryRegister(transaction=transaction, clock=clock),
        keeping=keeping_of(transaction, clock),
        concerns=concerns,
        partner_requests=partners,
        panels=panels_of(disclosures, notices),
        heartbeat=Heartbeat(path=home.heartbeat),
        clock_guard=ClockGuard(transaction=transaction, path=home.clock, clock=clock),
        dispatcher=delivery.dispatcher,
        bounces=delivery.bounces,
        notice_post=delivery.notice_post,
        tokens=Tokens(transaction=transaction, clock=clock),
        limits=limits_of(settings, transaction),
        access=access_of(transaction, settings, clock),
        checkpoints=checkpoints,
        log=explorer.log,
        explorer=explorer,
        signing_keys=checkpoints.signing_keys,
        receipts=receipts,
        openings=Openings(transaction=transaction),
        idempotency=disclosures.idempotency,
        sandbox=sandbox,
        clock=clock,
    )
