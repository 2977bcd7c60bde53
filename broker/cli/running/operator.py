"""The commands of whoever runs the broker: init, backup, restore, the tables."""

from pathlib import Path

import click

from audit.format.trust_policy import policy_of
from broker.cli import session
from broker.cli.output import FOLDER, json_option, put, remark, say, show
from broker.operations import backup as backups
from broker.operations import database_tables
from broker.operations.installation import initialise


@click.command()
@json_option
def init(*, as_json: bool) -> None:
    """Make a new installation in BROKER_HOME; run again, it keeps what is there.

    It prints the trust policy of its ledger: save it as it is, python -m audit verify takes it.
    """
    services = initialise(session.settings())
    key = services.checkpoints.store.key
    policy = policy_of([key])
    document = {
        "home": str(services.home.path),
        "ledger_key": str(key),
        "ledger_policy": policy,
        "rulebook": services.rulebooks.in_force().version,
    }
    services.close()

    def in_words() -> None:
        remark(f"The broker is ready in {services.home.path}.")
        remark(
            "The next lines are the trust policy of its ledger. Give them to everyone who will "
            "check the ledger, on paper or by telephone, to be saved as a file: "
            "python -m audit verify DIR --policy FILE"
        )
        put(policy, nl=False)

    show(document, as_json=as_json, in_words=in_words)


@click.command()
@click.argument("folder", type=FOLDER)
@json_option
def backup(folder: Path, *, as_json: bool) -> None:
    """Write a backup into FOLDER: database and keystore apart, to be kept in different places."""
    with session.services() as services:
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
    home = backups.restore(session.settings(), database=database, keystore=keystore)
    show(
        {"home": str(home.path)},
        as_json=as_json,
        in_words=lambda: say(
            f"Restored into {home.path}. Now run: broker check, then: broker ledger verify"
        ),
    )


@click.group()
def db() -> None:
    """Keep the database's tables."""


@db.command("upgrade")
@json_option
def upgrade_tables(*, as_json: bool) -> None:
    """Bring the tables to this release."""
    at = database_tables.upgrade_tables(session.settings())
    show({"revision": at}, as_json=as_json, in_words=lambda: say(f"The tables are at {at}."))


@db.command("grants")
@click.argument("role")
def print_grants(role: str) -> None:
    """Print what the gateway's ROLE in PostgreSQL may do, for the owner of the tables to run."""
    for statement in database_tables.grants(role):
        put(f"{statement};")


COMMANDS = (init, backup, restore, db)
