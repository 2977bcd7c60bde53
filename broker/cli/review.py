"""The Caldicott Guardian's commands: what waits, what it says, and the decision."""

import click

from broker import views
from broker.cli import session
from broker.cli.output import item, json_option, say, show
from broker.model import AttachmentNote, Pack
from broker.packing import label_of
from broker.references import parse_reference
from broker.review import PRINCIPLES, RELATIONS, VERDICTS, Answer
from keys import Role


@click.group()
def review() -> None:
    """Decide what the rules refer to the Caldicott Guardian."""


@review.command("list")
@json_option
def list_waiting(*, as_json: bool) -> None:
    """List what waits for a Guardian of your agency."""
    with session.services() as made:
        waiting = made.reviews.waiting(session.caller(made, Role.GUARDIAN))
    document = views.disclosures_document(waiting)

    def in_words() -> None:
        for one in waiting:
            when = f"{one.created_at:%d %B %Y at %H:%M} UTC"
            item(str(one.reference), f"{one.purpose} to {one.recipient}, submitted {when}")
        say("Read one: broker review show REFERENCE" if waiting else "Nothing waits.")

    show(document, as_json=as_json, in_words=in_words)


@review.command("show")
@click.argument("reference")
@json_option
def show_referral(reference: str, *, as_json: bool) -> None:
    """Show the pack of REFERENCE and what the rules say to it, with the law."""
    with session.services() as made:
        guardian = session.caller(made, Role.GUARDIAN)
        referral = made.reviews.show(parse_reference(reference), guardian)

    def in_words() -> None:
        say(f"Document {referral.disclosure.reference}, sent by {referral.disclosure.requester}")
        _pack_in_words(referral.pack)
        say()
        click.echo(referral.explanation)
        say()
        say("The Caldicott Principles; name those that your decision rests on:")
        for number, words in PRINCIPLES.items():
            item(str(number), words)
        say()
        say(f"Decide: broker review decide {referral.disclosure.reference} --help")

    show(views.referral_document(referral), as_json=as_json, in_words=in_words)


@review.command("decide")
@click.argument("reference")
@click.option("--verdict", type=click.Choice(VERDICTS), required=True)
@click.option("--reason", required=True, help="Why, in your own words; it is kept.")
@click.option("--relation", type=click.Choice(RELATIONS), required=True, help="Yours to this.")
@click.option(
    "--principle",
    "principles",
    type=click.IntRange(min(PRINCIPLES), max(PRINCIPLES)),
    multiple=True,
    required=True,
    metavar="NUMBER",
    help="A Caldicott Principle that this rests on; give each.",
)
@click.option("--leave-out", multiple=True, metavar="FIELD", help="A field that must not go.")
@json_option
def decide_referral(
    reference: str,
    *,
    principles: tuple[int, ...],
    leave_out: tuple[str, ...],
    as_json: bool,
    **answered: str,
) -> None:
    """Decide REFERENCE; the rules judge it again with your answer among the facts."""
    answer = Answer(
        **answered,
        principles=frozenset(principles),
        left_out=frozenset(leave_out),
    )
    with session.services() as made:
        guardian = session.caller(made, Role.GUARDIAN)
        after = made.reviews.decide(parse_reference(reference), guardian, answer)

    def in_words() -> None:
        say(f"Document {after.reference}")
        item("outcome", f"{after.outcome} (now: {after.state.value})")
        item("next step", views.NEXT_STEPS[after.state])

    show(views.reviewed_document(after), as_json=as_json, in_words=in_words)


def _pack_in_words(pack: Pack) -> None:
    for field, value in pack.form.items():
        item(field, f"{label_of(field)}: {value}")
    for note in pack.attachments:
        item("attachment", _note_in_words(note))
    for name in ("purpose_statement", "necessity", "proportionality", "public_interest"):
        item(name, _reason_in(pack.questions[name]))


def _note_in_words(note: AttachmentNote) -> str:
    return f"{note.name}, carrying {', '.join(note.carries)}: {note.why}"


def _reason_in(answer: object) -> str:
    match answer:
        case str():
            return answer
        case {"reason": str() as reason}:
            return reason or "(nothing written)"
        case _:
            return "(nothing written)"


COMMANDS = (review,)
