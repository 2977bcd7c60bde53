"""The commands that have cases kept although their time has come."""

from datetime import date

import click

from broker.cli import session
from broker.cli.days import DAY
from broker.cli.output import IDENTIFIER, item, json_option, say, show, words_option
from broker.domain.grounds import must_be_a_reason
from broker.domain.references import parse_reference
from broker.domain.times import day_text, rfc3339
from broker.retention.legal_holds import HoldRequest
from keys import PersonId

REFERENCE = click.argument("reference")
OWNER = click.option(
    "--owner", type=IDENTIFIER, required=True, help="Who needs it kept; never a name."
)


@click.group()
def hold() -> None:
    """Have cases kept although their time has come, for whoever needs them."""


@hold.command("set")
@REFERENCE
@OWNER
@click.option("--until", type=DAY, required=True, help="The last day on which it is needed.")
@words_option("why", "Why, in your own words; kept with the case.", prompt="Why is it kept?")
@json_option
def set_hold(reference: str, owner: str, until: date, *, why: str, as_json: bool) -> None:
    """Keep the case of REFERENCE until a day; the same owner again extends or shortens it."""
    must_be_a_reason(why)
    claim = HoldRequest(owner=PersonId(owner), until=until, why=why)
    with session.services() as services:
        person = session.caller(services)
        kept = services.retention.legal_holds.hold(parse_reference(reference), person.id, claim)
    show(
        {"case": kept.case, "owner": kept.owner, "until": day_text(kept.until)},
        as_json=as_json,
        in_words=lambda: say(f"Nothing erases this case until {kept.until} is over."),
    )


@hold.command("lift")
@REFERENCE
@OWNER
@json_option
def lift_hold(reference: str, owner: str, *, as_json: bool) -> None:
    """Let the case of REFERENCE go, which its owner needs no longer."""
    with session.services() as services:
        person = session.caller(services)
        services.retention.legal_holds.lift(parse_reference(reference), person.id, PersonId(owner))
    document = {"reference": str(parse_reference(reference)), "owner": owner}
    show(document, as_json=as_json, in_words=lambda: say(f"{owner} has it kept no longer."))


@hold.command("list")
@json_option
def list_holds(*, as_json: bool) -> None:
    """List every hold that was not lifted, the first to end first."""
    with session.services() as services:
        today = services.retention.erasures.today()
        holds = [
            {
                "reference": str(reference),
                "case": one.case,
                "owner": one.owner,
                "until": day_text(one.until),
                "set_at": rfc3339(one.set_at),
                "expired": not one.stands_on(today),
            }
            for reference, one in services.retention.legal_holds.all()
        ]

    def in_words() -> None:
        for one in holds:
            end = "EXPIRED, keeps nothing, on" if one["expired"] else "until"
            item(str(one["reference"]), f"for {one['owner']} {end} {one['until']}")
        if not holds:
            say("No case is held.")

    show({"holds": holds}, as_json=as_json, in_words=in_words)


COMMANDS = (hold,)
