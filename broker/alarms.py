"""The one place where a person sees what is wrong: each alarm with what to do, and since when.

An alarm falls silent when what it tells is mended; what happened once stays until somebody says
that it is (`broker alarms --mended CODE`). Each source is asked by itself, so that a damaged
database or a full disk hides no other alarm.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TypeAlias

from audit.errors import LedgerError
from broker.condition import (
    MAX_ROUND_AGE,
    MIN_FREE,
    READINGS_OVER_LIMIT,
    Condition,
    condition,
    is_of_another_user,
    loose_files,
    mail_not_collected,
    readings_over_limit,
    unfinished,
)
from broker.delivery.heartbeat import Heartbeat
from broker.delivery.scanning import ScannerSilentError
from broker.domain.errors import BrokerError
from broker.domain.json_values import as_object, text
from broker.domain.machines.words import A_DAY_OF_FAILURES
from broker.domain.problems import problem_of
from broker.domain.times import moment_of, rfc3339, uk_day
from broker.notices import NOTED, Notices, code_of
from broker.registers.deciders import bodies_without_deciders
from broker.remedies import KNOWN, NOBODY_DECIDES
from broker.settings import Home
from broker.storage.rows.short_lived.buckets import BucketsUnavailableError
from broker.wiring import Services
from keys import KeyManagementError


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that a person must mend; `since` is None where nobody saw it begin."""

    code: str
    what: str
    remedy: str
    count: int = 1
    since: datetime | None = None

    @classmethod
    def of(cls, code: str, *, count: int = 1, since: datetime | None = None) -> "Alarm":
        """Return the alarm of a code that is known."""
        what, remedy = KNOWN[code]
        if code in NOTED.values():
            remedy = f"{remedy}; then: broker alarms --mended {code}"
        return cls(code=code, what=what, remedy=remedy, count=count, since=since)


Source: TypeAlias = Callable[[Services], Iterable[Alarm]]


def alarms(services: Services, *, thorough: bool = False) -> tuple[Alarm, ...]:
    """Return every alarm of an installation, each code once, in the order of `KNOWN`.

    A `thorough` look reads the whole keystore and compares every row with the ledger; a serving
    gateway looks without it each minute.
    """
    sources: tuple[Source, ...] = (
        _of_condition,
        _of_pickup,
        _of_unfinished,
        _of_breaches,
        _of_readings,
        _of_deciders,
        _of_scanner,
        _of_limits,
        _of_webhooks,
    )
    if thorough:
        sources = (_of_keystore, _of_rows, *sources)
    found = [alarm for source in sources for alarm in _asked(source, services)]
    return _dated(
        services.home, services.clock(), [*found, *_of_home(services.home, services.clock())]
    )


def alarms_without(home: Home, error: Exception, now: datetime) -> tuple[Alarm, ...]:
    """Return the alarms of an installation that `error` keeps from being opened."""
    return _dated(home, now, [_of_error(error), *_of_home(home, now)])


def _asked(source: Source, services: Services) -> tuple[Alarm, ...]:
    try:
        return tuple(source(services))
    except (BrokerError, LedgerError, KeyManagementError, OSError) as error:
        return (_of_error(error),)


def _of_error(error: Exception) -> Alarm:
    """Return an error as an alarm: the operator, who reads it, may know its words."""
    code = code_of(error)
    if code is not None:
        return Alarm.of(code)
    return Alarm(
        code=problem_of(error).slug,
        what=str(error),
        remedy="do what it says, then run broker check",
    )


def _of_condition(services: Services) -> Iterator[Alarm]:
    found, now = condition(services), services.clock()
    serves = found.round_age is not None
    begun = {
        "delivery-late": found.oldest_due,
        "no-rounds": found.round_age,
        "heads-unsigned": found.unsigned_age,
    }
    for code in found.faults(serving=serves):
        age = begun.get(code)
        yield Alarm.of(code, since=None if age is None else now - timedelta(seconds=age))
    yield from _of_the_rest(found)


def _of_the_rest(found: Condition) -> Iterator[Alarm]:
    if found.clock_doubted:
        yield Alarm.of("clock-doubted")
    if found.rules_days_left is not None:
        yield Alarm.of("rules-end")


def _of_keystore(services: Services) -> Iterator[Alarm]:
    services.keystore.check_integrity()
    yield from ()


def _of_rows(services: Services) -> Iterator[Alarm]:
    if differing := services.log.differences():
        yield Alarm.of("rows-disagree", count=len(differing))


def _of_pickup(services: Services) -> Iterator[Alarm]:
    if waiting := mail_not_collected(services):
        yield Alarm.of("mail-not-collected", count=len(waiting), since=waiting[0])


