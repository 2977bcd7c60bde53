"""Whether a submission could be taken and delivered now: what /readyz and `broker check` look at.

Readiness is delivery: a broker that takes packs and sends none is not ready.
"""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit.log.ledger import Ledger
from broker import logs
from broker.domain.references import Reference
from broker.domain.states import State
from broker.domain.times import moment_of
from broker.ledger.faults import LedgerFault
from broker.ledger.readings import read_more_than
from broker.wiring import Services

MIN_FREE = 0.05
"""The least share of the disk that must be free."""

MAX_ROUND_AGE = timedelta(minutes=1)
MAX_WAIT = timedelta(minutes=15)
MAX_UNSIGNED = timedelta(minutes=1)

CALL_WITHIN = timedelta(hours=24)
"""How long after sending a passphrase should have been told at the latest."""

COLLECTED_WITHIN = timedelta(hours=24)
"""How long a message may lie in the pickup folder: nobody else sees that nobody empties it."""

_GROUP_AND_OTHERS = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Figures about the installation, none about a person; ages in seconds, None for never.

    `oldest_due` is for how long the step that is due the longest has waited, `round_age` how long
    ago a serving gateway made its last round, `unsigned_age` for how long the newest entry of the
    ledger has stood without a signed head.
    """

    oldest_due: float | None
    steps: int
    round_age: float | None
    unsigned_age: float | None
    free_share: float
    database_sound: bool
    pickup_writable: bool
    clock_doubted: bool
    log_lines_lost: int
    alarms: int
    rules_days_left: int | None
    ledger_fault: LedgerFault | None

    def faults(self, *, serving: bool) -> tuple[str, ...]:
        """Return a word for each thing that stands between a submission and its recipient.

        Whoever is not `serving` need not make rounds.
        """
        found = {
            "database-damaged": not self.database_sound,
            "no-room": self.free_share < MIN_FREE,
            "pickup-unwritable": not self.pickup_writable,
            "delivery-late": _over(self.oldest_due, MAX_WAIT),
            "no-rounds": serving and _over(self.round_age, MAX_ROUND_AGE),
            # Whoever appends signs a head right after it, a command too.
            "heads-unsigned": _over(self.unsigned_age, MAX_UNSIGNED),
        }
        words = tuple(word for word, stands in found.items() if stands)
        return words if self.ledger_fault is None else (self.ledger_fault.value, *words)


def condition(services: Services) -> Condition:
    """Return how the installation is, without taking anybody's turn to write.

    Of the pages of the database the last hourly look counts. Raises `StoreUnavailableError`.
    """
    now, beat = services.clock(), services.heartbeat.read()
    with services.transaction.database.reading(brief=True) as connection:
        tx = services.transaction.on(connection)
        due, steps = tx.outbox.oldest_due(), tx.outbox.size()
        fault = services.checkpoints.faults.live(tx.ledger, connection)
        unsigned = None if fault is LedgerFault.HEAD else _unsigned_since(tx.ledger)
    usage = shutil.disk_usage(services.home.path)
    return Condition(
        oldest_due=None if due is None else _age(due, now),
        steps=steps,
        round_age=None if beat is None else _age(beat.at, now),
        unsigned_age=None if unsigned is None else _age(unsigned, now),
        free_share=round(usage.free / usage.total, 3),
        database_sound=beat is None or beat.database_sound,
        pickup_writable=os.access(services.home.pickup, os.W_OK | os.X_OK),
        clock_doubted=services.clock_guard.is_doubted(),
        log_lines_lost=logs.lines_lost() if beat is None else beat.lost_lines,
        alarms=0 if beat is None else beat.alarms,
        rules_days_left=services.rulebooks.days_left(),
        ledger_fault=fault,
    )


READINGS_OVER_LIMIT = "readings-over-limit"
"""The word for people who read more in a day than the setting says; it stops no delivery."""


def readings_over_limit(services: Services) -> int:
    """Return how many people read more today than BROKER_READINGS_ALARM; names nobody."""
    return len(read_more_than(services.transaction, services.settings.readings_alarm))


def _unsigned_since(log: Ledger) -> datetime | None:
    """Return the moment of the newest entry, where no signed head counts it yet."""
    head = log.head()
    return None if log.signed_size() >= head.size else moment_of(head.last_moment)


def mail_not_collected(services: Services) -> tuple[datetime, ...]:
    """Return since when each message has lain in the pickup folder that lies there for a day."""
    now, found = services.clock(), list[datetime]()
    for path in services.home.pickup.glob("[!.]*.eml"):
        with suppress(FileNotFoundError):  # it was collected meanwhile
            found.append(datetime.fromtimestamp(path.stat().st_mtime, UTC))
    return tuple(sorted(moment for moment in found if now - moment > COLLECTED_WITHIN))


def loose_files(home: Path) -> tuple[Path, ...]:
    """Return what in the home others than its owner can read or write, or own."""
    owner = home.stat().st_uid
    return tuple(path for path in (home, *sorted(home.rglob("*"))) if _is_loose(path, owner))


def is_of_another_user(home: Path) -> bool:
    """Say whether the home belongs to another user than the one who asks."""
    return home.stat().st_uid != os.getuid()


def _is_loose(path: Path, owner: int) -> bool:
    try:
        status = path.lstat()
    except FileNotFoundError:
        # Something that is written and renamed meanwhile.
        return False
    is_open = not path.is_symlink() and status.st_mode & _GROUP_AND_OTHERS
    return status.st_uid != owner or bool(is_open)


def _age(moment: datetime, now: datetime) -> float:
    return round((now - moment).total_seconds(), 1)


def _over(seconds: float | None, limit: timedelta) -> bool:
    return seconds is not None and seconds > limit.total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """What a person must look at: sent and nobody rang; a step that fails again and again.

    `undelivered`: refused, given up, or nobody knows; `not_private`: the connection was last time.
    """

    no_call_yet: tuple[Reference, ...]
    stuck: tuple[Reference, ...]
    undelivered: tuple[Reference, ...]
    not_private: tuple[Reference, ...]


def unfinished(services: Services) -> Unfinished:
    """Return the disclosures that stand still without anybody having stopped them."""
    with services.transaction() as tx:
        silent = tx.store.unchanged_since((State.SENT,), services.clock() - CALL_WITHIN)
        lost = tx.store.standing_at((State.REJECTED, State.UNKNOWN))
        late = tx.store.standing_at((State.DEFERRED,))
        return Unfinished(
            no_call_yet=tuple(disclosure.reference for disclosure in silent),
            stuck=tuple(tx.outbox.stuck()),
            undelivered=tuple(disclosure.reference for disclosure in lost),
            not_private=tuple(
                disclosure.reference
                for disclosure in late
                if tx.about(disclosure.reference)[-1].type == "refused-tls"
            ),
        )
