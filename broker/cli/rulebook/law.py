"""The register of law: every source that a rule cites, how it was read, when it is in force."""

from datetime import datetime

import click

from broker.cli import session
from broker.cli.output import item, json_option, lines, say, show
from broker.domain.times import day_text, uk_day
from policies import Rulebook, law_on


@click.group("law")
def law() -> None:
    """Look at the law that the rules in force rest on."""


@law.command("list")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As it stands on this day.")
@json_option
def list_law(on: datetime | None, *, as_json: bool) -> None:
    """List every source: how it was read, and whether it is in force today, or on a day."""
    with session.as_it_stands() as services:
        rulebook = services.rulebooks.in_force()
        day = uk_day(services.clock()) if on is None else on.date()
    found = law_on(rulebook, day)
    sources = [_document(rulebook, name) for name in sorted(rulebook.laws)]

    def in_words() -> None:
        for source in sources:
            days = f"from {source['in_force_from'] or '?'} to {source['in_force_to'] or '?'}"
            item(str(source["tag"]), f"{source['citation']} ({days}), read {source['read_on']}")
        say()
        lines("not looked at for 12 months", found.stale)
        lines("read by nobody", found.unread)
        lines("off until commencement", found.off)

    show({**found.document(), "sources": sources}, as_json=as_json, in_words=in_words)


def _document(rulebook: Rulebook, name: str) -> dict[str, object]:
    source = rulebook.laws[name]
    reading = source.reading
    return {
        "id": name,
        "citation": source.citation,
        "tag": source.tag,
        "edition": None if reading is None else reading.edition,
        "read_by": None if reading is None else reading.by,
        "read_on": None if reading is None else reading.on.isoformat(),
        "in_force_from": day_text(source.begins),
        "in_force_to": day_text(source.in_force_to),
        "extent": source.extent,
    }


COMMANDS = (law,)
