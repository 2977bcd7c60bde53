"""The commands for a delivery that stands still: arrived, send it again, carry it by hand."""

import sys
from pathlib import Path

import click

from audit.format.plurals import counted
from audit.log.files import write_durably
from broker.cli import session
from broker.cli.in_words import outcome_in_words
from broker.cli.output import item, json_option, lines, say, show, words_of, words_option
from broker.cli.standing import step_of, tell_in_words
from broker.disclosures.standing_still.deliveries import HAND_WAYS, HandReceipt
from broker.disclosures.standing_still.sending_anew import WouldGo
from broker.domain.form import label_of
from broker.domain.references import parse_reference
from broker.ledger.changes.retractions import Answer
from broker.ledger.readings import Entrance


@click.command()
@click.argument("reference")
@json_option
def arrived(reference: str, *, as_json: bool) -> None:
    """Record that REFERENCE has arrived, as its recipient said on the telephone."""
    with step_of(reference, as_json=as_json) as (services, about, person):
        services.deliveries.confirm_arrival(about, person)


@click.command()
@click.argument("reference")
@words_option("reason", "Why it is sent once more.", prompt="Why is it sent once more?")
@json_option
def resend(reference: str, *, reason: str, as_json: bool) -> None:
    """Have REFERENCE sent once more, although it was refused or may have gone."""
    with step_of(reference, as_json=as_json) as (services, about, person):
        services.deliveries.resend(about, person, reason)


@click.command()
@click.argument("reference")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@words_option("reason", "Why it is fetched a second time.")
@json_option
def fetch(reference: str, file: Path, *, reason: str | None, as_json: bool) -> None:
    """Write the sealed document of REFERENCE to a file, to be carried by hand."""
    if file.exists():
        raise click.UsageError("There is a file of that name already. Name another.")
    with session.services() as services:
        person = session.caller(services)
        sealed = services.deliveries.fetch(
            parse_reference(reference), person, Entrance.CLI, reason
        )
    write_durably(file, sealed)
    document = {"reference": str(parse_reference(reference)), "bytes": len(sealed)}

    def in_words() -> None:
        say(f"Document {document['reference']}")
        item("written", f"{counted(len(sealed), 'byte')}, sealed, for you alone")
        item("next step", f"carry it, then: broker sent {document['reference']} --by WAY")

    show(document, as_json=as_json, in_words=in_words)


@click.command()
@click.argument("reference")
@click.option("--by", "way", required=True, type=click.Choice(sorted(HAND_WAYS)))
@words_option(
    "receipt",
    "The receipt that the other system gave, or who took it and when.",
    prompt="Which receipt did the other system give, or who took it and when?",
)
@json_option
def sent(reference: str, *, way: str, receipt: str, as_json: bool) -> None:
    """Record that REFERENCE was carried by hand, and the receipt for it."""
    with step_of(reference, as_json=as_json) as (services, about, person):
        services.deliveries.sent_by_hand(about, person, HandReceipt(way=way, receipt=receipt))


@click.command()
@click.argument("reference")
@click.option("--answer", required=True, type=click.Choice([one.value for one in Answer]))
@json_option
def deleted(reference: str, *, answer: str, as_json: bool) -> None:
    """Record what the recipient of REFERENCE, which was called back, said about deleting it."""
    with step_of(reference, as_json=as_json) as (services, about, person):
        services.afterwards.recalling.answered(about, person, Answer(answer))


@click.command()
@click.argument("reference")
@words_option("reason", "Why it must go after all.")
@click.option("--try", "only_look", is_flag=True, help="Only show it; nothing is kept or sent.")
@click.option("--yes", is_flag=True, help="Do not ask after showing to whom it goes, and what.")
@json_option
def anew(reference: str, *, reason: str | None, only_look: bool, yes: bool, as_json: bool) -> None:
    """Send again what has ended of REFERENCE, judged anew: to whom it goes is shown first."""
    if not (only_look or yes or sys.stdin.isatty()):
        message = "Nothing was sent: there is nobody to ask. Say --yes to send it unasked."
        raise click.UsageError(message)
    with session.services() as services:
        person, about = session.caller(services), parse_reference(reference)
        would = services.deliveries.anew.look(about, person, Entrance.CLI)
        if only_look:
            document = {"kept": False, **would.document()}
            show(document, as_json=as_json, in_words=lambda: _would_go_in_words(would))
            return
        if not as_json:
            _would_go_in_words(would)
        if not yes:
            click.confirm("Send this?", abort=True, err=True)
        why = reason or words_of(None, "reason", "Why must it go after all?")
        after = services.deliveries.anew.send(about, person, why, would.seen)
        told = session.told(services, after.reference, person)
        show(told, as_json=as_json, in_words=lambda: tell_in_words(told))


def _would_go_in_words(would: WouldGo) -> None:
    contact, what = would.contact, would.what
    say(f"{would.first} sent again, as the rules and the directory stand today")
    item("outcome", outcome_in_words(what.outcome))
    item("to", f"{contact.title}, {would.body.name}")
    item("address", contact.address)
    item("telephone", contact.telephone)
    lines("goes", (*map(label_of, what.goes), *what.files_go))
    lines("stays", (f"{label_of(field)}: {why}" for field, why in what.stays.items()))
    lines("to be right", what.lawful_if)


COMMANDS = (arrived, resend, anew, fetch, sent, deleted)