def _of_unfinished(services: Services) -> Iterator[Alarm]:
    waiting = unfinished(services)
    today = uk_day(services.clock())
    with services.transaction.database.reading(brief=True) as connection:
        owed = services.transaction.on(connection).duties.days_overdue(today)
    found = {
        "no-call-yet": waiting.no_call_yet,
        "stuck": waiting.stuck,
        "undelivered": waiting.undelivered,
        "relay-not-private": waiting.not_private,
    }
    for code, references in found.items():
        if references:
            yield Alarm.of(code, count=len(references))
    if owed:
        since = datetime.combine(owed[0], time(), UTC) + timedelta(days=1)
        yield Alarm.of("duties-overdue", count=len(owed), since=since)


def _of_breaches(services: Services) -> Iterator[Alarm]:
    if late := services.afterwards.breach_chasing.late():
        yield Alarm.of("breach-late", count=late)


def _of_readings(services: Services) -> Iterator[Alarm]:
    if readers := readings_over_limit(services):
        yield Alarm.of(READINGS_OVER_LIMIT, count=readers)


def _of_deciders(services: Services) -> Iterator[Alarm]:
    with services.transaction() as tx:
        alone = bodies_without_deciders(tx, uk_day(services.clock()))
    if alone:
        yield Alarm.of(NOBODY_DECIDES, count=len(alone))


def _of_scanner(services: Services) -> Iterator[Alarm]:
    scanner = services.sandbox.scanner
    if scanner is None:
        return
    try:
        scanner.must_be_current(services.clock())
    except ScannerSilentError:
        yield Alarm.of("scanner-silent")


def _of_limits(services: Services) -> Iterator[Alarm]:
    try:
        empty = sum(services.limits.exhausted().values())
    except BucketsUnavailableError:
        yield Alarm.of("limits-unavailable")
        return
    if empty:
        yield Alarm.of("limits-reached", count=empty)


def _of_webhooks(services: Services) -> Iterator[Alarm]:
    with services.transaction.database.reading(brief=True) as connection:
        failing = services.transaction.on(connection).webhooks.failing(A_DAY_OF_FAILURES)
    if failing:
        yield Alarm.of("words-not-taken", count=failing)


def _of_home(home: Home, now: datetime) -> Iterator[Alarm]:
    """Yield what the folder alone tells, without database and keystore."""
    for code, notice in Notices(path=home.notices, clock=lambda: now).all().items():
        if code in KNOWN:
            yield Alarm.of(code, count=notice.times, since=notice.first)
    with suppress(OSError):
        usage = shutil.disk_usage(home.path)
        if usage.free < usage.total * MIN_FREE:
            yield Alarm.of("no-room")
        if loose := loose_files(home.path):
            yield Alarm.of("loose-modes", count=len(loose))
        if is_of_another_user(home.path):
            yield Alarm.of("another-user")
    beat = Heartbeat(path=home.heartbeat).read()
    if beat is not None and beat.lost_lines:
        yield Alarm.of("log-lines-lost", count=beat.lost_lines)
    if beat is not None and beat.uncounted_calls:
        yield Alarm.of("limits-unavailable", count=beat.uncounted_calls)
    if beat is not None and now - beat.at > MAX_ROUND_AGE:
        yield Alarm.of("no-rounds", since=beat.at)


def _dated(home: Home, now: datetime, found: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """Return each alarm once, with the moment at which somebody first looked and saw it.

    The file that remembers is a convenience: where it cannot be written, the moment is unknown.
    """
    once: dict[str, Alarm] = {}
    for alarm in found:
        known = once.setdefault(alarm.code, alarm)
        once[alarm.code] = replace(
            known, since=known.since or alarm.since, count=max(known.count, alarm.count)
        )
    seen = _seen(home)
    since = {code: alarm.since or seen.get(code) or now for code, alarm in once.items()}
    remembers = since == seen or _remember(home, since)
    rank = {code: number for number, code in enumerate(KNOWN)}
    return tuple(
        replace(alarm, since=alarm.since or (since[code] if remembers else seen.get(code)))
        for code, alarm in sorted(once.items(), key=lambda item: rank.get(item[0], len(rank)))
    )


def _seen(home: Home) -> dict[str, datetime]:
    with suppress(OSError, ValueError, TypeError):
        kept = as_object(json.loads(home.alarms.read_bytes()))
        return {code: moment_of(text(moment)) for code, moment in kept.items()}
    return {}


def _remember(home: Home, since: Mapping[str, datetime]) -> bool:
    content = json.dumps({code: rfc3339(moment) for code, moment in sorted(since.items())})
    temporary = home.alarms.with_name(f"{home.alarms.name}.new")
    try:
        temporary.write_text(content, encoding="ascii")
        temporary.replace(home.alarms)
    except OSError:
        return False
    return True
