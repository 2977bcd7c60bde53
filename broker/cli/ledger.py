"""The ledger's commands: show an entry, verify all of it, export it for others to verify."""

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from audit.cli import main as verify_offline
from audit.export import export as export_log
from audit.files import write_durably
from audit.ledger import Ledger
from audit.prove import prove as prove_entry
from audit.verdict import Status, judge
from audit.verify_database import verify_database
from broker.cli import session
from broker.cli.output import complain, item, json_option, say, show
from broker.wiring import Services, assemble

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def ledger() -> None:
    """Look into the ledger: what was decided and done, chained and signed."""


@ledger.command("show")
@click.argument("number", type=click.IntRange(min=0))
@json_option
def show_entry(number: int, *, as_json: bool) -> None:
    """Show entry NUMBER."""
    with _as_it_stands() as made, made.transaction() as tx:
        entries = list(tx.ledger.entries(number, number + 1))
        leaves = list(tx.ledger.leaves(number, number + 1))
    if not entries:
        complain(f"The ledger has no entry {number} yet.")
        raise click.exceptions.Exit(Status.INCOMPLETE)
    (entry,) = entries
    if entry.leaf not in leaves:
        complain("This entry is not as it was recorded. Run: broker ledger verify")
        raise click.exceptions.Exit(Status.FAULT)

    def in_words() -> None:
        item("entry", str(number))
        item("leaf hash", entry.leaf.hex())
        for name, value in entry.event.items():
            item(name, value if isinstance(value, str) else json.dumps(value))

    show(json.loads(entry.raw), as_json=as_json, in_words=in_words)


@ledger.command()
@click.argument("folder", type=FOLDER, required=False)
@click.option("--policy", type=FILE, help="For a FOLDER: whose signatures you trust.")
@click.option("--since", type=FILE, multiple=True, help="For a FOLDER: a head you kept earlier.")
@click.option(
    "--receipt", type=FILE, multiple=True, help="For a FOLDER: a receipt you were given."
)
@json_option
def verify(
    folder: Path | None,
    policy: Path | None,
    since: tuple[Path, ...],
    receipt: tuple[Path, ...],
    *,
    as_json: bool,
) -> None:
    """Verify the whole ledger of this installation, or of an exported FOLDER."""
    if folder is not None:
        trust = [] if policy is None else ["--policy", str(policy)]
        older = [argument for path in since for argument in ("--since", str(path))]
        given = [argument for path in receipt for argument in ("--receipt", str(path))]
        _offline("verify", str(folder), *trust, *older, *given, as_json=as_json)
    if policy is not None or since or receipt:
        raise click.UsageError("--policy, --since and --receipt go with an exported FOLDER.")
    with _as_it_stands() as made, made.transaction.database.reading() as connection:
        keeper = made.keeper
        verdict = judge(
            lambda: verify_database(
                connection,
                (one.checkpoint for one in keeper.all()),
                keeper.key,
                former=(*keeper.former, *keeper.disowned),
            )
        )
    show(
        dict(verdict.document),
        as_json=as_json,
        in_words=lambda: click.echo("\n".join(verdict.lines)),
    )
    raise click.exceptions.Exit(verdict.status)


@ledger.command()
@click.argument("folder", type=FOLDER)
@json_option
def export(folder: Path, *, as_json: bool) -> None:
    """Write the ledger into FOLDER, for anyone to verify: python -m audit verify FOLDER."""
    with session.services() as made:
        made.keep_checkpoint()
        with made.transaction.database.reading() as connection:
            log = Ledger(connection, made.clock)
            keeper = made.keeper
            newest = export_log(log, list(keeper.all()), keeper.key, folder, former=keeper.former)
    size = newest.checkpoint.size
    show(
        {"folder": str(folder), "entries": size},
        as_json=as_json,
        in_words=lambda: say(
            f"Exported {size} entries into {folder}. Anyone can check them: "
            f"python -m audit verify {folder}"
        ),
    )


@ledger.command()
@click.argument("number", type=click.IntRange(min=0))
@click.option("--to", type=FILE, help="Write the receipt into this file instead of printing it.")
def prove(number: int, to: Path | None) -> None:
    """Give a receipt for entry NUMBER: anyone can check it without this ledger."""
    with session.services() as made:
        kept = made.keep_checkpoint()
        with made.transaction.database.reading() as connection:
            log = Ledger(connection, made.clock)
            receipt = prove_entry(log, number, kept, made.keeper.key).to_bytes()
    if to is None:
        click.echo(receipt, nl=False)
        return
    write_durably(to, receipt)
    say(f"The receipt for entry {number} is in {to}.")


@ledger.command("verify-receipt")
@click.argument("receipt", type=FILE)
@click.option("--policy", type=FILE, required=True, help="Whose signatures you trust.")
@json_option
def verify_receipt(receipt: Path, policy: Path, *, as_json: bool) -> None:
    """Verify a RECEIPT offline, with nothing but the trust policy of the log."""
    _offline("verify-receipt", str(receipt), "--policy", str(policy), as_json=as_json)


def _offline(*arguments: str, as_json: bool) -> NoReturn:
    given = [*arguments, *(["--json"] if as_json else [])]
    raise click.exceptions.Exit(verify_offline(given, sys.stdout, sys.stderr))


@contextmanager
def _as_it_stands() -> Generator[Services]:
    """Yield the services without signing anything, so that a faulty ledger can be looked at."""
    made = assemble(session.settings())
    try:
        yield made
    finally:
        made.close()


COMMANDS = (ledger,)
