"""The rules over time: judge recorded decisions again, rehearse a change, put rules in force."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from audit.format.plurals import counted
from broker.cli import session
from broker.cli.days import DAY
from broker.cli.in_words import spaced
from broker.cli.output import (
    complain,
    item,
    json_option,
    lines,
    read_file,
    say,
    show,
)
from broker.cli.waiting import with_progress
from broker.domain.times import day_text
from broker.rulebooks.lifecycle import Replayed, Rulebooks
from broker.rulebooks.nhs_domains import rules_with_accredited_hosts
from policies import Change, Move, Rulebook

FAULT = 1
_VERSION = re.compile(r"sha256:[0-9a-f]{64}")


@click.command()
@json_option
def replay(*, as_json: bool) -> None:
    """Judge every recorded decision again by its own rulebook; each must come out the same."""
    with session.services() as services:
        results = dict(with_progress(services.rulebooks.replay(), "decisions"))
    counts = Counter(results.values())
    different = [name for name, result in results.items() if result is Replayed.DIFFERENT]
    document = {
        "judged_again": counts[Replayed.SAME] + counts[Replayed.DIFFERENT],
        "erased": counts[Replayed.ERASED],
        "earlier_engine": counts[Replayed.EARLIER_ENGINE],
        "different": different,
    }

    def in_words() -> None:
        say(
            f"{counted(counts[Replayed.SAME], 'decision')} came out the same, "
            f"{len(different)} did not; in erased cases: {counts[Replayed.ERASED]}."
        )
        if earlier := counts[Replayed.EARLIER_ENGINE]:
            say(f"Judged by an earlier engine, and not judged again here: {earlier}.")
        lines("different", different)

    show(document, as_json=as_json, in_words=in_words)
    if different:
        raise click.exceptions.Exit(FAULT)


@click.command()
@click.option("--from", "before", help="A version or folder; the rulebook in force unless given.")
@click.option("--to", "after", required=True, help="A version (sha256:...) or a folder of rules.")
@json_option
def impact(before: str | None, after: str, *, as_json: bool) -> None:
    """List the recorded decisions that a change of rules would loosen, tighten or alter."""
    with session.services() as services:
        old = (
            services.rulebooks.in_force()
            if before is None
            else _rulebook(services.rulebooks, before)
        )
        new = _rulebook(services.rulebooks, after)
        changes = list(with_progress(services.rulebooks.impact(old, new), "decisions"))
        session.warn_of_rules(services.rulebooks.days_left())
    document = {
        "from": old.version,
        "to": new.version,
        "wording_alone": old.meaning == new.meaning,
        "judged": len(changes),
        **{move.value: _view_of(changes, move) for move in Move if move is not Move.UNCHANGED},
    }

    def in_words() -> None:
        if document["wording_alone"]:
            say("The two differ in their wording alone, if at all.")
        _impact_in_words(changes)

    show(document, as_json=as_json, in_words=in_words)


@click.command()
@click.argument("rules", required=False)
@click.option(
    "--second",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The token file of a second person; one of the two is a Guardian.",
)
@click.option(
    "--until",
    type=DAY,
    help="The last day on which these rules may judge.",
)
@json_option
def activate(rules: str | None, second: Path | None, until: date | None, *, as_json: bool) -> None:
    """Put RULES in force: a version kept here, a folder, or those shipped with this release."""
    with session.services() as services:
        person = session.caller(services)
        other = None if second is None else session.bearer(services, second)
        rulebook = Rulebook.shipped() if rules is None else _rulebook(services.rulebooks, rules)
        activation = services.rulebooks.activate(rulebook, person, other, until=until)
        session.warn_of_rules(services.rulebooks.days_left())
    document = {
        "rulebook": activation.version,
        "by": activation.first,
        "second": activation.second,
        "until": day_text(activation.until),
    }
    show(document, as_json=as_json, in_words=lambda: say(f"In force now: {activation.version}"))


@click.command()
@click.argument("csv_file", metavar="CSV", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--listed-on",
    type=DAY,
    required=True,
    help="The date of the list itself.",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder to write; it must not exist yet.",
)
@json_option
def accredit(csv_file: Path, listed_on: date, folder: Path, *, as_json: bool) -> None:
    """Write rules into a folder whose mail register knows the NHS list of accredited domains.

    CSV has a column named domain. The rules are those shipped; look at what they change with
    `broker policy impact`, then put them in force with `broker policy activate`.
    """
    lines = read_file(csv_file).decode("utf-8-sig").splitlines()
    hosts = rules_with_accredited_hosts(lines, listed_on, folder)
    document = {
        "folder": str(folder),
        "hosts": len(hosts),
        "listed_on": day_text(listed_on),
    }
    next_step = f"Look at the change: broker policy impact --to {folder}"
    show(
        document,
        as_json=as_json,
        in_words=lambda: say(f"{counted(len(hosts), 'host')}. {next_step}"),
    )


def _rulebook(rulebooks: Rulebooks, named: str) -> Rulebook:
    if _VERSION.fullmatch(named):
        return rulebooks.find(named)
    folder = Path(named)
    if not folder.is_dir():
        raise click.UsageError("Name a version such as sha256:..., or a folder of rules.")
    return Rulebook.read(folder)


def _view_of(changes: Iterable[Change], move: Move) -> list[dict[str, object]]:
    return [
        {
            "decision": change.id,
            "before": change.before.value,
            "after": change.after.value,
            "rules": list(change.rules),
        }
        for change in changes
        if change.move is move
    ]


def _change_in_words(one: Change) -> str:
    before, after = spaced(one.before), spaced(one.after)
    return f"{one.id}: {before} -> {after} ({', '.join(one.rules)})"


def _impact_in_words(changes: list[Change]) -> None:
    for move in Move:
        moved = [change for change in changes if change.move is move]
        if move is Move.UNCHANGED or not moved:
            continue
        item(spaced(move), f"{len(moved)} of {counted(len(changes), 'decision')}")
        lines("", map(_change_in_words, moved))
    if all(change.move is Move.UNCHANGED for change in changes):
        say(f"Nothing would change in {counted(len(changes), 'recorded decision')}.")
    if any(change.move is Move.LOOSENED for change in changes):
        complain("These rules let more go. Two people answer for that, one of them a Guardian.")


COMMANDS = (replay, impact, activate, accredit)
