"""`broker demo`: an installation on this machine, the sample packs, what became of them."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from audit.errors import LedgerError
from broker.cli import session
from broker.cli.output import item, put, read_file, say
from broker.cli.running.demonstration.carried import (
    former_beside,
    tell_where_each_is,
)
from broker.cli.running.demonstration.case_system import (
    register_case_system,
)
from broker.cli.running.demonstration.gateway import (
    gateway,
    portal,
)
from broker.cli.running.demonstration.in_a_browser import tell_sign_ins, tell_what_to_try
from broker.cli.running.demonstration.nobody_answered import icb_beside, show_nobody_answered
from broker.cli.running.demonstration.played import begun_as, play, short
from broker.cli.running.demonstration.portal_fetched import desk_beside
from broker.cli.running.demonstration.ports import free_port
from broker.cli.running.demonstration.told_anew import (
    region_beside,
)
from broker.cli.standing import body_names, contact_names
from broker.domain.directory.backing import CallBack, NumberFrom
from broker.intake.documents import read_directory
from broker.ledger.explorer.standing import ON_HOST
from broker.operations.demo_concern import put_a_concern
from broker.operations.demo_home import (
    RUN_BY,
    DemoError,
    claim_home,
    mark_played,
    renew_tokens,
    was_played,
    write_commands,
)
from broker.operations.demo_mail import mail_server
from broker.operations.demo_people import (
    code_now,
    enter_people,
)
from broker.operations.demo_tampering import tamper
from broker.operations.installation import initialise
from broker.registers.directory import Entries
from broker.settings import Settings
from broker.wiring import Services, assemble
from keys import PersonId

RENEWAL_SECONDS = 600.0
VERIFY_SECONDS = 600.0  # a busy machine takes minutes over what an idle one does in three seconds

ENTERING, KEEPER = PersonId("p-directory-clerk"), PersonId("p-directory-keeper")
CALL = CallBack(
    number="01632 960 000", source=NumberFrom.SWITCHBOARD, spoke_to="Team administrator"
)


@click.group(invoke_without_command=True)
@click.option(
    "--examples",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("examples"),
    help="The folder of sample packs.",
)
@click.option("--once", is_flag=True, help="Stop the gateway at the end.")
@click.pass_context
def demo(context: click.Context, examples: Path, *, once: bool) -> None:
    """Set up a broker, submit the sample packs through its API, and show what became of them.

    It works in a BROKER_HOME that it made itself, and in no other.
    """
    if context.invoked_subcommand is not None:
        return
    if not examples.is_dir():
        raise DemoError(
            "The sample packs are not here. Run it in the folder of the source, or name them: "
            "--examples FOLDER"
        )
    _demonstrate(examples, once=once)


@demo.command("code")
@click.argument("person")
def show_code(person: str) -> None:
    """Print the code that the app of PERSON, such as nia, shows now."""
    code = code_now(session.settings().home, person, lambda: datetime.now(UTC))
    if code is None:
        raise DemoError("Nobody of this demonstration is called so. Names are: ada, ben, nia ...")
    put(code)


@demo.command("tamper")
def tamper_with_it() -> None:
    """Edit an entry of the demonstration's ledger past the broker, and have it found.

    While the demonstration runs, its page /ledger then names the entry, and nothing is sent.
    """
    services = assemble(session.settings())
    try:
        number = tamper(services)
        verdict = services.explorer.standings.check(ON_HOST)
    finally:
        services.close()
    say(f"Somebody with the database's password said in entry {number} that another sent it.")
    put("\n".join(verdict.lines))
    say(
        "Look at /ledger, signed in as ana or gus: it names the entry, and nothing is decided, "
        "sent or told any more. To begin anew, remove the folder of the demonstration."
    )


def _demonstrate(examples: Path, *, once: bool) -> None:
    settings = session.settings()
    claim_home(settings)
    played = was_played(settings.home)
    if not played:
        show_nobody_answered(settings, examples, _prepare)
    services = initialise(settings, run_by=RUN_BY)
    try:
        if not played:
            _prepare(services, examples)
            put_a_concern(services)
            register_case_system(services, examples)
        tokens = renew_tokens(services)
        names = {**contact_names(services), **body_names(services)}
    finally:
        services.close()
    write_commands(settings.home)
    page_host = f"http://127.0.0.1:{free_port(settings.portal_port)}"
    with (
        mail_server(settings.home, free_port(0)) as mail,
        gateway(settings, {**mail, "BROKER_PORTAL_URL": page_host}) as (address, server),
        portal(settings.home, page_host),
    ):
        if played:
            _tell_what_is_there(settings)
        else:
            play(settings, examples, address, tokens, names)
        _tell_the_end(settings)
        mark_played(settings.home)
        if once:
            say(f"The gateway at {address} stops now; everything stays in {settings.home}.")
            return
        pages = address.replace("127.0.0.1", "localhost")
        tell_what_to_try(pages)
        say("Press Ctrl-C to stop the gateway. Until then the commands above work from another")
        say("terminal. Each of them takes --help.")
        wait_and_renew(settings, server)


def _tell_what_is_there(settings: Settings) -> None:
    """Say that what was played before is still there, and how it is played again."""
    say("== Everything of before is still here, and nothing is sent a second time")
    item("to play anew", f"stop this, remove the folder {short(settings.home)}, and begin again")


def _tell_the_end(settings: Settings) -> None:
    """Say where each document is, that the ledger holds, and how to sign in."""
    services = assemble(settings)
    try:
        tell_where_each_is(services, ("nurse", "teacher", "officer"))
        bodies = body_names(services)
    finally:
        services.close()
    _tell_ledger(settings)
    tell_sign_ins(begun_as(settings, "operator"), bodies)


def wait_and_renew(settings: Settings, server: subprocess.Popen[bytes]) -> None:
    """Wait until the gateway ends, and renew the tokens before their 15 minutes are over.

    Once `broker demo tamper` was here no token can be issued; its pages stay, to be looked at.
    """
    is_told = False
    while True:
        try:
            server.wait(timeout=RENEWAL_SECONDS)
        except subprocess.TimeoutExpired:
            is_told = _renewed(settings, is_told=is_told)
        else:
            return


def _renewed(settings: Settings, *, is_told: bool) -> bool:
    """Renew the tokens; where the ledger does not hold say so once, and that it was said."""
    try:
        services = assemble(settings)
        try:
            renew_tokens(services)
        finally:
            services.close()
    except LedgerError:
        if not is_told:
            say("The ledger does not hold any more, so the commands get no new tokens. The pages")
            say("stay: look at /ledger. To begin anew, remove the folder of the demonstration.")
        return True
    return is_told


def _prepare(services: Services, examples: Path) -> None:
    """Enter whom something can be sent to, and the people who act."""
    _fill_directory(services, examples)
    enter_people(services)


def _fill_directory(services: Services, examples: Path) -> None:
    if services.directory.entries().identifiers:
        return
    agencies, mailboxes = read_directory(read_file(examples / "directory.json"))
    first = mailboxes[0]
    beside = (desk_beside(first), former_beside(first), region_beside(mailboxes))
    icb = icb_beside(agencies, mailboxes)
    mailboxes = (*mailboxes, *beside, *icb.mailboxes)
    entries = Entries(agencies=(*agencies, *icb.agencies), mailboxes=mailboxes)
    services.directory.add(entries, services.rulebooks.in_force(), ENTERING)
    for mailbox in mailboxes:
        services.directory.verify(mailbox.id, CALL, KEEPER)


def _tell_ledger(settings: Settings) -> None:
    say()
    services = assemble(settings)
    services.checkpoints.keep()
    services.close()
    finished = subprocess.run(
        [sys.executable, "-m", "broker", "ledger", "verify"],
        env={**os.environ, "BROKER_HOME": str(settings.home)},
        check=False,
        timeout=VERIFY_SECONDS,
    )
    if finished.returncode != 0:
        raise DemoError("The ledger did not verify. That should never happen; keep the files.")


COMMANDS = (demo,)
