"""`broker earlier`: what a body knew before, for lead and Guardian; and what a body received."""

from collections.abc import Mapping

import click

from broker.cases.earlier.views import (
    list_document,
    opened_document,
    owed_document,
    received_document,
)
from broker.cli import session
from broker.cli.in_words import match_in_words
from broker.cli.output import item, json_option, lines, paragraphs, say, show
from broker.domain.cases.earlier import Call
from broker.domain.json_values import as_array, as_object, text, texts
from broker.domain.references import parse_any_reference, parse_reference
from broker.ledger.readings import Entrance

CALL = click.Choice([call.value for call in Call])


@click.group("earlier")
def earlier() -> None:
    """Read earlier concerns about the same person, and say whether it is the same."""


@earlier.command("waiting")
@json_option
def waiting(*, as_json: bool) -> None:
    """List what has earlier concerns that nobody has opened."""
    with session.services() as services:
        document = owed_document(services.earlier.owed(session.caller(services)))

    def in_words() -> None:
        lines("open first", texts(document["waiting"]))
        if not texts(document["waiting"]):
            say("No earlier concern waits to be opened.")

    show(document, as_json=as_json, in_words=in_words)


@earlier.command("list")
@click.argument("reference")
@json_option
def before(reference: str, *, as_json: bool) -> None:
    """List the earlier concerns about the person of REFERENCE; it is recorded."""
    about = parse_any_reference(reference)
    with session.services() as services:
        found = services.earlier_before(about).before(session.caller(services), about)
    document = list_document(about, found)
    show(document, as_json=as_json, in_words=lambda: list_in_words(document))


@earlier.command("received")
@click.argument("reference")
@json_option
def received(reference: str, *, as_json: bool) -> None:
    """List the earlier references about the person of REFERENCE that came to your body."""
    about = parse_reference(reference)
    with session.services() as services:
        found = services.earlier.received_before(session.caller(services), about)
    document = received_document(about, found)
    show(document, as_json=as_json, in_words=lambda: list_in_words(document))


@earlier.command("show")
@click.argument("reference")
@click.argument("other")
@json_option
def show_earlier(reference: str, other: str, *, as_json: bool) -> None:
    """Read OTHER, an earlier concern than REFERENCE; that you did is recorded."""
    about, one = parse_any_reference(reference), parse_any_reference(other)
    with session.services() as services:
        lists = services.earlier_before(about)
        opened = lists.open(session.caller(services), about, one, Entrance.CLI)
    document = opened_document(opened)

    def in_words() -> None:
        _line(document)
        for field in map(as_object, as_array(document["words"])):
            say(text(field["label"]))
            paragraphs("", text(field["text"]))
        if document["says"] is not None:
            say(text(document["says"]))

    show(document, as_json=as_json, in_words=in_words)


@earlier.command("call")
@click.argument("reference")
@click.argument("other")
@click.option("--as", "word", type=CALL, required=True, help="The same person, or another one.")
@json_option
def call(reference: str, other: str, word: str, *, as_json: bool) -> None:
    """Say whether REFERENCE and OTHER are about one person; the newest word counts."""
    about, one = parse_any_reference(reference), parse_any_reference(other)
    with session.services() as services:
        person, lists = session.caller(services), services.earlier_before(about)
        lists.call(person, about, one, Call(word))
        document = list_document(about, lists.before(person, about))
    show(document, as_json=as_json, in_words=lambda: list_in_words(document))


def list_in_words(document: Mapping[str, object]) -> None:
    """Print earlier concerns, the newest first."""
    found = list(map(as_object, as_array(document["earlier"])))
    for one in found:
        _line(one)
    if not found:
        say("Nothing is known from before.")


def _line(one: Mapping[str, object]) -> None:
    said = [f"{one['on']}, {match_in_words(one['match'])}"]
    if one["call"] is not None:
        said.append("said to be the same" if one["call"] == "same" else "said to be another")
    if one.get("was_opened"):
        said.append("you have opened it")
    if one.get("words_gone_on") is not None:
        said.append(f"its words are gone since {one['words_gone_on']}")
    item(text(one["reference"]), "; ".join(said))


COMMANDS = (earlier,)
