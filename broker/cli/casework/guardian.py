"""The Caldicott Guardian's commands: what waits, what it says, and the decision."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from broker.cli import session
from broker.cli.in_words import guardian_state_in_words, outcome_in_words, spaced
from broker.cli.output import (
    FILE,
    LONGEST_WORDS,
    item,
    json_option,
    lines,
    read_file,
    say,
    show,
    words_option,
)
from broker.cli.pages.answers import is_copy, look_back_at_answer, show_answer
from broker.cli.pages.queue import queue_in_words
from broker.cli.pages.referral import referral_in_words
from broker.cli.standing import contact_names
from broker.domain.grounds import PRINCIPLES, RELATIONS, VIEWS, Grounds, Opinion
from broker.domain.json_values import as_array, as_object, texts
from broker.domain.model import Person
from broker.domain.references import Reference, parse_reference
from broker.guardian import views as guardian_views
from broker.guardian.answer import VERDICTS, Answer
from broker.guardian.public_interest import DECIDED_BY, PARTS
from broker.intake.documents import read_public_interest
from broker.ledger.readings import Entrance, readings_of
from broker.wiring import Services

REFERENCE = click.argument("reference")
REASON = words_option("reason", "Why, in your own words; it is kept.", prompt="Your reason?")
RELATION = click.option(
    "--relation",
    type=click.Choice(list(RELATIONS)),
    required=True,
    help="Yours to this: " + "; ".join(f"{word}, {means}" for word, means in RELATIONS.items()),
)
PRINCIPLE = click.option(
    "--principle",
    "principles",
    type=click.IntRange(min(PRINCIPLES), max(PRINCIPLES)),
    multiple=True,
    required=True,
    metavar="NUMBER",
    help="A Caldicott Principle that this rests on; give each.",
)


@click.group()
def review() -> None:
    """Decide what the rules refer to the Caldicott Guardian, and look back at what went."""


@review.command("list")
@json_option
def list_queue(*, as_json: bool) -> None:
    """List what the Guardians of your agency have before them, the first due first."""
    with session.services() as services:
        guardian = session.caller(services)
        queue = guardian_views.queue_of(
            services.referrals, services.retrospective, guardian
        ).document()
        answers = services.partner_requests.hindsight.to_look_back_at(guardian)
        queue = {**queue, "answers": [one.document() for one in answers]}
        names = contact_names(services)
    show(queue, as_json=as_json, in_words=lambda: queue_in_words(queue, names))


@review.command("show")
@REFERENCE
@json_option
def show_referral(reference: str, *, as_json: bool) -> None:
    """Show the pack of REFERENCE and what the rules say to it, with the law.

    For the copy of a request, REQ-7Q4K-M2XH.1: what was asked and how your body answered.
    """
    if is_copy(reference):
        show_answer(reference, as_json=as_json)
        return
    with session.services() as services:
        guardian = session.caller(services)
        referral = services.referrals.show(parse_reference(reference), guardian, Entrance.CLI)
    document = guardian_views.referral_document(referral)
    show(document, as_json=as_json, in_words=lambda: referral_in_words(referral, document))


@review.command("readers")
@REFERENCE
@json_option
def show_readers(reference: str, *, as_json: bool) -> None:
    """Say who looked at what REFERENCE holds: words, files, openings, the passphrase."""
    about = parse_reference(reference)
    with session.services() as services:
        guardian = session.caller(services)
        found = readings_of(services.transaction, about, guardian)

    def in_words() -> None:
        say(f"Document {about}")
        for reading in found:
            item(
                reading.by, f"{spaced(reading.what)}, {reading.how or 'to be told'}, {reading.at}"
            )
        if not found:
            say("Nobody has looked at it.")

    show(guardian_views.readings_document(about, found), as_json=as_json, in_words=in_words)


@review.command("decide")
@REFERENCE
@click.option("--verdict", type=click.Choice(VERDICTS), required=True)
@REASON
@RELATION
@PRINCIPLE
@click.option(
    "--leave-out", multiple=True, metavar="FIELD", help="A field that must not go: with reduced."
)
@click.option(
    "--public-interest-file",
    type=FILE,
    help="Where an adult said no: JSON with a text for each of "
    + ", ".join(part for part in PARTS if part != DECIDED_BY)
    + ".",
)
@click.option("--yes", is_flag=True, help="Do not ask after showing what would go.")
@json_option
def decide_referral(  # noqa: PLR0913  # one for each option
    reference: str,
    *,
    principles: tuple[int, ...],
    leave_out: tuple[str, ...],
    public_interest_file: Path | None,
    yes: bool,
    as_json: bool,
    **answered: str,
) -> None:
    """Decide REFERENCE: you are shown what would go and what stays, and asked whether it may."""
    if not yes and not sys.stdin.isatty():
        message = "Nothing was decided: there is nobody to ask. Say --yes to decide unasked."
        raise click.UsageError(message)
    answer = Answer(
        verdict=answered["verdict"],
        reason=answered["reason"],
        relation=answered["relation"],
        principles=frozenset(principles),
        left_out=leave_out,
        public_interest=_weighed(public_interest_file),
    )
    with session.services() as services:
        guardian, about = session.caller(services), parse_reference(reference)
        if not yes:
            answer = _confirmed(services, about, guardian, answer)
        after = services.referrals.decide(about, guardian, answer)
        if not as_json:
            say(f"Document {after.reference}")
        told = guardian_views.decided_after(
            services.referrals, services.receipts, about, guardian, Entrance.CLI
        )
        show(told, as_json=as_json, in_words=lambda: _decided_in_words(told))


def _weighed(file: Path | None) -> Mapping[str, str]:
    """Return the record of public interest from a file, or none."""
    return (
        {} if file is None else read_public_interest(read_file(file, LONGEST_WORDS * len(PARTS)))
    )


def _confirmed(services: Services, about: Reference, guardian: Person, answer: Answer) -> Answer:
    """Show what an answer leads to; return it bound to that once the Guardian says yes."""
    shown = services.referrals.preview(about, guardian, answer, Entrance.CLI)
    _decided_in_words(guardian_views.reviewed_document(shown, None, kept=False))
    click.confirm("Is this what you decide?", abort=True, err=True)
    return replace(answer, seen=shown.what.seen)


@review.command("ask")
@REFERENCE
@words_option("question", "What you want to know; it is kept.", prompt="What do you need to know?")
@RELATION
@PRINCIPLE
@json_option
def ask_the_sender(
    reference: str,
    *,
    question: str,
    principles: tuple[int, ...],
    as_json: bool,
    relation: str,
) -> None:
    """Ask the sender of REFERENCE for more before you decide."""
    asked = Grounds(reason=question, relation=relation, principles=frozenset(principles))
    with session.services() as services:
        guardian = session.caller(services)
        after = services.referrals.ask(parse_reference(reference), guardian, asked)
        if not as_json:
            say(f"Document {after.reference}")
        receipt = services.receipts.newest_about(after.reference)
        told = guardian_views.asked_document(after, receipt)
        show(told, as_json=as_json, in_words=lambda: _standing_in_words(told))


@review.command("look-back")
@REFERENCE
@click.option("--opinion", "view", type=click.Choice(VIEWS), required=True)
@REASON
@words_option("learning", "What others should learn of it: of the work, never of the person.")
@RELATION
@PRINCIPLE
@json_option
def look_back(
    reference: str,
    *,
    principles: tuple[int, ...],
    learning: str | None,
    as_json: bool,
    **thought: str,
) -> None:
    """Concur with the decision on REFERENCE afterwards, or dissent from it.

    REFERENCE may be the copy of a request that your body answered, REQ-7Q4K-M2XH.1.
    """
    opinion = Opinion(**thought, principles=frozenset(principles), learning=learning or "")
    if is_copy(reference):
        look_back_at_answer(reference, opinion, as_json=as_json)
        return
    with session.services() as services:
        guardian = session.caller(services)
        owed = services.retrospective.look_back(parse_reference(reference), guardian, opinion)
        receipt = services.receipts.newest_about(owed.disclosure.reference)
    document = guardian_views.looked_back_document(owed, opinion, receipt)

    def in_words() -> None:
        say(f"Document {owed.disclosure.reference}")
        item("recorded", f"{opinion.view} ({owed.cause})")
        item("next step", str(document["next_step"]))

    show(document, as_json=as_json, in_words=in_words)


def _decided_in_words(told: Mapping[str, object]) -> None:
    if told["state"] is None:
        item("next step", str(told["next_step"]))
        return
    if told["why_it_does_not_count"]:
        item("NOT COUNTED", str(told["why_it_does_not_count"]))
    _standing_in_words(told)
    for title, fields, files in (
        ("goes", "goes", "attachments_that_go"),
        ("stays", "stays", "attachments_that_stay"),
    ):
        lines(title, map(_line_in_words, as_array(told[fields])))
        lines(f"file {title}", map(_line_in_words, as_array(told[files])))
    if not as_array(told["goes"]):
        item("goes", "nothing")
    lines("because", texts(told["because"]))
    lines("lawful if", texts(told["lawful_if"]))


def _line_in_words(line: object) -> str:
    if isinstance(line, str):
        return line
    found = as_object(line)
    name = f"{found['label']} ({found['field']})" if "field" in found else str(found["name"])
    return f"{name}: {found['why']}" if "why" in found else name


def _standing_in_words(told: Mapping[str, object]) -> None:
    item("outcome", outcome_in_words(told["outcome"]))
    item("now", guardian_state_in_words(told["state"]))
    item("next step", str(told["next_step"]))
    if told["due_on"] is not None:
        item("by", str(told["due_on"]))


COMMANDS = (review,)
