"""What looks through the ledger, put together once for the entrances."""

from dataclasses import dataclass

from broker.domain.times import Clock
from broker.ledger.checkpoints import Checkpoints
from broker.ledger.explorer.listing import EntryPages
from broker.ledger.explorer.one_entry import EntryViews
from broker.ledger.explorer.standing import Standings
from broker.ledger.explorer.tables import Tables
from broker.ledger.explorer.verifications import VerificationFiles
from broker.ledger.own_log import OwnLog, RowComparison
from broker.settings import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Explorer:
    """How the ledger stands, its entries page by page, and each by itself, and as files."""

    log: OwnLog
    standings: Standings
    pages: EntryPages
    views: EntryViews
    tables: Tables


def explorer_of(
    checkpoints: Checkpoints, home: Home, clock: Clock, beside: tuple[RowComparison, ...] = ()
) -> Explorer:
    """Return what looks through the ledger of an installation, and compares rows with it."""
    log = OwnLog(
        transaction=checkpoints.transaction,
        checkpoints=checkpoints,
        run_by=home.run_by,
        beside=beside,
    )
    files = VerificationFiles(newest=home.verified, asked_for=home.verification_asked)
    return Explorer(
        log=log,
        standings=Standings(log=log, checkpoints=checkpoints, files=files, clock=clock),
        pages=EntryPages(log=log),
        views=EntryViews(log=log),
        tables=Tables(log=log),
    )
