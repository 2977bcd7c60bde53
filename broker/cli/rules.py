"""The rules' commands: judge facts, judge an address, check and explain the rulebook."""

import json
from pathlib import Path

import click
from policies.check import check as check_rulebook
from policies.check import run_cases

from broker.cli.flow import decision_in_words
from broker.cli.output import complain, item, json_option, read_file, say, show
from broker.strictjson import load_json
from policies import Rulebook, decide, explain, mail_verdict

FILE = click.Path(path_type=Path, dir_okay=False)
FAULT = 1


@click.command("decide")
@click.argument("facts", type=FILE, required=False)
@click.option("--cases", type=FILE, help="Judge every case of a file instead.")
@json_option
def decide_facts(facts: Path | None, cases: Path | None, *, as_json: bool) -> None:
    """Judge FACTS (JSON, contract facts/1) by the shipped rulebook; needs no installation."""
    if (facts is None) == (cases is None):
        raise click.UsageError("Name a file of facts, or --cases FILE.")
    rulebook = Rulebook.shipped()
    if facts is not None:
        decision = decide(_facts(load_json(read_file(facts))), rulebook)
        document: object = decision.document()
        show(document, as_json=as_json, in_words=lambda: click.echo(explain(decision, rulebook)))
        return
    judged = [_judged(case, rulebook) for case in _cases(cases or Path())]
    show(judged, as_json=as_json, in_words=lambda: _tell_cases(judged))


@click.command()
@click.argument("address")
@json_option
def address(address: str, *, as_json: bool) -> None:
    """Say how ADDRESS may be written to: secure, seal, retired, hold or reject."""
    verdict = mail_verdict(address, Rulebook.shipped().mail)
    document = {"verdict": verdict.verdict, "rule": verdict.rule, "say": verdict.say}
    show(document, as_json=as_json, in_words=lambda: item(verdict.verdict, verdict.say))


@click.group("policy")
def policy() -> None:
    """Check the rulebook, test it, have it explained."""


@policy.command("check")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@json_option
def check(folder: Path | None, *, as_json: bool) -> None:
    """Check the shipped rulebook, or the one in FOLDER; names every fault with file and line."""
    problems = [str(problem) for problem in check_rulebook(folder)]

    def in_words() -> None:
        for problem in problems:
            complain(problem)
        say(f"{len(problems)} faults." if problems else "The rulebook is in order.")

    show({"faults": problems}, as_json=as_json, in_words=in_words)
    if problems:
        raise click.exceptions.Exit(FAULT)


@policy.command("test")
@json_option
def test(*, as_json: bool) -> None:
    """Run the named cases beside the cards."""
    results = run_cases(Rulebook.shipped())
    failed = [result for result in results if result.problem]
    document = {
        "cases": len(results),
        "failed": [{"case": one.name, "problem": one.problem} for one in failed],
    }

    def in_words() -> None:
        for one in failed:
            item(one.name, one.problem)
        say(f"{len(results)} cases, {len(failed)} failed.")

    show(document, as_json=as_json, in_words=in_words)
    if failed:
        raise click.exceptions.Exit(FAULT)


@policy.command("explain")
@click.argument("facts", type=FILE)
@click.option("--guardian", is_flag=True, help="With law and reasons, for the Guardian.")
@json_option
def explain_facts(facts: Path, *, guardian: bool, as_json: bool) -> None:
    """Explain in words what the rules say to FACTS."""
    rulebook = Rulebook.shipped()
    decision = decide(_facts(load_json(read_file(facts))), rulebook)
    words = explain(decision, rulebook, guardian=guardian)
    show({"explanation": words}, as_json=as_json, in_words=lambda: click.echo(words))


def _facts(value: object) -> dict[str, object]:
    # Anything else is judged too: the decision document then says that nothing was there.
    if not isinstance(value, dict):
        return {}
    found: dict[str, object] = value
    return found


def _cases(path: Path) -> list[dict[str, object]]:
    # Case files are the operator's own and long, so their size is not bounded as a request's is.
    try:
        cases: object = json.loads(read_file(path))
    except ValueError:
        raise click.UsageError("The file of cases is not JSON.") from None
    if not isinstance(cases, list):
        raise click.UsageError("A file of cases is a JSON list.")
    found: list[object] = cases
    return [_facts(case) for case in found]


def _judged(case: dict[str, object], rulebook: Rulebook) -> dict[str, object]:
    decision = decide(_facts(case.get("facts")), rulebook)
    return {"id": case.get("id"), "decision": decision.document()}


def _tell_cases(judged: list[dict[str, object]]) -> None:
    for one in judged:
        say(f"{one['id']}:")
        decision_in_words(one["decision"])


COMMANDS = (decide_facts, address, policy)
