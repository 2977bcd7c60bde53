"""`broker directory`: agencies and the mailboxes a pack may go to."""

from datetime import UTC, datetime
from pathlib import Path

import click

from broker.cli import session
from broker.cli.output import FILE, IDENTIFIER, item, json_option, read_file, say, show
from broker.domain.model import Mailbox, MailboxId
from broker.domain.times import day_text
from broker.intake.documents import read_directory
from keys import PersonId


@click.group()
def directory() -> None:
    """Keep the directory of agencies and mailboxes."""


@directory.command("list")
@json_option
def list_directory(*, as_json: bool) -> None:
    """List every mailbox."""
    with session.services() as services, services.transaction() as tx:
        mailboxes = tx.directory.mailboxes()
    document = {"mailboxes": [_mailbox(mailbox) for mailbox in mailboxes]}

    def in_words() -> None:
        for mailbox in mailboxes:
            state = f"verified {mailbox.verified_on}" if mailbox.verified_on else "NOT VERIFIED"
            item(mailbox.id, f"{mailbox.title}, {mailbox.address}, {mailbox.telephone}; {state}")
        if not mailboxes:
            say("The directory is empty. Add entries: broker directory add FILE")

    show(document, as_json=as_json, in_words=in_words)


@directory.command("add")
@click.argument("file", type=FILE)
@json_option
def add_to_directory(file: Path, *, as_json: bool) -> None:
    """Add the agencies and mailboxes of FILE (JSON); each must then be verified."""
    agencies, mailboxes = read_directory(read_file(file))
    with session.services() as services:
        register = services.rulebooks.in_force().mail
        with services.transaction() as tx:
            tx.directory.add(agencies, mailboxes, register)
    document = {"agencies": len(agencies), "mailboxes": len(mailboxes)}
    say_added = f"Added {len(agencies)} agencies and {len(mailboxes)} mailboxes."
    next_step = "Ring each mailbox's team, then: broker directory verify MAILBOX --by PERSON"
    show(document, as_json=as_json, in_words=lambda: say(f"{say_added} {next_step}"))


@directory.command("verify")
@click.argument("mailbox", type=IDENTIFIER)
@click.option("--by", type=IDENTIFIER, required=True, help="Who checked it by telephone.")
@json_option
def verify_mailbox(mailbox: str, by: str, *, as_json: bool) -> None:
    """Record that MAILBOX was checked with the recipient by telephone today."""
    today = datetime.now(UTC).date()
    with session.services() as services, services.transaction() as tx:
        tx.directory.verify(MailboxId(mailbox), by=PersonId(by), on=today)
    document = {"mailbox": mailbox, "verified_on": day_text(today)}
    show(document, as_json=as_json, in_words=lambda: say(f"{mailbox} is verified from today."))


def _mailbox(mailbox: Mailbox) -> dict[str, object]:
    return {
        "id": mailbox.id,
        "agency": mailbox.agency,
        "title": mailbox.title,
        "address": mailbox.address,
        "type": mailbox.type,
        "accepts_encrypted": mailbox.accepts_encrypted,
        "telephone": mailbox.telephone,
        "verified_on": day_text(mailbox.verified_on),
        "verified_by": mailbox.verified_by,
    }


COMMANDS = (directory,)
