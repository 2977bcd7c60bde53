"""`broker list` and `broker show`: what somebody began and sent, and what they wrote in it."""

import click

from broker.cli import session
from broker.cli.output import item, json_option, paragraphs, say, show
from broker.cli.standing import contact_names
from broker.concerns.views import concern_document
from broker.disclosures import views
from broker.disclosures.afterwards.document import pack_of
from broker.domain.json_values import as_array, as_object
from broker.domain.references import parse_reference
from broker.domain.times import day_text
from broker.ledger.readings import Entrance
from broker.packs.contents import label_of, title_of_purpose
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
            item(str(one["reference"]), f"{one['state']}; {one['next_step']}")

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


COMMANDS = (list_own, show_own)
