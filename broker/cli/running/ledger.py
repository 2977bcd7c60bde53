"""The ledger's commands: show an entry, verify all of it, export it for others to verify."""

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from audit.cli import main as verify_offline
from audit.format.plurals import counted
from audit.log.files import write_durably
from audit.log.serving.export import export as export_log
from audit.log.serving.export import write_folder
from audit.verify.verdict import Status
from broker.cli import session
from broker.cli.output import complain, item, json_option, lines, put, say, show
from broker.cli.waiting import while_doing
from broker.domain.references import parse_reference
from broker.ledger.explorer.standing import ON_HOST
from broker.ledger.readings import Entrance
from broker.operations import restore_ceremony as ceremony
from broker.operations import set_aside as rows

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def ledger() -> None:
    """Look into the ledger: what was decided and done, chained and signed."""


@ledger.command("show")
@click.argument("number", type=click.IntRange(min=0))
@json_option
def show_entry(number: int, *, as_json: bool) -> None:
    """Show entry NUMBER: an auditor any, others what is about a disclosure of theirs."""
    with session.as_it_stands() as services:
        entry, leaf = services.log.entry_for(number, session.caller(services))
    if entry.leaf != leaf:
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
@click.option(
    "--opening", type=FILE, multiple=True, help="For a FOLDER: an opening you were given."
)
@json_option
def verify(  # noqa: PLR0913  # one parameter for each option
    folder: Path | None,
    policy: Path | None,
    since: tuple[Path, ...],
    receipt: tuple[Path, ...],
    opening: tuple[Path, ...],
    *,
    as_json: bool,
) -> None:
    """Verify the whole ledger of this installation, or of an exported FOLDER.

    Of this installation also the tables: each row that they hold otherwise than the ledger says is
    named by table and key.
    """
    if folder is not None:
        trust = [] if policy is None else ["--policy", str(policy)]
        older = [argument for path in since for argument in ("--since", str(path))]
        given = [argument for path in receipt for argument in ("--receipt", str(path))]
        shown = [argument for path in opening for argument in ("--opening", str(path))]
        _offline("verify", str(folder), *trust, *older, *given, *shown, as_json=as_json)
    if policy is not None or since or receipt or opening:
        raise click.UsageError(
            "--policy, --since, --receipt and --opening go with an exported FOLDER."
        )
    with session.as_it_stands() as services:
        with while_doing("Verifying every entry"):
            verdict = services.explorer.standings.check(ON_HOST)
        # Without a ledger that holds there is nothing to compare with.
        holds = verdict.status is Status.VERIFIED
        with while_doing("Holding every row against the ledger"):
            differing = services.log.differences() if holds else ()

    def in_words() -> None:
        put("\n".join(verdict.lines))
        if differing:
            put(
                "THE DATABASE DOES NOT SAY WHAT THE LEDGER SAYS. Nothing rests on these rows; "
                "somebody wrote past the broker, so find out who can, and put back what the "
                "newest backup holds of them:"
            )
        lines("row", differing)

    show({**verdict.document, "differing": [*differing]}, as_json=as_json, in_words=in_words)
    raise click.exceptions.Exit(Status.FAULT if differing else verdict.status)


@ledger.command()
@click.argument("folder", type=FOLDER)
@click.option("--mine", is_flag=True, help="The entries that are yours, each with its receipt.")
@json_option
def export(folder: Path, *, mine: bool, as_json: bool) -> None:
    """Write the ledger into FOLDER, for anyone to verify: python -m audit verify FOLDER.

    The whole ledger is the auditor's; with --mine anybody gets what is about disclosures of
    theirs. It is recorded who was given it.
    """
    if mine:
        _export_mine(folder, as_json=as_json)
        return
    with session.services() as services:
        services.log.record_whole_export(session.caller(services), Entrance.CLI)
        services.checkpoints.keep()
        store = services.checkpoints.store
        with while_doing("Writing the ledger"), services.log.reading() as log:
            newest = export_log(log, list(store.all()), store.key, folder, former=store.former)
    size = newest.checkpoint.size
    show(
        {"folder": str(folder), "entries": size},
        as_json=as_json,
        in_words=lambda: say(
            f"Exported {counted(size, 'entry')} into {folder}. Anyone can check them: "
            f"python -m audit verify {folder}"
        ),
    )


def _export_mine(folder: Path, *, as_json: bool) -> None:
    with session.services() as services:
        person = session.caller(services)
        with while_doing("Writing what is yours"):
            write_folder(folder, services.log.partial(person, Entrance.CLI))
    show(
        {"folder": str(folder), "partial": True},
        as_json=as_json,
        in_words=lambda: say(
            f"What is yours is in {folder}. Anyone can check it: python -m audit verify {folder}"
        ),
    )


