"""`broker change`: something has changed, and whoever got a first is told."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import click

from broker.cli import session
from broker.cli.in_words import outcome_in_words, state_in_words
from broker.cli.output import item, json_option, lines, read_file, say, show
from broker.disclosures.step_keys import key_of_step
from broker.domain.json_values import as_array, as_object, text, texts
from broker.domain.references import parse_reference
from broker.domain.times import uk_day
from broker.intake.change_documents import read_change
from broker.intake.strict_json import MAX_JSON
from broker.partner_requests.telling import readers_document, told_document

REFERENCE = click.argument("reference")
FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("change")
def change() -> None:
    """Tell those who got something of a case what has changed since."""


@change.command("readers")
@REFERENCE
@json_option
def readers(reference: str, *, as_json: bool) -> None:
    """List who has something of the case of REFERENCE now, each by the first that they got."""
    with session.services() as services:
        changing, about = services.partner_requests.changing, parse_reference(reference)
        told = readers_document(changing.readers(about, session.caller(services)))

    def in_words() -> None:
        for one in map(as_object, as_array(told["readers"])):
            item(
                text(one["first"]),
                f"{one['body']} ({one['mailbox']}), {state_in_words(one['state'])}",
            )
        if not told["readers"]:
            say("Nobody has anything of this case now.")

    show(told, as_json=as_json, in_words=in_words)


@change.command("notify")
@REFERENCE
@click.argument("document", type=FILE)
@click.option("--preview", is_flag=True, help="Show what each would read; keep nothing.")
@json_option
def notify(reference: str, document: Path, *, preview: bool, as_json: bool) -> None:
    """Tell the readers of the case of REFERENCE the change in DOCUMENT (JSON)."""
    content, about = read_file(document, MAX_JSON), parse_reference(reference)
    with session.services() as services:
        person, changing = session.caller(services), services.partner_requests.changing
        vocabulary = services.rulebooks.in_force().vocabulary
        read = read_change(about, content, vocabulary, uk_day(services.clock()))
        if preview or read.preview:
            would = changing.preview(read.notice, person)
            told = {"kept": False, "told": [one.document() for one in would]}
        else:
            # The same file about the same reference again is the same notice.
            name = f"change-{hashlib.sha256(str(about).encode() + content).hexdigest()[:40]}"
            key = key_of_step(services.idempotency, name, "change", str(about), content.hex())
            told = told_document(changing.notify(read.notice, person, key))
    show(told, as_json=as_json, in_words=lambda: _in_words(told))


def _in_words(told: Mapping[str, object]) -> None:
    for one in map(as_object, as_array(told["told"])):
        if told["kept"]:
            item(
                text(one["reference"]),
                f"{one['mailbox']}: {outcome_in_words(one['outcome'])} {one['next_step']}",
            )
            continue
        decision = as_object(one["decision"])
        item(text(one["mailbox"]), outcome_in_words(decision["outcome"]))
        lines("to be right", texts(decision["lawful_if"]))
    if not told["kept"]:
        say("Nothing was kept or sent.")


COMMANDS = (change,)
"""What the command line offers of this module."""
