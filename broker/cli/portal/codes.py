"""The commands for a page from which a document is fetched: tell a code, read what was replied."""

import click

from broker.cli import session
from broker.cli.output import item, json_option, say, show, words_option
from broker.domain.portal.pages import spelled
from broker.domain.references import parse_reference
from broker.ledger.readings import Entrance


@click.command()
@click.argument("reference")
@click.option(
    "--function",
    required=True,
    help="The function of whoever is on the telephone, such as 'Duty officer'; never a name.",
)
@words_option("reason", "Why the same function is told a code once more.")
@json_option
def code(reference: str, *, function: str, reason: str | None, as_json: bool) -> None:
    """Show a code for the page of REFERENCE, to be told by telephone; it is recorded who asked."""
    with session.services() as services:
        person = session.caller(services)
        about = parse_reference(reference)
        told = services.deliveries.pages.tell_code(about, person, function, reason)

    def in_words() -> None:
        say(f"Document {told.reference}")
        item("ring", told.telephone)
        item("code", spelled(told.code))
        item("for", f"{told.function} alone; a colleague is told another")

    show(told.document(), as_json=as_json, in_words=in_words)


@click.command()
@click.argument("reference")
@json_option
def replies(reference: str, *, as_json: bool) -> None:
    """Read what the readers of the page of REFERENCE wrote to you; it is recorded."""
    with session.services() as services:
        person = session.caller(services)
        about = parse_reference(reference)
        found = services.deliveries.pages.replies(about, person, Entrance.CLI)

    def in_words() -> None:
        if not found:
            say("Nobody has written.")
        for one in found:
            item(one.function, one.words)

    show(
        {"reference": str(about), "replies": [one.document() for one in found]},
        as_json=as_json,
        in_words=in_words,
    )


COMMANDS = (code, replies)
