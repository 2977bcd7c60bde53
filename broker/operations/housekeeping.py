"""End what is over: the round that `broker serve` and `broker dispatch` make."""

from dataclasses import dataclass

import structlog

from broker.retention.disposal import CLOCK
from broker.wiring import Services

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class HousekeepingReport:
    """How many passphrases, drafts and cases went because their time was up.

    Where `clock_doubted`, none were, and whatever was due waits for `broker clock confirm`.
    """

    passphrases: int
    cases: int
    drafts: int = 0
    clock_doubted: bool = False


def housekeeping(services: Services) -> HousekeepingReport:
    """End what is over: the rules in force, unused passphrases, what is kept of cases.

    Nothing is destroyed by a clock that is far from the ledger's last moment, and nothing at all
    while the ledger is at fault: it raises `LedgerError` then.
    """
    services.log.refuse_fault()
    services.rulebooks.record_expiry()
    services.partner_requests.chasing.chase()
    services.retention.erasures.complete()
    services.retention.erasures.passphrases.complete()
    services.panels.packs.complete()
    if services.clock_guard.is_doubted():
        _log.error("clock-doubted")
        return HousekeepingReport(passphrases=0, cases=0, clock_doubted=True)
    passphrases = services.retention.erasures.passphrases.destroy_expired()
    drafts = services.concerns.drafts.destroy_expired()
    if drafts.refused:
        _log.error("draft-refused", count=drafts.refused)
    services.panels.packs.end_over()
    services.concerns.left.erase_ended()
    services.concerns.checking.tell_of_late()
    services.afterwards.chasing.chase()
    services.pages.end_over()
    gone = [one for one in services.retention.disposals.run() if one.obstacle is None]
    services.retention.memories.end_over(CLOCK)
    services.afterwards.breach_chasing.chase()
    return HousekeepingReport(passphrases=passphrases, cases=len(gone), drafts=drafts.destroyed)
