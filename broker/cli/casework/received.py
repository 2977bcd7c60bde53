"""`broker who-received`: who received what in a case, for whoever it is about and asks."""

from pathlib import Path

import click

from audit.log.files import write_durably
from broker.cli import session
from broker.cli.output import item, json_option, lines, say, show
from broker.disclosures.received_by import COLUMNS, received_by
from broker.domain.tables.spreadsheets import csv_line
from broker.ledger.readings import Entrance


@click.command("who-received")
@click.argument("case")
@click.option(
    "--csv",
    "table",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it as a table into this file.",
)
@json_option
def who_received(case: str, table: Path | None, *, as_json: bool) -> None:
    """Say which bodies received what in CASE and when; nobody who worked on it is named."""
    with session.services() as services:
        person = session.caller(services)
        found = received_by(services.transaction, person, case, Entrance.CLI)
    if table is not None:
        text = "".join(map(csv_line, (COLUMNS, *(one.cells() for one in found))))
        write_durably(table, text.encode("utf-8-sig"))

    def in_words() -> None:
        for one in found:
            item(str(one.reference), f"{one.body}, {one.contact}, on {one.sent_at:%Y-%m-%d}")
            lines("what", one.fields)
        if not found:
            say("Nothing was sent to anybody in this case.")

    document = {"case": case, "received": [one.document() for one in found]}
    show(document, as_json=as_json, in_words=in_words)


COMMANDS = (who_received,)
