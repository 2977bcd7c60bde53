"""`broker demo`: an installation on this machine, the sample packs, what became of them."""

import email
import email.policy
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from audit.errors import LedgerError
from audit.log.files import write_durably
from broker.cli import session
from broker.cli.output import command, item, put, read_file, say
from broker.cli.pages.queue import queue_in_words
from broker.cli.running.demonstration.carried import (
    FORMER,
    former_beside,
    show_carried,
    tell_where_each_is,
)
from broker.cli.running.demonstration.case_system import (
    as_case_system,
    register_case_system,
    show_case_system,
)
from broker.cli.running.demonstration.gateway import (
    call,
    gateway,
    portal,
    submit,
    wait_until_sent,
)
from broker.cli.running.demonstration.gone_wrong import show_gone_wrong
from broker.cli.running.demonstration.in_a_browser import tell_sign_ins, tell_what_to_try
from broker.cli.running.demonstration.nobody_answered import icb_beside, show_nobody_answered
from broker.cli.running.demonstration.panel_read import show_panel
from broker.cli.running.demonstration.partners_asked import json_headers, show_partner_requests
from broker.cli.running.demonstration.portal_fetched import DESK, desk_beside, show_portal
from broker.cli.running.demonstration.ports import free_port
from broker.cli.running.demonstration.samples import (
    ABOUT_ANOTHER,
    sent_elsewhere,
    written_anew,
)
from broker.cli.running.demonstration.second_concern import show_second_concern
from broker.cli.running.demonstration.told_anew import (
    region_beside,
    show_change,
    show_guardian_keeps_a_field,
)
from broker.cli.standing import body_names, contact_names, tell_in_words
from broker.domain.directory.backing import CallBack, NumberFrom
from broker.domain.json_values import as_array, as_object
from broker.domain.references import parse_reference
from broker.intake.documents import read_directory
from broker.ledger.explorer.standing import ON_HOST
from broker.operations.demo_concern import put_a_concern
from broker.operations.demo_home import (
    PEOPLE,
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
from broker.packs.opening import open_sealed
from broker.registers.directory import Entries
from broker.settings import Settings
from broker.wiring import Services, assemble
from keys import PersonId

RENEWAL_SECONDS = 600.0
VERIFY_SECONDS = 600.0  # a busy machine takes minutes over what an idle one does in three seconds

SENDERS: Mapping[str, str] = {
    "1-permitted": "teacher",
    "2-withheld": "teacher",
    "3-refused": "nurse",
    "4-referred": "nurse",
    "5-emergency": "nurse",
}
"""Who sends each sample pack."""

ENTERING, KEEPER = PersonId("p-directory-clerk"), PersonId("p-directory-keeper")
CALL = CallBack(
    number="01632 960 000", source=NumberFrom.SWITCHBOARD, spoke_to="Team administrator"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A sample pack, who sent it, and what the gateway told of it last."""

    name: str
    sender: str
    told: Mapping[str, object]


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
            _play(settings, examples, address, tokens, names)
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


def _play(
    settings: Settings,
    examples: Path,
    address: str,
    tokens: Mapping[str, str],
    names: Mapping[str, str],
) -> None:
    """Do what invented people would do with the gateway at an address, one after another."""
    references: dict[str, str] = {}
    for name, sender in SENDERS.items():
        told = submit(address, tokens[sender], examples / f"{name}.json")
        told = wait_until_sent(address, tokens[sender], told)
        references[name] = str(told["reference"])
        submitted = Submitted(name=name, sender=sender, told=told)
        _tell(settings, submitted, names)
        if told["state"] == "sent":
            _play_the_call(settings, address, tokens[sender], submitted)
    queue = call(f"{address}/api/v1/reviews", tokens["guardian"])
    _tell_guardian(settings, queue, names)
    show_second_concern(
        examples / "4-referred.json",
        settings.home / "second-concern",
        lambda pack: submit(address, tokens["nurse"], pack),
        lambda path: call(f"{address}{path}", tokens["guardian"]),
        _as(settings, "guardian"),
    )
    run_client = as_case_system(settings.home, examples, address)
    show_case_system(examples / "3-refused.json", run_client)
    call_as = partial(_call_as, address, tokens)
    show_partner_requests(examples, call_as, run_client)
    show_guardian_keeps_a_field(examples, call_as)
    show_change(call_as, "teacher", references["1-permitted"])
    _show_portal(settings, address, tokens["teacher"], examples / "2-withheld.json")
    astray = _tell_one_astray(
        address,
        tokens["nurse"],
        written_anew(
            examples / "5-emergency.json",
            settings.home / "astray.json",
            ABOUT_ANOTHER,
        ),
    )
    as_teacher = (address, tokens["teacher"])
    lost = sent_elsewhere(settings.home, as_teacher, FORMER, examples / "1-permitted.json")
    services = assemble(settings)
    try:
        show_panel(services, examples)
        show_gone_wrong(services, parse_reference(astray), _as(settings, "guardian"))
        show_carried(services, parse_reference(lost), "teacher")
    finally:
        services.close()


def _tell_what_is_there(settings: Settings) -> None:
    """Say that what was played before is still there, and how it is played again."""
    say("== Everything of before is still here, and nothing is sent a second time")
    item("to play anew", f"stop this, remove the folder {_short(settings.home)}, and begin again")


def _tell_the_end(settings: Settings) -> None:
    """Say where each document is, that the ledger holds, and how to sign in."""
    services = assemble(settings)
    try:
        tell_where_each_is(services, ("nurse", "teacher", "officer"))
        bodies = body_names(services)
    finally:
        services.close()
    _tell_ledger(settings)
    tell_sign_ins(_as(settings, "operator"), bodies)


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


def _call_as(
    address: str, tokens: Mapping[str, str], who: str, path: str, body: bytes | None
) -> Mapping[str, object]:
    """Call a path of the API as somebody, by the short name that their command has."""
    headers = json_headers() if body else None
    return call(f"{address}{path}", tokens[who], body, headers)


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


def _tell(settings: Settings, submitted: Submitted, names: Mapping[str, str]) -> None:
    _, agency, _ = PEOPLE[submitted.sender]
    say()
    say(f"== {submitted.name}, sent by the {submitted.sender} of {names[agency]}")
    tell_in_words(submitted.told)
    if submitted.told["state"] == "sent":
        item("message", _short(settings.home / "received" / f"{submitted.told['reference']}.eml"))


def _play_the_call(settings: Settings, address: str, token: str, submitted: Submitted) -> None:
    """Ring the recipient as the sender would, and open the document as the recipient would."""
    reference, sender = str(submitted.told["reference"]), submitted.sender
    told = _handed_over(address, token, reference)
    passphrase = str(told["passphrase"])
    item("the call", f"{told['telephone']}: {passphrase}")
    message = (settings.home / "received" / f"{reference}.eml").read_bytes()
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    (sealed,) = parsed.iter_attachments()
    opened = open_sealed(sealed.get_content(), passphrase)
    folder = settings.home / "opened"
    folder.mkdir(mode=0o700, exist_ok=True)
    document = folder / f"{reference}.pdf"
    write_durably(document, opened.pdf)
    item("opened", f"{_short(document)}, as the recipient sees it once the words were told")
    for number, page in enumerate(opened.pages, start=1):
        picture = folder / f"{reference}-{number}.png"
        write_durably(picture, page)
        item("" if number > 1 else "as pictures", _short(picture))
    command("they opened it", f"{_as(settings, sender)} acknowledge {reference}")


def _handed_over(address: str, token: str, reference: str) -> Mapping[str, object]:
    """Return the words of a sent document and whom to ring, as its sender has them shown."""
    path = f"{address}/api/v1/disclosures/{reference}/handover"
    return call(path, token, b"{}", {"Content-Type": "application/json"})


def _tell_one_astray(address: str, token: str, sample: Path) -> str:
    """Send a pack and tell its words, and return which one that is."""
    told = wait_until_sent(address, token, submit(address, token, sample))
    reference = str(told["reference"])
    _handed_over(address, token, reference)
    return reference


def _show_portal(settings: Settings, address: str, token: str, sample: Path) -> None:
    """Send a sample to a contact that takes no encrypted mail, and fetch it as its reader."""
    show_portal(
        sent_elsewhere(settings.home, (address, token), DESK, sample),
        settings.home / "received",
        lambda to, body: call(
            f"{address}/api/v1/disclosures/{to}", token, body, json_headers() if body else None
        ),
    )


def _tell_guardian(
    settings: Settings, queue: Mapping[str, object], names: Mapping[str, str]
) -> None:
    _, agency, _ = PEOPLE["guardian"]
    say()
    say(f"== Before a Caldicott Guardian of {names[agency]}")
    queue_in_words(queue, names)
    for waiting in map(as_object, as_array(queue["waiting"])):
        command("for example", f"{_as(settings, 'guardian')} review show {waiting['reference']}")
    item("in a browser", "sign in as gus or gwen, who decide it at /reviews")


def _as(settings: Settings, name: str) -> str:
    """Return the beginning of a command that can be copied and run as somebody."""
    return shlex.quote(_short(settings.home / f"as-{name}"))


def _short(path: Path) -> str:
    """Return a path from here where it lies below, whole where it does not."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


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
