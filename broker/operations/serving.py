"""What a serving gateway does beside answering: rounds of dispatch, and what is due each hour."""

import time
from collections.abc import Callable
from datetime import date, timedelta

import structlog

from audit.errors import LedgerError
from broker import logs
from broker.alarms import alarms
from broker.delivery.heartbeat import Beat
from broker.domain.times import uk_day
from broker.ledger import events
from broker.ledger.faults import fault_of
from broker.operations.housekeeping import housekeeping
from broker.retention.clock_guard import FARTHEST
from broker.wiring import Services

HOUSEKEEPING_SECONDS = 3600.0
BEAT_SECONDS = 5.0
ALARM_SECONDS = 60.0

_log = structlog.get_logger()


class Rounds:
    """The rounds of one dispatch loop; each looks at the clock before it looks at the work."""

    def __init__(self, services: Services, is_over: Callable[[], bool] = lambda: False) -> None:
        """Begin now; what is due each hour is due in the first round.

        Once `is_over` says so, a round takes up nothing more.
        """
        self._services = services
        self._is_over = is_over
        self._clocks = services.clock(), time.monotonic()
        self._kept_at = -HOUSEKEEPING_SECONDS
        self._beaten_at = -BEAT_SECONDS
        self._looked_at = -ALARM_SECONDS
        self._alarms = frozenset[str]()
        self._bounces = set[str]()
        self._database = True
        self._alive_on = _alive_on(services)

    def make(self) -> None:
        """Make one round; raises what dispatch and housekeeping raise.

        While the ledger is at fault nothing is worked on, which is told; the rounds go on.
        """
        self._watch_clock()
        now = time.monotonic()
        try:
            self._services.dispatcher.dispatch(is_over=self._is_over)
            if now - self._kept_at >= HOUSEKEEPING_SECONDS:
                self._hourly()
                self._kept_at = now
        except LedgerError as error:
            # An alarm of its own, which the round below tells.
            if fault_of(error) is None:
                raise
        if now - self._looked_at >= ALARM_SECONDS:
            self._look_for_alarms()
            self._take_bounces()
            self._services.notice_post.send_all()
            self._looked_at = now
        if now - self._beaten_at >= BEAT_SECONDS:
            self._beat()
            self._beaten_at = now

    def _watch_clock(self) -> None:
        """Doubt a clock that went another way than the processor's own since the last round."""
        moment, ticks = self._services.clock(), time.monotonic()
        gone = timedelta(seconds=ticks - self._clocks[1])
        if abs(moment - self._clocks[0] - gone) > FARTHEST:
            self._services.clock_guard.doubt()
        self._clocks = moment, ticks

    def _hourly(self) -> None:
        self._database = self._services.transaction.database.is_sound()
        if not self._database:
            _log.critical("database-damaged")
            return
        housekeeping(self._services)
        today = uk_day(self._services.clock())
        if self._alive_on != today and not self._services.clock_guard.is_doubted():
            with self._services.transaction() as tx:
                tx.append(events.alive())
            self._alive_on = today
            self._warn_of_rules()

    def _warn_of_rules(self) -> None:
        if (days := self._services.rulebooks.days_left()) is not None:
            _log.warning("rules-end", days=days)

    def _look_for_alarms(self) -> None:
        """Say on the log what is wrong since the last look, and what is no more."""
        standing = frozenset(alarm.code for alarm in alarms(self._services))
        for code in sorted(standing - self._alarms):
            _log.error("alarm", code=code)
        for code in sorted(self._alarms - standing):
            _log.info("alarm-over", code=code)
        self._alarms = standing

    def _take_bounces(self) -> None:
        """Take in what came back by mail since the last look, where a folder is named."""
        smtp = self._services.settings.smtp
        if smtp is None or smtp.bounces is None:
            return
        try:
            counted = self._services.bounces.take_from(smtp.bounces, self._bounces)
        except OSError:
            _log.warning("bounces-unreadable")
            return
        if counted:
            _log.info("bounces", **{became.value: number for became, number in counted.items()})

    def _beat(self) -> None:
        self._services.heartbeat.write(
            Beat(
                at=self._services.clock(),
                lost_lines=logs.lines_lost(),
                alive_on=self._alive_on,
                database_sound=self._database,
                uncounted_calls=self._services.limits.times_broken(),
                alarms=len(self._alarms),
            )
        )


def _alive_on(services: Services) -> date | None:
    beat = services.heartbeat.read()
    return None if beat is None else beat.alive_on
