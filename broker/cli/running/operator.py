"""The commands of whoever runs the broker: init, backup, restore, the tables."""

import sys
from contextlib import ExitStack
from pathlib import Path

import click

from audit.format.notes.trust_policy import policy_of
from broker.cli import session
from broker.cli.output import (
    FILE,
    FOLDER,
    IDENTIFIER,
    complain,
    json_option,
    lines,
    put,
    read_file,
    remark,
    say,
    show,
)
from broker.cli.waiting import while_doing
from broker.domain.roles import Role
from broker.operations import backup as backups
from broker.operations import database_tables
from broker.operations.first_people import enter_administrators, lacks_administrators
from broker.operations.installation import initialise
from broker.registers.entering.lists import read_people
from broker.registers.people import NewPerson
from broker.registers.sealing import RowSealing, UnsealedRow
from keys import AgencyId


@click.command()
@click.option(
    "--administrators",
    type=FILE,
    help="The first two administrators (CSV: agency, name, contact, roles), else you are asked.",
)
@click.option(
    "--run-by",
    type=IDENTIFIER,
    help="The body that runs the installation: its auditor reads every entry of the ledger.",
)
@json_option
def init(administrators: Path | None, run_by: str | None, *, as_json: bool) -> None:
    """Make a new installation in BROKER_HOME; run again, it keeps what is there.

    It prints the trust policy of its ledger: save it as it is, python -m audit verify takes it. It
    asks for the first two administrators and shows each one's code for their first sign-in.
    """
    named = None if administrators is None else read_people(read_file(administrators))
    services = initialise(session.settings(), run_by=None if run_by is None else AgencyId(run_by))
    if named is None and sys.stdin.isatty() and lacks_administrators(services):
        named = (_asked_for("first"), _asked_for("second"))
    first = () if named is None else enter_administrators(services, named)
    if first:
        services.checkpoints.keep()
    key = services.checkpoints.store.key
    policy = policy_of([key])
    document = {
        "home": str(services.home.path),
        "ledger_key": str(key),
        "ledger_policy": policy,
        "rulebook": services.rulebooks.in_force().version,
        "run_by": services.home.run_by,
        "administrators": [
            {"person": one.person, "name": one.name, "code": one.code} for one in first
        ],
    }
    lacks = lacks_administrators(services)
    services.close()

    def in_words() -> None:
        remark(f"The broker is ready in {services.home.path}.")
        remark(
            "The next lines are the trust policy of its ledger. Give them to everyone who will "
            "check the ledger, on paper or by telephone, to be saved as a file: "
            "python -m audit verify DIR --policy FILE"
        )
        put(policy, nl=False)
        # Not among what is saved as a file and given to others.
        for one in first:
            complain(f"For {one.name} ({one.person}) alone, at /welcome, for 72 hours: {one.code}")
        if services.home.run_by is None:
            complain("Nobody reads the whole ledger yet: broker init --run-by BODY, yours")
        if lacks:
            complain("There are no administrators yet: broker init --administrators FILE")

    show(document, as_json=as_json, in_words=in_words)


@click.command()
@click.argument("folder", type=FOLDER)
@json_option
def backup(folder: Path, *, as_json: bool) -> None:
    """Write a backup into FOLDER: database and keystore apart, to be kept in different places."""
    with session.services() as services, while_doing("Copying keystore and database"):
        written = backups.backup(services, folder)
    show(
        {"database": str(written.database), "keystore": str(written.keystore)},
        as_json=as_json,
        in_words=lambda: say(
            f"The database is in {written.database}, the keystore in {written.keystore}. Move "
            "them to two different places: together they open every file."
        ),
    )


@click.command()
@click.argument("database", type=FOLDER)
@click.argument("keystore", type=FOLDER)
@json_option
def restore(database: Path, keystore: Path, *, as_json: bool) -> None:
    """Restore DATABASE and KEYSTORE, the two folders of a backup, into an empty BROKER_HOME."""
    with while_doing("Putting keystore and database back"):
        home = backups.restore(session.settings(), database=database, keystore=keystore)
    show(
        {"home": str(home.path)},
        as_json=as_json,
        in_words=lambda: say(
            f"Restored into {home.path}. Now say again who runs it: broker init --run-by BODY. "
            "Then run: broker check, then: broker ledger verify"
        ),
    )


@click.group()
def db() -> None:
    """Keep the database's tables."""


@db.command("upgrade")
@click.option("--first", type=FILE, help="The token file of one operator, for older rows.")
@click.option("--second", type=FILE, help="The token file of another.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@json_option
def upgrade_tables(first: Path | None, second: Path | None, *, yes: bool, as_json: bool) -> None:
    """Bring the tables to this release.

    Bodies and mailboxes from before the ledger named rows count once two operators have compared
    them with what they know to be true: --first, --second. A new installation has none.
    """
    with ExitStack() as opened:
        with while_doing("Bringing the tables to this release"):
            services = opened.enter_context(database_tables.upgraded(session.settings()))
        at, _ = database_tables.tables_of(services)
        sealing = RowSealing(transaction=services.transaction)
        waiting = sealing.waiting()
        if waiting and first is not None and second is not None:
            tokens = map(session.token_in, (first, second))
            officers = [services.tokens.require(one, {Role.OPERATOR}) for one in tokens]
            for row in waiting:
                complain(_told(row))
            if not yes:
                click.confirm("Is every line true?", abort=True, err=True)
            sealing.seal(waiting, *officers)
            session.keep_head(services)
            waiting = ()

    def in_words() -> None:
        say(f"The tables are at {at}.")
        lines("not counted", map(_told, waiting))
        if waiting:
            say(
                "These rows are from before the ledger named rows, so nothing is sent to them. "
                "Two operators compare them: broker db upgrade --first FILE --second FILE"
            )

    left = [row.name for row in waiting]
    show({"revision": at, "unsealed": left}, as_json=as_json, in_words=in_words)


def _told(row: UnsealedRow) -> str:
    differs = "" if row.differs is None else f" (BUT {row.differs})"
    return f"{row.name}: {', '.join(row.shown)}{differs}"


@db.command("grants")
@click.argument("role")
@click.option("--portal", is_flag=True, help="Of the portal's role, not the gateway's.")
def print_grants(role: str, *, portal: bool) -> None:
    """Print what the gateway's ROLE in PostgreSQL may do, for the owner of the tables to run."""
    granted = database_tables.portal_grants if portal else database_tables.grants
    for statement in granted(role):
        put(f"{statement};")


def _asked_for(which: str) -> NewPerson:
    """Ask at the terminal for an administrator."""
    return NewPerson(
        agency=AgencyId(click.prompt(f"Body of the {which} administrator (identifier)", err=True)),
        name=click.prompt("Name", err=True),
        contact=click.prompt("Work address of mail", err=True),
        place=f"the {which} administrator",
    )


COMMANDS = (init, backup, restore, db)
