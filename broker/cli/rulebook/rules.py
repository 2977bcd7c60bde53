"""The rules' commands: judge facts, judge an address, check and explain the rulebook."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

import policies
from audit.format.plurals import counted
from broker.cli.days import DAY
from broker.cli.decisions import decision_in_words
from broker.cli.lazy import LazyGroup
from broker.cli.output import (
    complain,
    item,
    json_option,
    lines,
    put,
    read_file,
    say,
    show,
)
from broker.domain.form import label_of
from broker.domain.json_values import is_array, is_object
from broker.intake.strict_json import load_json

# `policies` is asked for each name where it is used, since it imports what is asked for alone: an
# address is judged without the cards.
FILE = click.Path(path_type=Path, dir_okay=False)
FAULT = 1


@click.command("decide")
@click.argument("facts", type=FILE, required=False)
@click.option("--cases", type=FILE, help="Judge every case of a file instead.")
@json_option
def decide_facts(facts: Path | None, cases: Path | None, *, as_json: bool) -> None:
    """Judge FACTS (JSON, contract facts/2) by the shipped rulebook; needs no installation."""
    if (facts is None) == (cases is None):
        raise click.UsageError("Name a file of facts, or --cases FILE.")
    rulebook = policies.Rulebook.shipped()
    if facts is not None:
        decision = policies.decide(_facts(load_json(read_file(facts))), rulebook)
        document: object = decision.document()
        show(
            document,
            as_json=as_json,
            in_words=lambda: put(policies.explain(decision, rulebook, called=label_of)),
        )
        return
    judged = [_judged(case, rulebook) for case in _cases(cases or Path())]
    show(judged, as_json=as_json, in_words=lambda: _tell_cases(judged))


@click.command()
@click.argument("address")
@json_option
def address(address: str, *, as_json: bool) -> None:
    """Say how ADDRESS may be written to: secure, seal, retired, hold or reject."""
    verdict = policies.mail_verdict(address, policies.MailRegister.shipped())
    document = {"verdict": verdict.verdict, "rule": verdict.rule, "say": verdict.say}
    show(document, as_json=as_json, in_words=lambda: item(verdict.verdict, verdict.say))


@click.group("policy", cls=LazyGroup)
def policy() -> None:
    """Check the rulebook, test it, have it explained."""


policy.announce(
    "broker.cli.rulebook.rulebooks",
    replay="Judge every recorded decision again by its own rulebook; each must come out the same.",
    impact="List the recorded decisions that a change of rules would loosen, tighten or alter.",
    activate="Put RULES in force: a version kept here, a folder, or those shipped with this "
    "release.",
    accredit="Write rules into a folder whose mail register knows the NHS list of accredited "
    "domains.",
)


policy.announce(
    "broker.cli.rulebook.reviewing",
    review="List the reviews of the rules, or keep a new one with --trigger and --due.",
)


@policy.command("check")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@json_option
def check_cards(folder: Path | None, *, as_json: bool) -> None:
    """Check the shipped rulebook, or the one in FOLDER; names every fault with file and line.

    Law that nobody has looked at for 12 months is shown, and is no fault.
    """
    place, today = folder or _shipped(), datetime.now(UTC).date()
    faults = policies.check(place, on=today)
    stale = () if faults else policies.law_on(policies.Rulebook.read(place), today).stale
    _tell_faults(faults, stale, as_json=as_json)


@policy.command("test")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@json_option
def test_cards(folder: Path | None, *, as_json: bool) -> None:
    """Run the named cases beside the cards; names each that does not hold."""
    place = folder or _shipped()
    _tell_faults(policies.run_cases(policies.Rulebook.read(place), place), as_json=as_json)


@policy.command("explain")
@click.argument("facts", type=FILE)
@click.option("--guardian", is_flag=True, help="With law and reasons, for the Guardian.")
@json_option
def explain_facts(facts: Path, *, guardian: bool, as_json: bool) -> None:
    """Explain in words what the rules say to FACTS."""
    rulebook = policies.Rulebook.shipped()
    decision = policies.decide(_facts(load_json(read_file(facts))), rulebook)
    audience = policies.Audience.GUARDIAN if guardian else policies.Audience.REQUESTER
    words = policies.explain(decision, rulebook, audience=audience, called=label_of)
    show({"explanation": words}, as_json=as_json, in_words=lambda: put(words))


@policy.command("as-of")
@click.argument("day", type=DAY)
@click.argument("facts", type=FILE, required=False)
@click.option(
    "--rules",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder of rules instead of those shipped.",
)
@json_option
def rules_as_of(day: date, facts: Path | None, folder: Path | None, *, as_json: bool) -> None:
    """Say what law and which cards count on DAY, and what they say to FACTS on that day."""
    rulebook = policies.Rulebook.read(folder or _shipped())
    law = policies.law_on(rulebook, day)
    document = law.document()
    words = ""
    if facts is not None:
        then = policies.as_of(_facts(load_json(read_file(facts))), day, rulebook)
        decision = policies.decide(then, rulebook)
        document["decision"] = decision.document()
        words = policies.explain(decision, rulebook, called=label_of)

    def in_words() -> None:
        _tell_day(law)
        if words:
            put(words)

    show(document, as_json=as_json, in_words=in_words)


@policy.command("guide")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@json_option
def write_guide(folder: Path | None, *, as_json: bool) -> None:
    """Write the shipped rulebook, or the one in FOLDER, out as one page to read and approve."""
    words = policies.guide(policies.Rulebook.read(folder or _shipped()))
    show({"guide": words}, as_json=as_json, in_words=lambda: put(words, nl=False))


def _tell_day(law: "policies.DayOfLaw") -> None:
    say(
        f"In force on {law.day}, or without an end: {counted(len(law.in_force), 'source')} of law."
    )
    lines("not yet", law.not_yet)
    lines("ended", law.ended)
    lines("off until commencement", law.off)
    lines("not looked at for 12 months", law.stale)
    lines("read by nobody", law.unread)
    lines("card does not apply", law.silent_cards)


def _shipped() -> Traversable:
    return files("policies") / "rulebook"


def _tell_faults(
    messages: Sequence["policies.Message"], stale: Sequence[str] = (), *, as_json: bool
) -> None:
    faults = [str(message) for message in messages]

    def in_words() -> None:
        for fault in faults:
            complain(fault)
        lines("not looked at for 12 months", stale)
        say(f"{counted(len(faults), 'fault')}." if faults else "Everything is in order.")

    document = {"faults": faults, "not_looked_at_for_12_months": list(stale)}
    show(document, as_json=as_json, in_words=in_words)
    if faults:
        raise click.exceptions.Exit(FAULT)


def _facts(value: object) -> dict[str, object]:
    # Anything else is judged too: the decision document then says that nothing was there.
    return value if is_object(value) else {}


def _cases(path: Path) -> list[dict[str, object]]:
    # Case files are the operator's own and long, so their size is not bounded as a request's is.
    try:
        cases: object = json.loads(read_file(path))
    except ValueError:
        raise click.UsageError("The file of cases is not JSON.") from None
    if not is_array(cases):
        raise click.UsageError("A file of cases is a JSON list.")
    return [_facts(case) for case in cases]


def _judged(case: dict[str, object], rulebook: "policies.Rulebook") -> dict[str, object]:
    decision = policies.decide(_facts(case.get("facts")), rulebook)
    return {"id": case.get("id"), "decision": decision.document()}


def _tell_cases(judged: list[dict[str, object]]) -> None:
    for one in judged:
        say(f"{one['id']}:")
        decision_in_words(one["decision"])


COMMANDS = (decide_facts, address, policy)
