"""`broker concern`: what was put to a lead, a manager or a Guardian, and what they answer."""

import click

from broker.cli import session
from broker.cli.casework.earlier import list_in_words
from broker.cli.in_words import spaced
from broker.cli.output import item, json_option, paragraphs, say, show, words_option
from broker.concerns.checking import Advised
from broker.concerns.views import concern_document, concerns_document, open_document
from broker.domain.concerns.concerns import Advice, Also, Concern
from broker.domain.references import Prefix, Reference, parse_reference
from broker.ledger.readings import Entrance
from broker.web.writing.for_the_lead import parts_for_the_lead

REFERENCE = click.argument("reference")
ADVICE = click.Choice([one.value for one in Advice])
ALSO = click.Choice([one.value for one in Also])


@click.group("concern")
def concern() -> None:
    """Check what a colleague wants to send, before it goes."""


@concern.command("list")
@json_option
def list_concerns(*, as_json: bool) -> None:
    """List what waits for your answer, the first due first, and where the others stand."""
    with session.services() as services:
        person = session.caller(services)
        waiting, body = (
            services.concerns.checking.waiting(person),
            services.concerns.checking.of_body(person),
        )

    def in_words() -> None:
        say("Waiting for you" if waiting else "Nothing is waiting for you.")
        for one in waiting:
            item(str(one.reference), f"by {one.newest.due_on}")
        others = [one for one in body if one not in waiting]
        if others:
            say("Others of your organisation")
        for one in others:
            item(str(one.reference), _standing(one))

    show(concerns_document(waiting, body), as_json=as_json, in_words=in_words)


@concern.command("show")
@REFERENCE
@json_option
def show_concern(reference: str, *, as_json: bool) -> None:
    """Read concern REFERENCE, which was put to you; that you read it is recorded."""
    with session.services() as services:
        person = session.caller(services)
        opened = services.concerns.checking.open(_parsed(reference), person, Entrance.CLI)
        parts = parts_for_the_lead(services, person, opened)
        earlier = services.concerns.earlier.beside(person, opened)
    document = open_document(opened, earlier)

    def in_words() -> None:
        say(f"Concern {opened.concern.reference}")
        item("stands", _standing(opened.concern))
        for part in parts:
            say(part.title)
            for one in part.asked:
                paragraphs("", f"{one.question}: {one.answer}")
        for number, words in opened.words.items():
            paragraphs(f"answer {number}", words)
        if earlier is not None:
            say("Earlier concerns about this person")
            list_in_words(document)

    show(document, as_json=as_json, in_words=in_words)


@concern.command("check")
@REFERENCE
@click.option("--advice", type=ADVICE, required=True, help="What should happen.")
@click.option("--also", type=ALSO, multiple=True, help="What should happen beside it.")
@words_option("reason", "Why; or, with tell-me-more, what you ask.", prompt="Why?")
@json_option
def check_concern(
    reference: str, *, advice: str, also: tuple[str, ...], reason: str, as_json: bool
) -> None:
    """Answer what was put to you about concern REFERENCE; whoever wrote it reads your reason."""
    said = Advised(advice=Advice(advice), also=frozenset(map(Also, also)), words=reason)
    with session.services() as services:
        person = session.caller(services)
        after = services.concerns.checking.answer(_parsed(reference), person, said)

    def in_words() -> None:
        say(f"Concern {after.reference}")
        item("stands", _standing(after))
        item("next", "Whoever wrote it is told that there is an answer.")

    show(concern_document(after), as_json=as_json, in_words=in_words)


def _standing(one: Concern) -> str:
    ended = "" if one.closed_as is None else f", {spaced(one.closed_as)}"
    return f"{one.stage.value}{ended}, noted on {one.noted_at:%Y-%m-%d}"


def _parsed(reference: str) -> Reference:
    return parse_reference(reference, Prefix.CONCERN)


COMMANDS = (concern,)
