"""`broker agreement`: what somebody was told and agreed to, apart from any one pack."""

from datetime import date

import click

from audit.format.plurals import counted
from broker.cli import session
from broker.cli.days import DAY
from broker.cli.in_words import spaced
from broker.cli.output import item, json_option, lines, say, show
from broker.disclosures.afterwards.agreement_views import (
    agreement_document,
    shown_document,
    withdrawal_document,
)
from broker.disclosures.afterwards.agreements import Said
from broker.domain.cases.agreements import (
    RECORDED,
    AgreementKind,
    AgreementStatus,
    Giver,
    Scope,
)
from broker.domain.json_values import as_array, as_object

CASE = click.argument("case")
KIND = click.argument("kind", type=click.Choice([kind.value for kind in AgreementKind]))
SEEN = click.option(
    "--seen", type=click.IntRange(min=0), default=0, help="The version that you saw; 0: none."
)


@click.group("agreement")
def agreement_commands() -> None:
    """Record what somebody was told and agreed to, and what they took back."""


@agreement_commands.command("show")
@CASE
@json_option
def show_agreements(case: str, *, as_json: bool) -> None:
    """Show the agreements of CASE (or of a reference), and everybody who got something."""
    with session.services() as services:
        person = session.caller(services)
        document = shown_document(services.afterwards.agreements.show(person, case))

    def in_words() -> None:
        say(f"Case {document['case']}")
        for one in map(as_object, as_array(document["agreements"])):
            until = f", until {one['expires_on']}" if one["expires_on"] else ""
            told = f"{spaced(one['standing'])}, by {one['giver']}{until}; version {one['version']}"
            item(str(one["kind"]), told)
        if not as_array(document["agreements"]):
            say("Nothing is recorded. Their pack says what its sender wrote.")
        lines("went to", map(_recipient, as_array(document["past_recipients"])))

    show(document, as_json=as_json, in_words=in_words)


@agreement_commands.command("set")
@CASE
@KIND
@click.argument("status", type=click.Choice(sorted(status.value for status in RECORDED)))
@click.option(
    "--by",
    "giver",
    type=click.Choice([giver.value for giver in Giver]),
    default=Giver.NOBODY.value,
    help="Who answered.",
)
@click.option("--on", "given_on", type=DAY, help="The day on which they answered.")
@click.option("--until", "expires_on", type=DAY, help="The last day on which it holds.")
@click.option("--recipient", multiple=True, help="A kind of body that may have it.")
@click.option("--purpose", multiple=True, help="What it may be shared for.")
@SEEN
@json_option
def set_agreement(  # noqa: PLR0913  # an option each
    case: str,
    kind: str,
    status: str,
    *,
    giver: str,
    given_on: date | None,
    expires_on: date | None,
    recipient: tuple[str, ...],
    purpose: tuple[str, ...],
    seen: int,
    as_json: bool,
) -> None:
    """Record of CASE how the agreement of a KIND stands: told, share or support."""
    said = Said(
        kind=AgreementKind(kind),
        status=AgreementStatus(status),
        giver=Giver(giver),
        given_on=given_on,
        expires_on=expires_on,
        scope=Scope(recipients=recipient, purposes=purpose),
        seen=seen,
    )
    with session.services() as services:
        person = session.caller(services)
        document = agreement_document(services.afterwards.agreements.record(person, case, said))

    def in_words() -> None:
        item(str(document["kind"]), f"{spaced(document['status'])}; version {document['version']}")
        if document["expires_on"]:
            item("until", str(document["expires_on"]))
        if document["ask_again_on"]:
            item("ask again", f"by {document['ask_again_on']}")

    show(document, as_json=as_json, in_words=in_words)


@agreement_commands.command("withdraw")
@CASE
@KIND
@click.option(
    "--by",
    "giver",
    type=click.Choice([giver.value for giver in Giver]),
    help="Who took it back, where the person and a parent each agreed to support.",
)
@SEEN
@json_option
def withdraw_agreement(
    case: str, kind: str, *, giver: str | None, seen: int, as_json: bool
) -> None:
    """Record that they took back what they agreed to; prepares a notice to each past recipient."""
    with session.services() as services:
        person = session.caller(services)
        which, by = AgreementKind(kind), None if giver is None else Giver(giver)
        done = services.afterwards.agreements.withdraw(person, case, which, seen, by)
        document = withdrawal_document(done)

    def in_words() -> None:
        say(f"Taken back. {counted(done.noticed, 'notice is', 'notices are')} prepared.")
        lines("went to", map(_recipient, as_array(document["past_recipients"])))
        item("next step", str(document["next_step"]))

    show(document, as_json=as_json, in_words=in_words)


def _recipient(one: object) -> str:
    said = as_object(one)
    return (
        f"{said['reference']}: {said['contact']}, {said['organisation']}, {said['telephone']} "
        f"({said['state']})"
    )


COMMANDS = (agreement_commands,)
