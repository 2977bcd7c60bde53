"""The commands of whoever runs the broker: init, serve, check, tokens, directory, backups."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from broker import backup as backups
from broker.api.documents import read_directory
from broker.ceremony import admit
from broker.cli import session
from broker.cli.output import item, json_option, lines, read_file, say, show
from broker.grants import grants
from broker.migrate import revision, upgrade
from broker.model import Mailbox, MailboxId, State
from broker.moments import day_text
from broker.server import Server
from broker.wiring import initialise
from keys import AgencyId, KeyId, PersonId, PublicKey, Purpose, Role, TokenClaims
from policies import Rulebook

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
OPERATOR = "operator"
CALL_WITHIN = timedelta(hours=24)
"""How long after sending a passphrase should have been told at the latest."""


class Identifier(click.ParamType[str]):
    """An opaque identifier: a to z, 0 to 9 and -, at most 64; never a name."""

    name = "ID"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return `value`, or fail with what an identifier looks like."""
        if not re.fullmatch(r"[a-z0-9-]{1,64}", value):
            self.fail("must be 1 to 64 of a-z, 0-9 and -, such as p-nurse-7.", param, ctx)
        return value


IDENTIFIER = Identifier()


@click.command()
@json_option
def init(*, as_json: bool) -> None:
    """Make a new installation in BROKER_HOME; run again, it keeps what is there."""
    made = initialise(session.settings())
    vkey = str(made.keeper.key)
    document = {
        "home": str(made.home.path),
        "ledger_key": vkey,
        "rulebook": made.rulebook.version,
    }
    made.close()

    def in_words() -> None:
        say(f"The broker is ready in {made.home.path}.")
        item("ledger key", vkey)
        say("Give the ledger key to everyone who will check the ledger, on paper or by telephone.")

    show(document, as_json=as_json, in_words=in_words)


@click.command()
def serve() -> None:
    """Serve the gateway on loopback until interrupted (behind a proxy: BROKER_BEHIND_PROXY=1)."""
    settings = session.settings()
    with session.services():
        pass
    say(f"The broker serves on http://127.0.0.1:{settings.port} until you press Ctrl-C.")
    Server(settings).run()


@click.command()
@json_option
def check(*, as_json: bool) -> None:
    """Check settings, keystore, database and ledger head."""
    with session.services() as made:
        made.keystore.check_integrity()
        kept = made.keep_checkpoint()
        at, newest = revision(made.transaction.database.engine)
        with made.transaction() as tx:
            waiting, stuck = tx.outbox.size(), tx.outbox.stuck()
            silent = tx.store.unchanged_since((State.SENT,), made.clock() - CALL_WITHIN)
    document = {
        "settings": "ok",
        "keystore": "ok",
        "database_revision": at,
        "newest_revision": newest,
        "ledger_size": kept.checkpoint.size,
        "outbox": waiting,
        "no_call_yet": [str(one.reference) for one in silent],
        "stuck": [str(reference) for reference in stuck],
        "rulebook": made.rulebook.version,
        "newer_rulebook_shipped": made.rulebook.version != Rulebook.shipped().version,
    }

    def in_words() -> None:
        say("Settings, keystore and database are in order.")
        item("ledger", f"{kept.checkpoint.size} entries; check them all: broker ledger verify")
        item("outbox", f"{waiting} steps wait")
        lines("no call yet", (f"{one.reference}: ring the recipient" for one in silent))
        lines("stuck", (f"{one}: a step fails again and again; see the log" for one in stuck))
        if document["newer_rulebook_shipped"]:
            item("rules", "this release ships other rules: broker policy impact, then activate")

    show(document, as_json=as_json, in_words=in_words)


@click.group()
def tokens() -> None:
    """Issue bearer tokens: who may speak to the broker, for 15 minutes."""


@tokens.command("new")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--person", type=IDENTIFIER, required=True, help="Who it is; never a name.")
@click.option("--agency", type=IDENTIFIER, required=True, help="Of which agency.")
@click.option(
    "--for-restore", is_flag=True, help="For `ledger restore-ceremony` alone, recorded by it."
)
@json_option
def new_token(role: str, person: str, agency: str, *, for_restore: bool, as_json: bool) -> None:
    """Print a new token; the ledger records whom it speaks for."""
    claims = TokenClaims(person=PersonId(person), agency=AgencyId(agency), role=Role(role))
    with session.as_it_stands() if for_restore else session.services() as made:
        token = admit(made, claims) if for_restore else made.issue_token(claims, by=OPERATOR)
    show({"token": token, "seconds": 900}, as_json=as_json, in_words=lambda: click.echo(token))


@click.group()
def directory() -> None:
    """Keep the directory of agencies and mailboxes."""


@directory.command("list")
@json_option
def list_directory(*, as_json: bool) -> None:
    """List every mailbox."""
    with session.services() as made, made.transaction() as tx:
        mailboxes = tx.directory.mailboxes()
    document = {"mailboxes": [_mailbox(mailbox) for mailbox in mailboxes]}

    def in_words() -> None:
        for mailbox in mailboxes:
            state = f"verified {mailbox.verified_on}" if mailbox.verified_on else "NOT VERIFIED"
            item(mailbox.id, f"{mailbox.title}, {mailbox.address}, {mailbox.telephone}; {state}")
        if not mailboxes:
            say("The directory is empty. Add entries: broker directory add FILE")

    show(document, as_json=as_json, in_words=in_words)


