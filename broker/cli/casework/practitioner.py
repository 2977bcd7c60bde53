"""The commands of the main flow, for whoever sends: from `refer` to `acknowledge`."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from audit.format.plurals import counted
from broker.cli import session
from broker.cli.decisions import decision_in_words
from broker.cli.in_words import outcome_in_words
from broker.cli.output import (
    item,
    json_option,
    lines,
    questions_in_words,
    read_file,
    say,
    show,
    words_of,
    words_option,
)
from broker.cli.standing import (
    files_in_words,
    reviews_in_words,
    step_of,
    tell_in_words,
    unprintable_in_words,
)
from broker.disclosures import views
from broker.disclosures.questions import correspondence_of
from broker.domain.grounds import must_be_a_reason
from broker.domain.json_values import as_array, texts
from broker.domain.model import Handover, SubmissionKey
from broker.domain.references import Reference, parse_reference
from broker.domain.times import uk_day
from broker.intake.documents import read_pack, read_settlement
from broker.intake.strict_json import MAX_JSON
from broker.intake.submissions import attachments_of, by_name, submission_of
from broker.ledger.readings import Entrance
from broker.operations.housekeeping import housekeeping

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("pack", type=FILE)
@click.option("--attach", type=FILE, multiple=True, help="A file that the pack mentions.")
@click.option(
    "--again",
    "turn",
    flag_value="again",
    help="Send it once more although it is on its way.",
)
@click.option("--try", "turn", flag_value="try", help="Only judge it; nothing is kept or sent.")
@words_option("reason", "With --again: why it is sent once more; it is kept with the pack.")
@json_option
def refer(
    pack: Path, *, attach: tuple[Path, ...], turn: str | None, reason: str | None, as_json: bool
) -> None:
    """Submit a referral PACK (JSON) with its attachments; the same pack is not sent twice."""
    if turn == "try":
        _try(pack, attach, as_json=as_json)
        return
    text, files = read_file(pack, MAX_JSON), _attached(attach)
    again = turn == "again"
    why = (reason or words_of(None, "reason", "Why is it sent once more?")) if again else None
    with session.services() as services:
        person = session.caller(services)
        vocabulary = services.rulebooks.in_force().vocabulary
        document = read_pack(text, vocabulary, uk_day(services.clock()))
        if why is not None:
            must_be_a_reason(why)
            document = replace(document, again=why)
        flow, keyed = services.disclosures, services.idempotency
        submission = submission_of(document, files, "", keyed, services.sandbox.inspect)
        body = submission.key.body
        key = flow.key_for(body, document.again, person, keyed)
        submission = replace(submission, key=SubmissionKey(key=key, body=body))
        accepted = flow.accept(submission, person)
        _print_reference(accepted.reference, as_json=as_json)
        told = session.told(services, accepted.reference, person)
        told["nothing_new_because"] = accepted.why
        show(told, as_json=as_json, in_words=lambda: tell_in_words(told, named=True))


def _try(pack: Path, attach: tuple[Path, ...], *, as_json: bool) -> None:
    """Say what would come of a pack, and of the files that came with it, if submitted now."""
    text, files = read_file(pack, MAX_JSON), _attached(attach)
    with session.services() as services:
        person = session.caller(services)
        vocabulary = services.rulebooks.in_force().vocabulary
        document = read_pack(text, vocabulary, uk_day(services.clock()))
        inspect = services.sandbox.inspect
        checked = attachments_of(document, by_name(files), inspect) if files else ()
        judgement = services.disclosures.preview(document, person)
        alone = views.would_wait_for_nobody(services.disclosures, judgement)
    told = views.preview_document(judgement, waits_for_nobody=alone)
    told["attachments"] = views.attachments_tried(checked)

    def in_words() -> None:
        say("If you submitted it now. Nothing was kept or sent.")
        item("outcome", outcome_in_words(judgement.decision.outcome))
        if told["next_step"] is not None:
            item("next step", str(told["next_step"]))
        if document.attachments and not checked:
            item("files", "They were not looked at. Name each with --attach, as when you send it.")
        files_in_words(told)
        decision_in_words(told["decision"])
        unprintable_in_words(told)

    show(told, as_json=as_json, in_words=in_words)


def _print_reference(reference: Reference, *, as_json: bool) -> None:
    """Print the reference as soon as it counts, whatever may go wrong after it."""
    if not as_json:
        say(f"Document {reference}")
        sys.stdout.flush()


def _attached(paths: tuple[Path, ...]) -> dict[str, bytes]:
    files = {path.name: read_file(path) for path in paths}
    if len(files) != len(paths):
        raise click.UsageError("Two attachments bear the same name. Rename one of them.")
    return files


@click.command()
@click.argument("reference")
@json_option
def questions(reference: str, *, as_json: bool) -> None:
    """Read what was asked about REFERENCE, replied, and given as a reason; it is recorded."""
    with session.services() as services:
        person = session.caller(services)
        found = correspondence_of(
            services.transaction, parse_reference(reference), person, Entrance.CLI
        )
        waited = services.disclosures.unsettled(found.reference, person).places
        told = {**found.document(), "only_an_answer_settles": list(waited)}

        def in_words() -> None:
            say(f"Document {told['reference']}")
            questions_in_words(told)
            if waited:
                item("only you settle", ", ".join(waited))
            reviews_in_words(told)
            if not (as_array(told["questions"]) or as_array(told["reviews"])):
                say("Nothing was asked or said about it.")

        show(told, as_json=as_json, in_words=in_words)


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
        "drafts_destroyed": ended.drafts,
        "cases_erased": ended.cases,
        "clock_doubted": ended.clock_doubted,
    }

    def in_words() -> None:
        say(f"{counted(done, 'step was', 'steps were')} done.")
        if ended.passphrases:
            item(
                "destroyed",
                f"{counted(ended.passphrases, 'passphrase')} that nobody used for 14 days",
            )
        if ended.drafts:
            item("destroyed", f"{counted(ended.drafts, 'draft')} that nobody saved for 28 days")
        if ended.cases:
            item("erased", f"{counted(ended.cases, 'case')} whose time was over")
        if ended.clock_doubted:
            item("clock", "far from the ledger's last moment, so nothing went: broker clock show")

    show(document, as_json=as_json, in_words=in_words)


@click.command()
@click.argument("reference")
@words_option("reason", "Why the passphrase is needed a second time.")
@json_option
def handover(reference: str, *, reason: str | None, as_json: bool) -> None:
    """Show the passphrase of REFERENCE, to be told by telephone; it is recorded who asked."""
    with session.services() as services:
        person = session.caller(services)
        given = services.disclosures.hand_over(parse_reference(reference), person, reason)
        document = views.handover_document(given)
        show(document, as_json=as_json, in_words=lambda: _handover_in_words(given, document))


def _handover_in_words(given: Handover, document: Mapping[str, object]) -> None:
    say(f"Document {given.reference}")
    item("ring", given.telephone)
    item("passphrase", given.passphrase)
    lines("spelled", (f"{word}: {spelling}" for word, spelling in given.spelled))
    lines("how", texts(document["script"]))


@click.command()
@click.argument("reference")
@json_option
def acknowledge(reference: str, *, as_json: bool) -> None:
    """Record that the recipient of REFERENCE opened it; the passphrase is destroyed."""
    with step_of(reference, as_json=as_json) as (services, about, person):
        services.disclosures.acknowledge(about, person)


@click.command()
@click.argument("reference")
@words_option("text", "Your reply; it is kept encrypted.", prompt="What do you reply?")
@click.option(
    "--answers",
    type=FILE,
    help="Answers to what nobody knew (JSON), which the rules judge anew.",
)
@json_option
def reply(reference: str, *, text: str, answers: Path | None, as_json: bool) -> None:
    """Reply to what the Guardian asked about REFERENCE; it waits for them again.

    `broker questions` names what only an answer settles.
    """
    written = b"{}" if answers is None else read_file(answers, MAX_JSON)
    with step_of(reference, as_json=as_json) as (services, about, person):
        settles = read_settlement(written, services.rulebooks.in_force().vocabulary)
        services.disclosures.reply(about, person, text, settles=settles)


@click.command()
@click.argument("reference")
@click.argument("duty")
@json_option
def done(reference: str, duty: str, *, as_json: bool) -> None:
    """Record that DUTY, which REFERENCE left to be done, was done."""
    with step_of(reference, as_json=as_json) as (services, about, person):
        services.disclosures.finish(about, person, duty)


@click.command()
@click.argument("reference")
@json_option
def recall(reference: str, *, as_json: bool) -> None:
    """Stop REFERENCE; where it has opened, have its recipient asked to delete it."""
    with step_of(reference, as_json=as_json) as (services, about, person):
        services.afterwards.recalling.recall(about, person)


COMMANDS = (refer, questions, dispatch, reply, handover, acknowledge, done, recall)
