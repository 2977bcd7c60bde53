"""`broker advice` and `broker cover`: what a Guardian asks others, and who stands in for them."""

from datetime import date

import click

from broker.cli import session
from broker.cli.days import DAY
from broker.cli.output import (
    IDENTIFIER,
    item,
    json_option,
    paragraphs,
    say,
    show,
    words_option,
)
from broker.domain.guardians.advice import TITLES, AdviceId, Adviser
from broker.domain.references import parse_reference
from broker.domain.times import uk_day
from broker.guardian.advising.views import (
    advice_document,
    advice_in_words_document,
    advice_list_document,
    covers_document,
)
from broker.ledger.readings import Entrance
from keys import PersonId


@click.group()
def advice() -> None:
    """Ask for advice before a decision, and answer; advice approves nothing."""


@advice.command("ask")
@click.argument("reference")
@click.option(
    "--of",
    "adviser",
    type=click.Choice([one.value for one in Adviser]),
    required=True,
    help="Whom you ask; the police lead sees your question alone, so it must name nobody.",
)
@words_option("question", "What you want to know.", prompt="What do you need to know?")
@json_option
def ask(reference: str, *, adviser: str, question: str, as_json: bool) -> None:
    """Ask for advice on REFERENCE, which waits for your decision."""
    with session.services() as services:
        person = session.caller(services)
        asked = services.advising.advices.ask(
            parse_reference(reference), person, Adviser(adviser), question
        )
        document = advice_document(asked, uk_day(services.clock()), person.role)

    def in_words() -> None:
        item("asked", f"{TITLES[asked.adviser]}, number {asked.id}")
        item("due", asked.due_on.isoformat())
        item("next step", "You may decide without the answer. It approves nothing.")

    show(document, as_json=as_json, in_words=in_words)


@advice.command("list")
@json_option
def list_advice(*, as_json: bool) -> None:
    """List what your Guardians asked, or what you are asked; the first due first."""
    with session.services() as services:
        person = session.caller(services)
        today = uk_day(services.clock())
        listed = services.advising.advices.listed(person)

    def in_words() -> None:
        for one in listed:
            late = ", late" if one.is_late(today) else ""
            stands = "answered" if one.answered_on else f"due {one.due_on.isoformat()}{late}"
            item(one.id, f"{TITLES[one.adviser]}; {stands}")
        if not listed:
            say("Nothing was asked.")

    show(advice_list_document(listed, today, person.role), as_json=as_json, in_words=in_words)


@advice.command("answer")
@click.argument("number")
@words_option("answer", "Your answer; it is filed with the case.", prompt="Your answer?")
@json_option
def answer(number: str, *, answer: str, as_json: bool) -> None:
    """Answer the question NUMBER, or file the answer that you were told."""
    with session.services() as services:
        person, id_ = session.caller(services), AdviceId(number)
        services.advising.advices.answer(id_, person, answer)
        found = services.advising.advices.read(id_, person, Entrance.CLI)
        document = advice_in_words_document(found, uk_day(services.clock()), person.role)

    def in_words() -> None:
        paragraphs("question", found.question)
        paragraphs("answer", found.answer)
        item("next step", "Done. It stands beside the decision, and decides nothing.")

    show(document, as_json=as_json, in_words=in_words)


@click.group()
def cover() -> None:
    """Hand your list to a deputy for named days; it grants nothing and ends by itself."""


@cover.command("set")
@click.option("--deputy", type=IDENTIFIER, required=True, help="Who covers for you.")
@click.option("--from", "first", type=DAY, required=True, help="The first day.")
@click.option("--until", "last", type=DAY, required=True, help="The last day; 30 at most.")
@json_option
def set_cover(*, deputy: str, first: date, last: date, as_json: bool) -> None:
    """Let a deputy, who holds the role already, cover for you."""
    with session.services() as services:
        person = session.caller(services)
        services.advising.covers.set(person, PersonId(deputy), first, last)
        document = covers_document(services.advising.covers.standing(person))
        found = services.advising.covers.standing(person)

    def in_words() -> None:
        for one in found:
            item(one.deputy, f"for {one.guardian}, {one.first} to {one.last}")

    show(document, as_json=as_json, in_words=in_words)


@cover.command("list")
@json_option
def list_cover(*, as_json: bool) -> None:
    """List who covers for whom, now and to come."""
    with session.services() as services:
        found = services.advising.covers.standing(session.caller(services))

    def in_words() -> None:
        for one in found:
            item(one.deputy, f"for {one.guardian}, {one.first} to {one.last}")
        if not found:
            say("Nobody covers for anybody.")

    show(covers_document(found), as_json=as_json, in_words=in_words)


COMMANDS = (advice, cover)
