"""What a command needs before it can work: settings, services, and who is asking."""

import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

from audit.errors import LedgerError
from audit.format.plurals import counted
from broker.access.table import who_may
from broker.access.tokens import refuse_other_role
from broker.cli.output import complain
from broker.cli.waiting import while_doing
from broker.disclosures import views
from broker.domain.errors import BrokerError
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.logs import configure
from broker.operations.installation import begin
from broker.settings import Settings
from broker.wiring import Services, assemble
from keys import KeyManagementError

_LONGEST_TOKEN = 8_192
_IS_SESSION = re.compile(r"[A-Za-z0-9_-]{43}")

OTHERS = 0o077
WHO_YOU_ARE = (
    "Say who you are: broker tokens new --role ROLE --person ID --agency ID --to FILE, "
    "then set BROKER_TOKEN_FILE to that file. A token lasts 15 minutes."
)


def settings() -> Settings:
    """Return the settings of the environment; raises `SettingsError`."""
    found = Settings.from_environment(os.environ)
    configure(found.log_level)
    return found


@contextmanager
def services() -> Generator[Services]:
    """Yield the services of a ledger that was not rolled back; sign and keep its head after.

    What the command did stands by then, so trouble with the head is told and turns nothing back.
    """
    services = assemble(settings())
    try:
        with services.keystore.session():
            with while_doing("Reading the ledger"):
                begin(services)
            yield services
            keep_head(services)
    finally:
        services.close()


def keep_head(services: Services) -> None:
    """Sign and keep the ledger's head; where that fails, tell it and let what was done stand."""
    try:
        services.checkpoints.keep()
    except (BrokerError, LedgerError, KeyManagementError, OSError) as error:
        complain(
            "What this command did stands and is not to be done again. The ledger's new head "
            f"could not be signed and kept: tell the operator, who runs broker check. ({error})"
        )


@contextmanager
def as_it_stands() -> Generator[Services]:
    """Yield the services without signing anything, so that a faulty ledger can be looked at."""
    services = assemble(settings())
    try:
        yield services
    finally:
        services.close()


def warn_of_rules(days: int | None) -> None:
    """Say on standard error that the rules in force end soon, where they do."""
    if days is None:
        return
    when = "ended" if days < 0 else "end today" if days == 0 else f"end in {counted(days, 'day')}"
    complain(
        f"The rules in force {when}; after that nothing is judged. Put them, or newer ones, in "
        "force: broker policy activate --until DAY"
    )


def caller(services: Services) -> Person:
    """Return who runs this command: whom BROKER_TOKEN_FILE speaks for, or who signed in there.

    Which roles may is said by the table (broker/access/who_may.toml). Raises `UsageError` without
    a token, `TokenRefusedError`, `NotSignedInError`, `NotAllowedError` for another role.
    """
    path = services.settings.token_file
    if path is None:
        raise click.UsageError(WHO_YOU_ARE)
    return bearer(services, path)


def bearer(services: Services, path: Path) -> Person:
    """Return whom the token in a file speaks for; raises as `caller`."""
    roles, token = who_may(_command()).roles, token_in(path)
    if _IS_SESSION.fullmatch(token):
        person = services.access.sessions.caller(token)
        refuse_other_role(person, roles)
        return person
    return services.tokens.require(token, roles)


def _command() -> str:
    """Return the command that runs, as the table names it; the program's own name is any."""
    names: list[str] = []
    context = click.get_current_context()
    while context.parent is not None:
        names.insert(0, context.info_name or "")
        context = context.parent
    return " ".join(("broker", *names))


def told(services: Services, reference: Reference, person: Person) -> dict[str, object]:
    """Return what `person` may know of what was just recorded, with its receipt if possible."""
    return views.told_after(services.disclosures, services.receipts, reference, person)


def token_in(path: Path) -> str:
    """Return the token in a private file; raises `UsageError`."""
    try:
        if path.stat().st_mode & OTHERS:
            raise click.UsageError(
                f"Others can use the token in {path}, so it is not used. Run: chmod 600 on that "
                "file, or have a new one written with: broker tokens new ... --to FILE"
            )
        with path.open("rb") as file:
            return file.read(_LONGEST_TOKEN).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise click.UsageError(f"BROKER_TOKEN_FILE cannot be read. {WHO_YOU_ARE}") from None