@ledger.command()
@click.argument("number", type=click.IntRange(min=0))
@click.option("--to", type=FILE, help="Write the receipt into this file instead of printing it.")
def prove(number: int, to: Path | None) -> None:
    """Give a receipt for entry NUMBER, if it is yours: anyone can check it without this ledger."""
    with session.services() as services:
        services.checkpoints.keep()
        receipt = services.log.receipt(number, session.caller(services))
    if to is None:
        put(receipt.decode("utf-8"), nl=False)
        return
    write_durably(to, receipt)
    say(f"The receipt for entry {number} is in {to}.")


@ledger.command("open")
@click.argument("reference")
@click.argument("field")
@click.option("--to", type=FILE, help="Write the opening into this file instead of printing it.")
def open_commitment(reference: str, field: str, to: Path | None) -> None:
    """Open what the ledger committed to: FIELD of disclosure REFERENCE, with its salt.

    For a Guardian, or the person who requested it. FIELD is such as pack, facts/1 or decision/1.
    Anyone can check the opening: python -m audit verify DIR --opening FILE. It holds personal
    data: give it only to whom the law says.
    """
    with session.services() as services:
        person = session.caller(services)
        opening = services.openings.open(parse_reference(reference), field, person, Entrance.CLI)
    if to is None:
        put(opening.to_bytes().decode("ascii"), nl=False)
        return
    write_durably(to, opening.to_bytes())
    say(f"The opening of entry {opening.entry} is in {to}. It holds personal data.")


@ledger.command("restore-ceremony")
@click.option("--first", type=FILE, help="The token file of one person.")
@click.option("--second", type=FILE, help="The token file of another.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@json_option
def restore_ceremony(first: Path | None, second: Path | None, *, yes: bool, as_json: bool) -> None:
    """Let two people say which store is true where keystore, database or checkpoints are older.

    Both have tokens of `broker tokens new --for-restore` and see what was signed and is missing.
    Where entries or keys are lost, the ledger goes on under another name and key.
    A ceremony that was cut short is finished, and needs no tokens again.
    """
    with session.as_it_stands() as services:
        before = services.checkpoints.store.key
        if not services.home.restoring.exists():
            if first is None or second is None:
                raise click.UsageError("Name the token files of two people: --first, --second.")
            found = ceremony.loss(services)
            officers = [
                ceremony.officer(services, ceremony.read_token(one)) for one in (first, second)
            ]
            complain(_evidence(found))
            if not yes:
                click.confirm("Go on without what is missing?", abort=True, err=True)
            ceremony.begin(services, found, *officers)
        key = ceremony.finish(services)

    def in_words() -> None:
        item("ledger key", str(key))
        say(_RENAMED if key != before else _CONFIRMED)

    show({"ledger_key": str(key)}, as_json=as_json, in_words=in_words)


_RENAMED = (
    "The ledger goes on under this new name, with this new key. Give it to everyone who "
    "checks the ledger and tell them what was lost. The checkpoints of before stay."
)
_CONFIRMED = (
    "The ledger goes on as it was, and says that two people confirmed it. Now back up: broker "
    "backup"
)


def _evidence(found: ceremony.Loss) -> str:
    signed = found.signed
    before = counted(signed.size, "entry")
    lines = [
        f"Older than the rest: {' and '.join(sorted(found.older))}.",
        f"Signed before:  {before} of {signed.origin}, root {signed.root.hex()}.",
        f"In the database: {counted(found.size, 'entry')}, root {found.root.hex()}.",
    ]
    if found.size < signed.size:
        lines.append(f"Entries {found.size} to {signed.size - 1} are missing.")
    return "\n".join(lines)


@ledger.command("set-aside")
@click.option("--first", type=FILE, required=True, help="The token file of one person.")
@click.option("--second", type=FILE, required=True, help="The token file of another.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@json_option
def set_rows_aside(first: Path, second: Path, *, yes: bool, as_json: bool) -> None:
    """Set rows aside that somebody put behind the ledger's head; the ledger goes on from that.

    Two people with tokens of `broker tokens new --for-restore`. The rows are kept in a file of
    BROKER_HOME/foreign, and an entry says how many there were. On PostgreSQL it takes the role
    that owns the tables.
    """
    with session.as_it_stands() as services:
        found = rows.evidence(services)
        officers = [
            ceremony.officer(services, ceremony.read_token(one)) for one in (first, second)
        ]
        complain(f"Rows that the broker did not write: {found.count}. SHA-256: {found.digest}.")
        if not yes:
            click.confirm("Set them aside?", abort=True, err=True)
        path = rows.set_aside(services, found, *officers)
        services.checkpoints.keep()
    show(
        {"count": found.count, "sha256": found.digest, "file": str(path)},
        as_json=as_json,
        in_words=lambda: say(
            f"Set aside: {counted(found.count, 'row')}, kept as evidence in {path}. Change the "
            "password of the database, find out who wrote there, then run: broker ledger verify"
        ),
    )


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


COMMANDS = (ledger,)
