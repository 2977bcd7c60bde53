"""The commands that end what is kept: erase a case."""

from collections.abc import Sequence

import click

from broker.cli import session
from broker.cli.admin import key_commands
from broker.cli.output import json_option, say, show
from broker.erasure import REASONS, Why
from broker.model import Disclosure
from keys import Role


@key_commands.command("erase")
@click.argument("case")
@click.option("--why", type=click.Choice(REASONS), required=True, help="What it is erased for.")
@click.option("--yes", is_flag=True, help="Do not ask whether you mean it.")
@json_option
def erase(case: str, why: Why, *, yes: bool, as_json: bool) -> None:
    """Destroy for good what is kept of CASE, named by its identifier or by a reference."""
    with session.services() as made:
        person = session.caller(made, Role.ADMINISTRATOR)
        disclosures = made.erasures.erasable(case)
        if not yes:
            question = f"{_named(disclosures)} cannot be brought back. Erase it?"
            click.confirm(question, abort=True, err=True)
        was_there = made.erasures.erase(disclosures[0].case, person.id, why)
    document = {
        "case": disclosures[0].case,
        "references": [str(one.reference) for one in disclosures],
        "erased_before": not was_there,
    }

    def in_words() -> None:
        when = "is erased" if was_there else "was erased before"
        say(f"{_named(disclosures)} {when}. Destroy older backups of the keystore within 30 days.")

    show(document, as_json=as_json, in_words=in_words)


def _named(disclosures: Sequence[Disclosure]) -> str:
    references = ", ".join(str(one.reference) for one in disclosures)
    return f"The content of {references}"


COMMANDS = ()
