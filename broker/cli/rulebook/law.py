"""The register of law: every source that a rule cites, how it was read, when it is in force."""

from collections.abc import Mapping
from datetime import date

import click

from broker.cli import session
from broker.cli.days import DAY
from broker.cli.output import item, json_option, lines, say, show
from broker.domain.times import uk_day
from broker.rulebooks.views import law_document, sources_of
from policies import law_on
from policies.tools.law_words import HOW_READ


@click.group("law")
def law() -> None:
    """Look at the law that the rules in force rest on."""


@law.command("list")
@click.option("--on", type=DAY, help="As it stands on this day.")
@json_option
def list_law(on: date | None, *, as_json: bool) -> None:
    """List every source: how it was read, and whether it is in force today, or on a day."""
    with session.as_it_stands() as services:
        rulebook = services.rulebooks.in_force()
        day = uk_day(services.clock()) if on is None else on
    found = law_on(rulebook, day)
    sources = sources_of(rulebook)

    def in_words() -> None:
        for source in sources:
            item("law", _in_words(source))
        say()
        lines("not looked at for 12 months", found.stale)
        lines("read by nobody", found.unread)
        lines("off until commencement", found.off)

    show(law_document(rulebook, day), as_json=as_json, in_words=in_words)


def _in_words(source: Mapping[str, object]) -> str:
    said = [f"{source['citation']}: {HOW_READ[str(source['tag'])]}"]
    said += [f"looked at by {source['read_on']}"] if source["read_on"] else []
    said += [f"in force from {source['in_force_from']}"] if source["in_force_from"] else []
    said += [f"in force to {source['in_force_to']}"] if source["in_force_to"] else []
    return "; ".join(said)


COMMANDS = (law,)
