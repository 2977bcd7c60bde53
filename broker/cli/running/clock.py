"""The commands that look at the clock, by which things are destroyed, and confirm it."""

from datetime import date

import click

from broker.cli import session
from broker.cli.days import DAY
from broker.cli.output import item, json_option, say, show
from broker.domain.times import day_text, rfc3339


@click.group()
def clock() -> None:
    """Look at the clock, by which passphrases and cases are destroyed, and confirm it."""


@clock.command("show")
@json_option
def show_clock(*, as_json: bool) -> None:
    """Show what the clock says and whether it is believed."""
    with session.services() as services:
        now, doubted = services.clock(), services.clock_guard.is_doubted()
    document = {"now": rfc3339(now), "doubted": doubted}

    def in_words() -> None:
        item("clock", f"{now:%d %B %Y, %H:%M} UTC")
        say(
            "It is far from the ledger's last moment, so it destroys nothing. If the day is "
            "right: broker clock confirm DAY. If not, set the clock first."
            if doubted
            else "It is near the ledger's last moment, and believed."
        )

    show(document, as_json=as_json, in_words=in_words)


@clock.command("confirm")
@click.argument("day", type=DAY)
@json_option
def confirm(day: date, *, as_json: bool) -> None:
    """Confirm that today is DAY (2026-11-29), read from a calendar and not from this machine.

    It takes a token of the role operator, whose person stands on the ledger. What is over
    goes with the next round.
    """
    with session.services() as services:
        person = session.caller(services)
        services.clock_guard.confirm(day, person.id)
    document = {"day": day_text(day), "doubted": False}
    show(document, as_json=as_json, in_words=lambda: say("The clock is believed again."))


COMMANDS = (clock,)
