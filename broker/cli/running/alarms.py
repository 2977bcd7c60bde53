"""`broker alarms`: everything that is wrong, in one place, each with what to do."""

from datetime import UTC, datetime

import click

from audit.errors import LedgerError
from broker.alarms import Alarm, alarms, alarms_without
from broker.cli import session
from broker.cli.output import item, json_option, say, show
from broker.domain.errors import BrokerError, CheckFailedError, NotInitialisedError
from broker.domain.times import moment_text, uk_time
from broker.notices import Notices
from broker.remedies import KNOWN
from broker.settings import Home
from keys import KeyManagementError


@click.command("alarms")
@click.option(
    "--mended",
    type=click.Choice(sorted(KNOWN)),
    metavar="CODE",
    help="Say that what happened once was looked at and mended, so that its alarm ends.",
)
@json_option
def show_alarms(mended: str | None, *, as_json: bool) -> None:
    """Show everything that is wrong, since when, and what to do; 1 if there is anything.

    An alarm ends by itself when what it tells is mended. What happened once (content that did not
    open, a row that was not believed) stays until you say --mended CODE.
    """
    home = Home(path=session.settings().home)
    if mended is not None:
        ended = Notices(path=home.notices, clock=_now).end(mended)
        say(
            f"{mended} is ended. It comes back if it happens again."
            if ended
            else f"{mended} is not kept as something that happened; an alarm of that name ends by "
            "itself when it is mended."
        )
        return
    found = _found(home)
    document = {"alarms": [_document(alarm) for alarm in found]}

    def in_words() -> None:
        if not found:
            say("Nothing is wrong that the broker can see.")
        for alarm in found:
            _in_words(alarm)

    show(document, as_json=as_json, in_words=in_words)
    if found:
        raise CheckFailedError(len(found))


def _now() -> datetime:
    return datetime.now(UTC)


def _found(home: Home) -> tuple[Alarm, ...]:
    try:
        with session.as_it_stands() as services:
            return alarms(services, thorough=True)
    except NotInitialisedError:
        raise
    except (BrokerError, LedgerError, KeyManagementError, OSError) as error:
        return alarms_without(home, error, _now())


def _document(alarm: Alarm) -> dict[str, object]:
    return {
        "code": alarm.code,
        "what": alarm.what,
        "do": alarm.remedy,
        "count": alarm.count,
        "since": moment_text(alarm.since),
    }


def _in_words(alarm: Alarm) -> None:
    times = f" ({alarm.count})" if alarm.count > 1 else ""
    item("ALARM", f"{alarm.code}: {alarm.what}{times}")
    if alarm.since is not None:
        item("since", f"{uk_time(alarm.since):%Y-%m-%d %H:%M}")
    item("do", alarm.remedy)


COMMANDS = (show_alarms,)
