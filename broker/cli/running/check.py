"""`broker check`: whether the installation is fit to take and deliver, and what to do if not."""

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Final

import click

from audit.errors import LedgerError, RollbackError
from audit.format.plurals import counted
from broker.alarms import alarms
from broker.cli import session
from broker.cli.output import complain, item, json_option, lines, say, show
from broker.cli.waiting import while_doing
from broker.condition import (
    Condition,
    Unfinished,
    condition,
    is_of_another_user,
    loose_files,
    unfinished,
)
from broker.delivery.smtp.courier import SmtpCourier
from broker.domain.errors import CheckFailedError, DeliveryError
from broker.ledger.faults import fault_of
from broker.operations.database_tables import tables_of
from broker.operations.installation import begin
from broker.packs.sandbox import SandboxUnavailableError, Wall
from broker.remedies import KNOWN, NOBODY_DECIDES
from broker.wiring import Services
from policies import Rulebook

_NOBODY_RUNS = "nobody has said, so nobody reads the whole ledger: broker init --run-by BODY"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What one look at an installation found; `faults` are codes of `broker.remedies.KNOWN`."""

    faults: tuple[str, ...]
    condition: Condition
    loose: tuple[str, ...]
    head_age: float | None
    ledger_size: int | None
    revisions: tuple[str | None, str | None]
    waiting: Unfinished
    rulebook: str | None
    walls: frozenset[Wall] | None
    alarms: tuple[str, ...]
    differing: tuple[str, ...]
    unvouched: tuple[str, ...]
    relay: str | None
    run_by: str | None

    @property
    def newer_rulebook_shipped(self) -> bool:
        """Whether this release brings other rules than those in force."""
        return self.rulebook != Rulebook.shipped().version


@click.command()
@json_option
def check(*, as_json: bool) -> None:
    """Check settings, keystore, database, disk, clock, delivery and ledger head."""
    with (
        session.as_it_stands() as services,
        ThreadPoolExecutor(max_workers=1) as beside,
    ):
        seen = _looked_at(services, beside)
    show(_document(seen), as_json=as_json, in_words=partial(_in_words, seen))
    if seen.faults:
        raise CheckFailedError(len(seen.faults))


def _looked_at(services: Services, beside: Executor) -> _Seen:
    """Look at every part; what is wrong with the ledger is complained about at once.

    The pages of the database are looked at `beside` the rest: SQLite needs no Python for that.
    """
    wrong = _begun(services)
    pages = beside.submit(services.transaction.database.is_sound)
    with while_doing("Looking at every key"):
        services.keystore.check_integrity()
    found = condition(services)
    head_age = services.checkpoints.newest_age()
    size = services.checkpoints.keep().checkpoint.size if wrong is None else None
    loose = loose_files(services.home.path)
    walls = _walls(services)
    with while_doing("Looking for alarms"):
        standing = tuple(alarm.code for alarm in alarms(services))
    with while_doing("Holding every row against the ledger"):
        compared = services.log.compared() if wrong is None else None
    with while_doing("Trying the mail relay"):
        relay = _relay(services)
    with while_doing("Looking at every page of the database"):
        found = replace(found, database_sound=pages.result())
    faults = [*found.faults(serving=False)]
    if wrong is not None and wrong not in faults:
        faults.insert(0, wrong)
    faults += ["clock-doubted"] * found.clock_doubted + ["loose-modes"] * bool(loose)
    faults += ["another-user"] * is_of_another_user(services.home.path)
    faults += [NOBODY_DECIDES] * (NOBODY_DECIDES in standing)
    faults += ["files-unreadable"] * (walls is None)
    faults += ["rows-disagree"] * bool(compared and compared.differing)
    faults += ["relay-not-ready"] * (relay is not None and not relay.startswith("TLS"))
    return _Seen(
        faults=tuple(faults),
        condition=found,
        loose=tuple(map(str, loose)),
        head_age=head_age,
        ledger_size=size,
        revisions=tables_of(services),
        waiting=unfinished(services),
        rulebook=services.rulebooks.in_force().version if wrong is None else None,
        walls=walls,
        alarms=standing,
        differing=() if compared is None else compared.differing,
        unvouched=() if compared is None else compared.unvouched,
        relay=relay,
        run_by=services.home.run_by,
    )


def _document(seen: _Seen) -> dict[str, object]:
    at, newest = seen.revisions
    walls = seen.walls
    return {
        "settings": "ok",
        "keystore": "ok",
        "faults": [*seen.faults],
        "database_revision": at,
        "newest_revision": newest,
        "ledger_size": seen.ledger_size,
        "newest_head_age": seen.head_age,
        "alarms": [*seen.alarms],
        "outbox": seen.condition.steps,
        "sandbox": None if walls is None else {wall.value: wall in walls for wall in Wall},
        "no_call_yet": [str(reference) for reference in seen.waiting.no_call_yet],
        "stuck": [str(reference) for reference in seen.waiting.stuck],
        "undelivered": [str(reference) for reference in seen.waiting.undelivered],
        "relay": seen.relay,
        "run_by": seen.run_by,
        "rulebook": seen.rulebook,
        "newer_rulebook_shipped": seen.newer_rulebook_shipped,
        "loose": [*seen.loose],
        "differing": [*seen.differing],
        "unvouched": [*seen.unvouched],
        "condition": asdict(seen.condition),
    }


def _in_words(seen: _Seen) -> None:
    if not seen.faults:
        say("Settings, keystore and database are in order.")
    lines("FAULT", (": ".join(KNOWN[fault]) for fault in seen.faults))
    lines("loose", seen.loose[:10])
    size = seen.ledger_size
    entries = "nothing is signed" if size is None else counted(size, "entry")
    item("ledger", f"{entries}; check them all: broker ledger verify")
    lines("differs", seen.differing[:10])
    if unvouched := seen.unvouched:
        item(
            "marks",
            f"the ledger vouches for none of those of {counted(len(unvouched), 'referral')}: a "
            "release before it did made them, so one could be missing. Next: broker keys reindex",
        )
    item("", f"the newest head before this check was signed {_ago(seen.head_age)}")
    if seen.alarms:
        item("alarms", f"{counted(len(seen.alarms), 'stands', 'stand')}: broker alarms")
    _condition_in_words(seen.condition)
    _sandbox_in_words(seen.walls or frozenset())
    _unfinished_in_words(seen.waiting)
    if seen.relay is not None:
        within = seen.relay.startswith("TLS")
        item("relay", f"answers inside {seen.relay}" if within else seen.relay)
    item("run by", seen.run_by or _NOBODY_RUNS)
    if seen.newer_rulebook_shipped:
        item("rules", "this release ships other rules: broker policy impact, then activate")


def _begun(services: Services) -> str | None:
    """Begin as every command does, and return what is wrong with the ledger, None for nothing.

    Its words go to standard error.
    """
    try:
        with while_doing("Reading the ledger"):
            begin(services)
    except LedgerError as error:
        fault = fault_of(error)
        if fault is None:
            raise
        evidence = f"\nEvidence: {error.evidence}." if isinstance(error, RollbackError) else ""
        complain(f"{error}{evidence}")
        return fault.value
    return None


def _walls(services: Services) -> frozenset[Wall] | None:
    """Return the walls around the process that reads files, None where it cannot be started."""
    try:
        return services.sandbox.start()
    except SandboxUnavailableError:
        return None


def _unfinished_in_words(waiting: Unfinished) -> None:
    lines("no call yet", (f"{one}: ring the recipient" for one in waiting.no_call_yet))
    lines("stuck", (f"{one}: a step fails again and again" for one in waiting.stuck))
    lines("undelivered", (f"{one}: ring the recipient" for one in waiting.undelivered))


def _relay(services: Services) -> str | None:
    """Try the mail relay, and return the TLS that it gives or what is wrong; None without one."""
    courier = services.dispatcher.courier
    if not isinstance(courier, SmtpCourier):
        return None
    try:
        return courier.try_relay(services.settings.mail_from)
    except DeliveryError as error:
        return str(error)


def _sandbox_in_words(walls: frozenset[Wall]) -> None:
    item("files", f"are read apart, behind {len(walls)} of {len(Wall)} walls, tried just now")
    missing = (wall for wall in Wall if wall not in walls)
    lines("no wall", (f"{wall.words}: this machine does not give it" for wall in missing))


def _condition_in_words(found: Condition) -> None:
    item("outbox", counted(found.steps, "step waits", "steps wait"))
    if found.oldest_due is not None and found.oldest_due > 0:
        item("", f"the oldest has been due for {counted(round(found.oldest_due), 'second')}")
    item("serving", f"last round of broker serve: {_ago(found.round_age)}")
    item("disk", f"{found.free_share:.0%} free")
    if found.log_lines_lost:
        item("log", f"{counted(found.log_lines_lost, 'line')} could not be written; give it room")
    session.warn_of_rules(found.rules_days_left)


_UNITS: Final = {"day": 86_400, "hour": 3_600, "minute": 60}


def _ago(seconds: float | None) -> str:
    if seconds is None:
        return "never"
    for unit, long in _UNITS.items():
        if seconds >= 2 * long:
            return f"{counted(round(seconds / long), unit)} ago"
    return f"{counted(round(seconds), 'second')} ago"


COMMANDS = (check,)