@directory.command("add")
@click.argument("file", type=FILE)
@json_option
def add_to_directory(file: Path, *, as_json: bool) -> None:
    """Add the agencies and mailboxes of FILE (JSON); each must then be verified."""
    agencies, mailboxes = read_directory(read_file(file))
    with session.services() as made:
        register = made.rulebook.mail
        with made.transaction() as tx:
            tx.directory.add(agencies, mailboxes, register)
    document = {"agencies": len(agencies), "mailboxes": len(mailboxes)}
    say_added = f"Added {len(agencies)} agencies and {len(mailboxes)} mailboxes."
    next_step = "Ring each mailbox's team, then: broker directory verify MAILBOX --by PERSON"
    show(document, as_json=as_json, in_words=lambda: say(f"{say_added} {next_step}"))


@directory.command("verify")
@click.argument("mailbox", type=IDENTIFIER)
@click.option("--by", type=IDENTIFIER, required=True, help="Who checked it by telephone.")
@json_option
def verify_mailbox(mailbox: str, by: str, *, as_json: bool) -> None:
    """Record that MAILBOX was checked with the recipient by telephone today."""
    today = datetime.now(UTC).date()
    with session.services() as made, made.transaction() as tx:
        tx.directory.verify(MailboxId(mailbox), by=PersonId(by), on=today)
    document = {"mailbox": mailbox, "verified_on": day_text(today)}
    show(document, as_json=as_json, in_words=lambda: say(f"{mailbox} is verified from today."))


@click.command()
@click.argument("folder", type=FOLDER)
@json_option
def backup(folder: Path, *, as_json: bool) -> None:
    """Write a backup into FOLDER: database and keystore apart, to be kept in different places."""
    with session.services() as made:
        written = backups.backup(made, folder)
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
    made = initialise(session.settings())
    upgrade(made.transaction.database.engine)
    at, _ = revision(made.transaction.database.engine)
    made.close()
    show({"revision": at}, as_json=as_json, in_words=lambda: say(f"The tables are at {at}."))


@db.command("grants")
@click.argument("role")
def print_grants(role: str) -> None:
    """Print what the gateway's ROLE in PostgreSQL may do, for the owner of the tables to run."""
    for statement in grants(role):
        click.echo(f"{statement};")


@click.group("keys")
def key_commands() -> None:
    """Look after the keys of this installation."""


@key_commands.command("list")
@json_option
def list_keys(*, as_json: bool) -> None:
    """List the public halves of the signing keys."""
    with session.services() as made:
        listed = made.keyring.all()
    document = {"keys": [_key(key) for key in listed]}

    def in_words() -> None:
        for key in listed:
            item(key.purpose.value, f"{key.kid} {key.state.value} since {key.created_at:%d %B %Y}")

    show(document, as_json=as_json, in_words=in_words)


@key_commands.command("rotate")
@click.option("--purpose", type=click.Choice([one.value for one in Purpose]), required=True)
@json_option
def rotate_key(purpose: str, *, as_json: bool) -> None:
    """Make a fresh signing key for a purpose; the ledger records who did it.

    A rotation that was cut short is finished. The ledger's old key signs beside the new one until
    `broker keys retire`, so that everyone can learn the new one meanwhile.
    """
    with session.services() as made:
        person = session.caller(made, Role.ADMINISTRATOR)
        key = made.keyring.rotate(Purpose(purpose), person)
        vkey = str(made.keeper.key) if key.purpose is Purpose.LEDGER else None

    def in_words() -> None:
        item(purpose, f"{key.kid} signs from now on")
        if vkey is not None:
            item("ledger key", vkey)
            say(
                "Give the new ledger key to everyone who checks the ledger, as you gave the old "
                "one. When they have it: broker keys retire OLD-KEY (broker keys list names it)"
            )

    document = {"purpose": purpose, "kid": key.kid, "ledger_key": vkey}
    show(document, as_json=as_json, in_words=in_words)


# A name may begin with a hyphen, and any letter may follow it: -h is not the help here.
@key_commands.command(
    "retire", context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]}
)
@click.argument("key")
@click.option("--compromised", is_flag=True, help="Somebody else may have the key.")
@json_option
def retire_key(key: str, *, compromised: bool, as_json: bool) -> None:
    """End the signing key KEY (its kid), which another followed; the ledger records who did it.

    Tokens that a retired key signed are refused at once.
    """
    with session.services() as made:
        person = session.caller(made, Role.ADMINISTRATOR)
        ended = made.retire_key(KeyId(key), person, compromised=compromised)

    def in_words() -> None:
        item(ended.purpose.value, f"{ended.kid} {ended.state.value}")
        if compromised and ended.purpose is Purpose.LEDGER:
            say(
                "Tell everyone who checks the ledger to strike the old key out of their policy, "
                "and to check receipts of before anew: broker ledger prove"
            )

    show(_key(ended), as_json=as_json, in_words=in_words)


def _key(key: PublicKey) -> dict[str, object]:
    return {
        "purpose": key.purpose.value,
        "kid": key.kid,
        "state": key.state.value,
        "created_at": key.created_at.isoformat(),
    }


def _mailbox(mailbox: Mailbox) -> dict[str, object]:
    return {
        "id": mailbox.id,
        "agency": mailbox.agency,
        "title": mailbox.title,
        "address": mailbox.address,
        "type": mailbox.type,
        "accepts_encrypted": mailbox.accepts_encrypted,
        "telephone": mailbox.telephone,
        "verified_on": day_text(mailbox.verified_on),
        "verified_by": mailbox.verified_by,
    }


COMMANDS = (init, serve, check, tokens, directory, backup, restore, db, key_commands)
