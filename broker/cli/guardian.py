"""The Caldicott Guardian's commands: what waits, what it says, and the decision."""

from collections.abc import Mapping

import click

from broker.cli import session
from broker.cli.output import item, json_option, put, questions_in_words, say, show
from broker.disclosures import views
from broker.domain.grounds import PRINCIPLES, RELATIONS, VIEWS, Grounds, Opinion
from broker.domain.json_values import as_array, as_object
from broker.domain.model import AttachmentNote, Disclosure, Pack
from broker.domain.references import parse_reference
from broker.domain.states import WAITING_FOR_A_GUARDIAN
from broker.guardian import views as guardian_views
from broker.guardian.referrals import VERDICTS, Answer
from broker.packs.contents import label_of
from keys import Role

REFERENCE = click.argument("reference")
REASON = click.option("--reason", required=True, help="Why, in your own words; it is kept.")
RELATION = click.option(
    "--relation", type=click.Choice(RELATIONS), required=True, help="Yours to this."
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
        guardian = session.caller(services, Role.GUARDIAN)
        queue = guardian_views.queue_of(
            services.referrals, services.retrospective, guardian
        ).document()
    show(queue, as_json=as_json, in_words=lambda: queue_in_words(queue))


@review.command("show")
@REFERENCE
@json_option
def show_referral(reference: str, *, as_json: bool) -> None:
    """Show the pack of REFERENCE and what the rules say to it, with the law."""
    with session.services() as services:
        guardian = session.caller(services, Role.GUARDIAN)
        referral = services.referrals.show(parse_reference(reference), guardian)
    document = guardian_views.referral_document(referral)

    def in_words() -> None:
        disclosure = referral.disclosure
        say(f"Document {disclosure.reference}, sent by {disclosure.requester}")
        item("stands", f"{disclosure.state.value}, judged {disclosure.outcome}")
        if disclosure.due_on is not None:
            item("due", disclosure.due_on.isoformat())
        _pack_in_words(referral.pack)
        questions_in_words(document)
        say()
        put(referral.explanation)
        say()
        say("The Caldicott Principles; name those that your decision rests on:")
        for number, words in PRINCIPLES.items():
            item(str(number), words)
        say()
        verb = "decide" if disclosure.state in WAITING_FOR_A_GUARDIAN else "look-back"
        say(f"Next: broker review {verb} {disclosure.reference} --help")

    show(document, as_json=as_json, in_words=in_words)


@review.command("decide")
@REFERENCE
@click.option("--verdict", type=click.Choice(VERDICTS), required=True)
@REASON
@RELATION
@PRINCIPLE
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
    with session.services() as services:
        guardian = session.caller(services, Role.GUARDIAN)
        after = services.referrals.decide(parse_reference(reference), guardian, answer)
        receipt = services.receipts.newest_about(after.reference)
    _show_where_it_stands(after, receipt, as_json=as_json)


@review.command("ask")
@REFERENCE
@click.option("--question", "reason", required=True, help="What you need to know; it is kept.")
@RELATION
@PRINCIPLE
@json_option
def ask_the_sender(
    reference: str, *, principles: tuple[int, ...], as_json: bool, **asked: str
) -> None:
    """Ask the sender of REFERENCE for more before you decide."""
    question = Grounds(**asked, principles=frozenset(principles))
    with session.services() as services:
        guardian = session.caller(services, Role.GUARDIAN)
        after = services.referrals.ask(parse_reference(reference), guardian, question)
        receipt = services.receipts.newest_about(after.reference)
    _show_where_it_stands(after, receipt, as_json=as_json)


@review.command("look-back")
@REFERENCE
@click.option("--opinion", "view", type=click.Choice(VIEWS), required=True)
@REASON
@RELATION
@PRINCIPLE
@json_option
def look_back(
    reference: str, *, principles: tuple[int, ...], as_json: bool, **thought: str
) -> None:
    """Concur with the decision on REFERENCE afterwards, or dissent from it."""
    opinion = Opinion(**thought, principles=frozenset(principles))
    with session.services() as services:
        guardian = session.caller(services, Role.GUARDIAN)
        owed = services.retrospective.look_back(parse_reference(reference), guardian, opinion)
        receipt = services.receipts.newest_about(owed.disclosure.reference)
    document = guardian_views.looked_back_document(owed, opinion, receipt)

    def in_words() -> None:
        say(f"Document {owed.disclosure.reference}")
        item("recorded", f"{opinion.view} ({owed.cause})")
        item("next step", str(document["next_step"]))

    show(document, as_json=as_json, in_words=in_words)


def _show_where_it_stands(after: Disclosure, receipt: str | None, *, as_json: bool) -> None:
    def in_words() -> None:
        say(f"Document {after.reference}")
        item("outcome", f"{after.outcome} (now: {after.state.value})")
        item("next step", views.NEXT_STEPS[after.state])
        if after.due_on is not None:
            item("by", after.due_on.isoformat())

    show(guardian_views.reviewed_document(after, receipt), as_json=as_json, in_words=in_words)


def queue_in_words(queue: Mapping[str, object]) -> None:
    """Print what a Guardian has before them."""
    waiting, afterwards, overdue = (
        list(map(as_object, as_array(queue[name])))
        for name in ("waiting", "afterwards", "overdue_duties")
    )
    if not (waiting or afterwards or overdue):
        say("Nothing waits.")
        return
    _list_in_words("To decide:", waiting, "state")
    _list_in_words("To look back at:", afterwards, "cause")
    _list_in_words("Owed by others, and late:", overdue, "duty")
    say("Read one: broker review show REFERENCE")


def _list_in_words(title: str, entries: list[dict[str, object]], what: str) -> None:
    if entries:
        say(title)
    for one in entries:
        due = f"due {one['due_on']}"
        late = f", {one['days_late']} days late" if one["days_late"] else ""
        item(
            str(one["reference"]),
            f"{due}{late}; {one[what]}; {one['purpose']} to {one['recipient']}",
        )


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
