"""`broker memory`: what is still known of cases whose words are gone, and for how long."""

from datetime import date

import click

from broker.cli import session
from broker.cli.output import item, json_option, paragraphs, say, show, words_option
from broker.domain.cases.memories import IN_WORDS, Memory
from broker.ledger.readings import Entrance

CASE = click.argument("case")


@click.group("memory")
def memory_commands() -> None:
    """Look each year at what is known of cases whose words are gone: keep it on, or end it."""


@memory_commands.command("list")
@json_option
def list_memories(*, as_json: bool) -> None:
    """List what is remembered of the cases of your body, the first to go first."""
    with session.services() as services:
        kept = services.retention.memories
        found, today = kept.of_body(session.caller(services)), kept.today()

    def in_words() -> None:
        for one in found:
            item(_mark(one, today), _in_words(one))
        say(
            "Keep one on: broker memory keep REFERENCE. Else: broker retention forget REFERENCE."
            if found
            else "Nothing is remembered of a case whose words are gone."
        )

    document = {"memories": [one.document(today) for one in found]}
    show(document, as_json=as_json, in_words=in_words)


@memory_commands.command("show")
@CASE
@json_option
def show_memory(case: str, *, as_json: bool) -> None:
    """Show what is remembered of CASE (or of a reference), and why it was kept on; recorded."""
    with session.services() as services:
        kept = services.retention.memories
        found, today = kept.open(session.caller(services), case, Entrance.CLI), kept.today()

    def in_words() -> None:
        say(_in_words(found))
        if found.look is not None:
            item("kept on", f"by {found.look.by} on {found.look.on}")
            paragraphs("why", found.look.why)

    show(found.opened(today), as_json=as_json, in_words=in_words)


@memory_commands.command("keep")
@CASE
@words_option("reason", "Why it must be remembered on.", prompt="Why must it be remembered on?")
@json_option
def keep_memory(case: str, *, reason: str, as_json: bool) -> None:
    """Keep what is remembered of CASE (or of a reference) on for another year."""
    with session.services() as services:
        kept = services.retention.memories
        found, today = kept.keep(session.caller(services), case, reason), kept.today()
    show(found.document(today), as_json=as_json, in_words=lambda: say(_in_words(found)))


def _mark(one: Memory, today: date) -> str:
    if one.is_due(today):
        return "look at it"
    return "ends soon" if one.ends_soon(today) else ""


def _in_words(one: Memory) -> str:
    named, whose = ", ".join(map(str, one.references)), IN_WORDS[one.whose]
    if one.goes_unless_kept:
        ends = "unless you keep it on"
    elif one.look_by < one.ends_on:
        ends = f"the end of its time; look at it by {one.look_by}"
    else:
        ends = "the end of its time"
    gone = f"words gone since {one.words_gone_on}"
    return f"{named}: {gone}. {whose}: forgotten on {one.goes_on}, {ends}"


COMMANDS = (memory_commands,)
