"""Everything that the entrances use, in one place; `broker.wiring` puts it together."""

from dataclasses import dataclass

from broker.access.assembled import Access
from broker.access.limits import Limits
from broker.access.tokens import Tokens
from broker.cases.earlier.lists import EarlierLists
from broker.cases.inbox import Inbox
from broker.cases.register import Cases
from broker.concerns.assembled import Concerns
from broker.concerns.earlier import EarlierOfConcerns
from broker.delivery.bounces import Bounces
from broker.delivery.dispatcher import Dispatcher
from broker.delivery.heartbeat import Heartbeat
from broker.delivery.notice_post import NoticePost
from broker.delivery.portal.answering import PageAnswers
from broker.delivery.scanning import ScanningSandbox
from broker.delivery.trying import Trying
from broker.disclosures.afterwards.assembled import Afterwards
from broker.disclosures.flow import Disclosures
from broker.disclosures.oversight import Oversight
from broker.disclosures.previews import Previews
from broker.disclosures.standing_still.deliveries import Deliveries
from broker.domain.references import Prefix, Reference
from broker.domain.times import Clock
from broker.guardian.advising.assembled import Advising
from broker.guardian.referrals import Referrals
from broker.guardian.retrospective import Retrospective
from broker.ledger.checkpoints import Checkpoints
from broker.ledger.explorer.assembled import Explorer
from broker.ledger.known_snapshot import KnownSnapshot
from broker.ledger.openings import Openings
from broker.ledger.own_log import OwnLog
from broker.ledger.receipts import Receipts
from broker.ledger.signing_keys import SigningKeys
from broker.panels.assembled import Panels
from broker.partner_requests.assembled import PartnerRequests
from broker.registers.assembled import Keeping
from broker.registers.directory import DirectoryRegister
from broker.retention.assembled import Retention
from broker.retention.clock_guard import ClockGuard
from broker.rulebooks.lifecycle import Rulebooks
from broker.settings import Home, Settings
from broker.storage.transaction import Transactions
from keys import IndexKey, Keystore


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that the entrances use, made once."""

    settings: Settings
    home: Home
    transaction: Transactions
    known: KnownSnapshot
    keystore: Keystore
    rulebooks: Rulebooks
    oversight: Oversight
    cases: Cases
    inbox: Inbox
    earlier: EarlierLists
    disclosures: Disclosures
    afterwards: Afterwards
    pages: PageAnswers
    deliveries: Deliveries
    previews: Previews
    trying: Trying
    referrals: Referrals
    advising: Advising
    retrospective: Retrospective
    retention: Retention
    directory: DirectoryRegister
    keeping: Keeping
    concerns: Concerns
    partner_requests: PartnerRequests
    panels: Panels
    clock_guard: ClockGuard
    heartbeat: Heartbeat
    dispatcher: Dispatcher
    bounces: Bounces
    notice_post: NoticePost
    tokens: Tokens
    limits: Limits
    access: Access
    checkpoints: Checkpoints
    log: OwnLog
    explorer: Explorer
    signing_keys: SigningKeys
    receipts: Receipts
    openings: Openings
    idempotency: IndexKey
    sandbox: ScanningSandbox
    clock: Clock

    def earlier_before(self, reference: Reference) -> EarlierLists | EarlierOfConcerns:
        """Return what lists and opens the earlier concerns before what a reference is to."""
        is_concern = reference.prefix is Prefix.CONCERN
        return self.concerns.earlier if is_concern else self.earlier

    def close(self) -> None:
        """Give back every connection, and end the process that reads files."""
        self.sandbox.close()
        self.transaction.database.close()
