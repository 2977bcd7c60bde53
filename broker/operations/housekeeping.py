"""End what is over: the round that `broker serve` and `broker dispatch` make."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog

from broker.concerns.drafts import DraftsDestroyed
from broker.domain.errors import LedgerDisagreesError, UnknownReferenceError
from broker.domain.people.errors import RowDoubtedError
from broker.logs import where_raised
from broker.retention.disposal import CLOCK, DueDisposal
from broker.retention.memories import DueMemories
from broker.wiring import Services
from keys import CannotOpenError

_log = structlog.get_logger()
_Done = TypeVar("_Done")

_OF_ONE_ROW: Final = (
    LedgerDisagreesError,
    RowDoubtedError,
    UnknownReferenceError,
    CannotOpenError,
    ValueError,
)
"""What comes of a row that somebody wrote in, a text among them that no release wrote."""


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

    A row that somebody wrote in stops the step that meets it, and no other. Nothing is destroyed
    by a clock that is far from the ledger's last moment, though people hear of what is late by it;
    nothing at all is done while the ledger is at fault: it raises `LedgerError` then.
    """
    services.log.refuse_fault()
    retention = services.retention
    _do("expiry", services.rulebooks.record_expiry, None)
    _do("requests", services.partner_requests.chasing.chase, None)
    _do("checks", services.concerns.checking.tell_of_late, None)
    _do("drafts-going", services.concerns.going.chase, None)
    _do("reports", services.concerns.unread.chase, None)
    _do("deliveries", services.afterwards.chasing.chase, None)
    _do("breaches", services.afterwards.breach_chasing.chase, None)
    _do("erasures", retention.erasures.complete, None)
    _do("passphrase-keys", retention.erasures.passphrases.complete, None)
    _do("panel-packs", services.panels.packs.complete, None)
    if services.clock_guard.is_doubted():
        _log.error("clock-doubted")
        return HousekeepingReport(passphrases=0, cases=0, clock_doubted=True)
    passphrases = _do("passphrases", retention.erasures.passphrases.destroy_expired, 0)
    nothing = DraftsDestroyed(destroyed=0, refused=0)
    drafts = _do("drafts", services.concerns.drafts.destroy_expired, nothing)
    if drafts.refused:
        _log.error("draft-refused", count=drafts.refused)
    _do("panel-copies", services.panels.packs.end_over, None)
    _do("concerns", services.concerns.left.erase_ended, None)
    _do("pages", services.pages.end_over, None)
    ended = _do("disposals", retention.disposals.run, tuple[DueDisposal, ...]())
    gone = [one for one in ended if one.obstacle is None]
    due = _do("memories", retention.memories.due, DueMemories())
    _do("memories-told", lambda: services.afterwards.memory_telling.tell(due.to_tell), None)
    _do("memories-over", lambda: retention.memories.end_over(due.over, CLOCK), None)
    return HousekeepingReport(passphrases=passphrases, cases=len(gone), drafts=drafts.destroyed)


def _do(step: str, act: Callable[[], _Done], otherwise: _Done) -> _Done:
    """Return what a step of the round gives, or what stands for it where a row stops it."""
    try:
        return act()
    except _OF_ONE_ROW as error:
        _log.error(
            "round-step-stopped",
            step=step,
            error=type(error).__name__,
            where=where_raised(error),
        )
        return otherwise
