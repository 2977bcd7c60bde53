"""`broker dispute`: concerns about sharing, raised by one side of a request and settled."""

from collections.abc import Mapping

import click

from broker.cli import session
from broker.cli.output import item, json_option, paragraphs, say, show, words_option
from broker.domain.partner_requests.concerns import (
    OUTCOMES_IN_WORDS,
    WRONG_IN_WORDS,
    Outcome,
    Wrong,
)
from broker.domain.partner_requests.copies import CopyName
from broker.ledger.readings import Entrance
from broker.partner_requests.disputing import concern_document

WHY = words_option("why", "Why, in your own words; both sides read it.", prompt="Why?")
CONCERN = click.argument("concern")


@click.group("dispute")
def dispute() -> None:
    """Raise a concern about sharing, and settle one."""


@dispute.command("open")
@click.argument("copy")
@click.option(
    "--wrong",
    type=click.Choice([one.value for one in Wrong]),
    required=True,
    help="What went wrong.",
)
@WHY
@json_option
def open_one(copy: str, wrong: str, why: str, *, as_json: bool) -> None:
    """Raise a concern about COPY (REQ-....1): both Guardians and the ICB lead hear of it."""
    with session.services() as services:
        person, name = session.caller(services), CopyName.read(copy)
        disputing = services.partner_requests.disputing
        told = concern_document(disputing.raise_one(name, person, Wrong(wrong), why))
    show(told, as_json=as_json, in_words=lambda: _in_words(told))


@dispute.command("list")
@json_option
def list_them(*, as_json: bool) -> None:
    """List the concerns about sharing that are yours to see, the newest first."""
    with session.services() as services:
        found = services.partner_requests.disputing.listed(session.caller(services))
    told: dict[str, object] = {"concerns": [concern_document(one) for one in found]}

    def in_words() -> None:
        for one in found:
            _in_words(concern_document(one))
        if not found:
            say("There are no concerns about sharing of yours.")

    show(told, as_json=as_json, in_words=in_words)


@dispute.command("show")
@CONCERN
@json_option
def show_one(concern: str, *, as_json: bool) -> None:
    """Show a CONCERN about sharing (REQ-....1.1) with its words; recorded."""
    with session.services() as services:
        person = session.caller(services)
        shown = services.partner_requests.disputing.show(concern, person, Entrance.CLI)
    told = shown.document()

    def in_words() -> None:
        _in_words(told)
        paragraphs("why", shown.why)
        if shown.settled:
            paragraphs("settled", shown.settled)

    show(told, as_json=as_json, in_words=in_words)


@dispute.command("close")
@CONCERN
@click.option(
    "--outcome",
    type=click.Choice([one.value for one in Outcome]),
    required=True,
    help="How it ends.",
)
@WHY
@json_option
def close(concern: str, outcome: str, why: str, *, as_json: bool) -> None:
    """Close a CONCERN about sharing with its outcome."""
    with session.services() as services:
        person, disputing = session.caller(services), services.partner_requests.disputing
        told = concern_document(disputing.close(concern, person, Outcome(outcome), why))
    show(told, as_json=as_json, in_words=lambda: _in_words(told))


def _in_words(told: Mapping[str, object]) -> None:
    outcome, wrong = told["outcome"], WRONG_IN_WORDS[Wrong(str(told["wrong"]))]
    closed = None if outcome is None else OUTCOMES_IN_WORDS[Outcome(str(outcome))]
    stands = "Open" if closed is None else f"Closed: {closed}"
    who = f"{told['asking']} asks {told['asked']}"
    item(str(told["concern"]), f"{wrong}. {stands}; {who}")


COMMANDS = (dispute,)
"""What the command line offers of this module."""
