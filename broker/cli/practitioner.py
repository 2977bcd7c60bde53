"""The commands of the main flow, for whoever sends: from `refer` to `acknowledge`."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from broker.cli import session
from broker.cli.output import (
    decision_in_words,
    item,
    json_option,
    lines,
    questions_in_words,
    read_file,
    say,
    show,
)
from broker.disclosures import views
from broker.disclosures.flow import Disclosures
from broker.domain.json_values import as_array, as_object, texts
from broker.domain.model import Person
from broker.domain.references import Reference, parse_reference
from broker.intake.submissions import submission_of
from broker.operations.housekeeping import housekeeping
from keys import Role

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("pack", type=FILE)
@click.option("--attach", type=FILE, multiple=True, help="A file that the pack mentions.")
@json_option
def refer(pack: Path, attach: tuple[Path, ...], *, as_json: bool) -> None:
    """Submit a referral PACK (JSON) with its attachments."""
    files = {path.name: read_file(path) for path in attach}
    with session.services() as services:
        person = session.caller(services, Role.PRACTITIONER)
        submission = submission_of(
            services.rulebooks.in_force().vocabulary,
            services.idempotency,
            read_file(pack),
            files,
            secrets.token_hex(16),
        )
        reference = services.disclosures.submit(submission, person)
        told = session.told(services, reference, person)
    show(told, as_json=as_json, in_words=lambda: tell_in_words(told))


@click.command()
@json_option
def dispatch(*, as_json: bool) -> None:
    """Do one round: seal and send whatever is due."""
    with session.services() as services, services.dispatcher.alone():
        done = services.dispatcher.dispatch()
        ended = housekeeping(services)
    document = {
        "steps": done,
        "passphrases_destroyed": ended.passphrases,
        "cases_erased": ended.cases,
        "clock_doubted": ended.clock_doubted,
    }

    def in_words() -> None:
        say(f"{done} {'step was' if done == 1 else 'steps were'} done.")
        if ended.passphrases:
            item("destroyed", f"{ended.passphrases} passphrases that nobody used for 14 days")
        if ended.cases:
            item("erased", f"{ended.cases} cases whose time was over")
        if ended.clock_doubted:
            item("clock", "far from the ledger's last moment: nothing was destroyed; broker clock")

    show(document, as_json=as_json, in_words=in_words)


@click.command()
@click.argument("reference")
@click.option("--reason", help="Why the passphrase is needed a second time.")
@json_option
def handover(reference: str, reason: str | None, *, as_json: bool) -> None:
    """Show the passphrase of REFERENCE, to be told by telephone; it is recorded who asked."""
    with session.services() as services:
        person = session.caller(services, Role.PRACTITIONER)
        given = services.disclosures.hand_over(parse_reference(reference), person, reason)
    document = views.handover_document(given)

    def in_words() -> None:
        say(f"Document {given.reference}")
        item("ring", given.telephone)
        item("passphrase", given.passphrase)
        lines("spelled", (f"{word}: {spelling}" for word, spelling in given.spelled))
        lines("how", texts(document["script"]))

    show(document, as_json=as_json, in_words=in_words)


@click.command()
@click.argument("reference")
@json_option
def acknowledge(reference: str, *, as_json: bool) -> None:
    """Record that the recipient of REFERENCE opened it; the passphrase is destroyed."""
    _step(reference, Disclosures.acknowledge, as_json=as_json)


@click.command()
@click.argument("reference")
@click.option("--text", required=True, help="Your reply, in words; it is kept encrypted.")
@json_option
def reply(reference: str, text: str, *, as_json: bool) -> None:
    """Reply to what the Guardian asked about REFERENCE; it waits for them again."""
    _step(reference, lambda flow, ref, person: flow.reply(ref, person, text), as_json=as_json)


@click.command()
@click.argument("reference")
@click.argument("duty")
@json_option
def done(reference: str, duty: str, *, as_json: bool) -> None:
    """Record that DUTY, which REFERENCE left to be done, was done."""
    _step(reference, lambda flow, ref, person: flow.finish(ref, person, duty), as_json=as_json)


@click.command()
@click.argument("reference")
@json_option
def recall(reference: str, *, as_json: bool) -> None:
    """Stop REFERENCE: nothing more is sent, and its passphrase is destroyed."""
    _step(reference, Disclosures.recall, Role.GUARDIAN, as_json=as_json)


def _step(
    reference: str,
    step: Callable[[Disclosures, Reference, Person], None],
    *others: Role,
    as_json: bool,
) -> None:
    """Do a step as the person of the token, a practitioner or one of `others`; tell the rest."""
    with session.services() as services:
        person = session.caller(services, Role.PRACTITIONER, *others)
        step(services.disclosures, parse_reference(reference), person)
        told = session.told(services, parse_reference(reference), person)
    show(told, as_json=as_json, in_words=lambda: tell_in_words(told))


def tell_in_words(told: Mapping[str, object]) -> None:
    """Print what the sender may know of a disclosure."""
    decision = as_object(told["decision"])
    say(f"Document {told['reference']}")
    if decision["outcome"] == "emergency" or any(
        as_object(one)["type"] == "call-999" for one in as_array(decision["obligations"])
    ):
        item("DANGER", str(told["in_danger"]))
    item("outcome", f"{decision['outcome']} (now: {told['state']})")
    item("next step", str(told["next_step"]))
    if told["due_on"]:
        item("by", str(told["due_on"]))
    questions_in_words(told)
    decision_in_words(decision)
    lost = map(as_object, as_array(told["cannot_be_printed"]))
    lines("cannot print", map(_unprintable_in_words, lost))
    lines("to do", (_duty_in_words(as_object(duty)) for duty in as_array(told["duties"])))
    entries = list(map(str, as_array(told["ledger_entries"])))
    item("ledger", "entries " + ", ".join(entries))
    item("receipt", f"broker ledger prove {entries[-1]} --to FILE")


def _unprintable_in_words(one: Mapping[str, object]) -> str:
    lost = ", ".join(texts(one["characters"]))
    return f"{one['label']}: the page shows codes for {lost}. Write it in other letters as well."


def _duty_in_words(duty: Mapping[str, object]) -> str:
    when = f"done on {duty['done_on']}" if duty["done_on"] else f"by {duty['due_on']}"
    return f"{duty['say']} ({duty['type']}, {when})"


COMMANDS = (refer, dispatch, reply, handover, acknowledge, done, recall)
