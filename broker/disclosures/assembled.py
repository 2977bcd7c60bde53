"""The judge of an installation, put together once for all who judge with it."""

from broker.cases.earlier import EarlierIndex
from broker.disclosures.judge import Judge
from broker.domain.obligations import KEPT_BY_THE_PORTAL
from broker.rulebooks.in_force import RulesInForce
from broker.settings import Settings
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
