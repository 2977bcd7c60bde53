"""`broker list`, `status` and `show`: what somebody began and sent, where it stands, its words."""

from collections.abc import Mapping

import click

from broker.cli import session
from broker.cli.in_words import state_in_words
from broker.cli.output import item, json_option, paragraphs, say, show
from broker.cli.standing import contact_names, tell_in_words
from broker.concerns.views import concern_document
from broker.disclosures import views
from broker.disclosures.afterwards.document import pack_of
from broker.domain.form import label_of
from broker.domain.json_values import as_array, as_object
from broker.domain.references import parse_reference
from broker.domain.times import day_text
from broker.ledger.readings import Entrance
from broker.packs.contents import title_of_purpose
from broker.wiring import Services


@click.command("list")
@json_option
def list_own(*, as_json: bool) -> None:
    """List what you began and have not sent, what waits for your lead, and what you sent."""
    with session.services() as services:
        document = _own(services)

    def in_words() -> None:
        begun = [as_object(one) for one in as_array(document["drafts"])]
        say("Not sent yet" if begun else "Nothing waits to be sent.")
        for one in begun:
            concern = one["concern"]
            if concern is None:
                item("draft", f"saved on {one['saved_on']}, kept until {one['kept_until']}")
            else:
                told = as_object(concern)
                item(str(told["reference"]), f"{told['stage']}, answer due {told['due_on']}")
        sent = [as_object(one) for one in as_array(document["disclosures"])]
        say("Sent" if sent else "You have submitted nothing.")
        for one in sent:
            item(str(one["reference"]), f"{state_in_words(one['state'])}; {one['next_step']}")

    show(document, as_json=as_json, in_words=in_words)


def _own(services: Services) -> dict[str, object]:
    person = session.caller(services)
    begun: list[object] = []
    for row in services.concerns.drafts.mine(person):
        asked = services.concerns.asking.of_draft(person, row.id)
        begun.append(
            {
                "form": row.form,
                "saved_on": day_text(row.saved_on),
                "kept_until": day_text(row.expires_on),
                "concern": None if asked is None else concern_document(asked.concern),
            }
        )
    return {"drafts": begun, **views.disclosures_document(services.disclosures.own(person))}


@click.command()
@click.argument("reference", required=False)
@json_option
def status(reference: str | None, *, as_json: bool) -> None:
    """Say where REFERENCE stands; without one, list what you submitted, the newest first."""
    with session.services() as services:
        person = session.caller(services)
        if reference is None:
            listed = views.disclosures_document(services.disclosures.own(person))
            show(listed, as_json=as_json, in_words=lambda: _list_in_words(listed))
            return
        told = views.view_of(
            services.disclosures, services.receipts, parse_reference(reference), person
        ).document()
        show(told, as_json=as_json, in_words=lambda: tell_in_words(told))


def _list_in_words(listed: Mapping[str, object]) -> None:
    own = list(map(as_object, as_array(listed["disclosures"])))
    for one in own:
        due = f", by {one['due_on']}" if one["due_on"] else ""
        purpose = title_of_purpose(str(one["purpose"]))
        item(
            str(one["reference"]),
            f"{state_in_words(one['state'])}{due}; {purpose}; {one['next_step']}",
        )
    if not own:
        say("You have submitted nothing.")


@click.command("show")
@click.argument("reference")
@json_option
def show_own(reference: str, *, as_json: bool) -> None:
    """Read what you wrote in REFERENCE, field by field; that it was read is recorded."""
    with session.services() as services:
        person = session.caller(services)
        about = parse_reference(reference)
        pack = pack_of(services.transaction, about, person, Entrance.CLI)
        to = contact_names(services).get(pack.recipient, pack.recipient)

    def in_words() -> None:
        say(f"Document {about}")
        item("to", to)
        item("for", title_of_purpose(str(pack.questions["purpose"])))
        for field, words in pack.form.items():
            paragraphs("", f"{label_of(field)}: {words}")
        for note in pack.attachments:
            item("file", f"{note.name}: {'; '.join(map(label_of, note.carries))}")

    document = {"reference": str(about), "pack": pack.document()}
    show(document, as_json=as_json, in_words=in_words)


COMMANDS = (list_own, status, show_own)
