"""The judge of an installation, and what takes in what it judges, each put together once."""

from broker.cases.earlier.index import EarlierIndex
from broker.delivery.person_notices import PersonNotices
from broker.disclosures.flow import Disclosures
from broker.disclosures.judge import Judge
from broker.domain.obligations import KEPT_BY_THE_PORTAL
from broker.domain.times import Clock
from broker.rulebooks.in_force import RulesInForce
from broker.settings import Settings
from broker.storage.transaction import Transactions
from keys import IndexPurpose, Keystore


def judge_of(
    settings: Settings, keystore: Keystore, rules: RulesInForce, index: EarlierIndex
) -> Judge:
    """Return the judge by the rules in force, who looks up earlier concerns in `index`."""
    return Judge(
        rules=rules,
        fingerprint=keystore.index_key(IndexPurpose.FINGERPRINT),
        mail_from=settings.mail_from,
        way_is_proved=settings.smtp is not None and settings.smtp.enforces_tls,
        earlier=index,
        also_kept=frozenset() if settings.portal_url is None else KEPT_BY_THE_PORTAL,
    )


def disclosures_of(
    transaction: Transactions,
    judge: Judge,
    index: EarlierIndex,
    notices: PersonNotices,
    clock: Clock,
) -> Disclosures:
    """Return what takes in packs that `judge` judges, and marks them in `index`."""
    return Disclosures(
        transaction=transaction,
        judge=judge,
        clock=clock,
        index=index,
        notices=notices,
        idempotency=transaction.keystore.index_key(IndexPurpose.IDEMPOTENCY),
    )
