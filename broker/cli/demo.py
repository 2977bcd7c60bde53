"""`broker demo`: an installation on this machine, the sample packs, what became of them."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from audit.log.files import write_durably
from broker.cli import session
from broker.cli.guardian import queue_in_words
from broker.cli.output import command, item, read_file, say
from broker.cli.practitioner import tell_in_words
from broker.domain.errors import BrokerError
from broker.domain.json_values import as_array, as_object
from broker.intake.documents import read_directory
from broker.operations.installation import initialise
from broker.settings import Settings
from broker.wiring import Services, assemble
from keys import AgencyId, PersonId, Role, TokenClaims

START_SECONDS = 30.0
CALL_SECONDS = 30.0
SEALING_SECONDS = 60.0

SENDERS: Mapping[str, tuple[str, str]] = {
    "1-permitted": ("p-teacher", "example-school"),
    "2-withheld": ("p-teacher", "example-school"),
    "3-refused": ("p-nurse", "northshire-trust"),
    "4-referred": ("p-nurse", "northshire-trust"),
    "5-emergency": ("p-nurse", "northshire-trust"),
}
"""Who sends each sample pack: person and agency of the sample directory."""

GUARDIAN = ("p-guardian", "northshire-trust")


class DemoError(BrokerError):
    """Raised when the demonstration cannot go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A sample pack, who sent it, and what the gateway told of it last."""

    name: str
    token: str
    told: Mapping[str, object]


@click.command()
@click.option(
    "--examples",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path("examples"),
    help="The folder of sample packs.",
)
@click.option("--once", is_flag=True, help="Stop the gateway at the end.")
def demo(examples: Path, *, once: bool) -> None:
    """Set up a broker, submit the sample packs through its API, and show what became of them."""
    settings = session.settings()
    services = initialise(settings)
    _fill_directory(services, examples)
    tokens = {
        sender: _token(services, *sender, Role.PRACTITIONER)
        for sender in sorted(set(SENDERS.values()))
    }
    guardian = _token(services, *GUARDIAN, Role.GUARDIAN)
    services.close()
    with _gateway(settings) as (address, server):
        for name, sender in SENDERS.items():
            told = _submit(address, tokens[sender], examples / f"{name}.json")
            told = _wait_until_sent(address, tokens[sender], told)
            _tell(settings, Submitted(name=name, token=tokens[sender], told=told), sender)
        _tell_guardian(settings, _call(f"{address}/api/v1/reviews", guardian))
        _tell_ledger(settings)
        if once:
            say(f"The gateway at {address} stops now; everything stays in {settings.home}.")
            return
        say(f"The gateway runs at {address}. Press Ctrl-C to stop it.")
        server.wait()


def _fill_directory(services: Services, examples: Path) -> None:
    register = services.rulebooks.in_force().mail
    with services.transaction() as tx:
        if tx.directory.mailboxes():
            return
        agencies, mailboxes = read_directory(read_file(examples / "directory.json"))
        tx.directory.add(agencies, mailboxes, register)
        for mailbox in mailboxes:
            today = datetime.now(UTC).date()
            tx.directory.verify(mailbox.id, by=PersonId("p-directory-keeper"), on=today)


def _token(services: Services, person: str, agency: str, role: Role) -> str:
    claims = TokenClaims(person=PersonId(person), agency=AgencyId(agency), role=role)
    token = services.tokens.issue(claims, by="operator")
    path = services.home.path / f"{person}.token"
    write_durably(path, token.encode("ascii"))
    return token


@contextmanager
def _gateway(settings: Settings) -> Generator[tuple[str, subprocess.Popen[bytes]]]:
    """Start `broker serve` as its own process and yield its address once it answers."""
    port = _free_port(settings.port)
    address = f"http://127.0.0.1:{port}"
    log = (settings.home / "gateway.log").open("ab")
    server = subprocess.Popen(
        [sys.executable, "-m", "broker", "serve"],
        env={**os.environ, "BROKER_HOME": str(settings.home), "BROKER_PORT": str(port)},
        stdout=log,
        stderr=log,
    )
    try:
        _wait_until_ready(address, server)
        yield address, server
    finally:
        server.terminate()
        server.wait(timeout=START_SECONDS)
        log.close()


def _free_port(wanted: int) -> int:
    """Return the wanted port, or any free one where another program has it."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            chosen: int = probe.getsockname()[1]
            return chosen
    raise DemoError("No port is free on this machine.")


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at:
        if server.poll() is not None:
            raise DemoError("The gateway ended at once. Its log is gateway.log in BROKER_HOME.")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=CALL_SECONDS):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise DemoError("The gateway did not answer. Its log is gateway.log in BROKER_HOME.")


def _submit(address: str, token: str, path: Path) -> Mapping[str, object]:
    pack = read_file(path)
    files = [str(as_object(note)["name"]) for note in json.loads(pack)["attachments"]]
    fields: MultiDict[str, object] = MultiDict([("pack", pack.decode())])
    for name in files:
        fields.add("attachment", FileStorage((path.parent / name).open("rb"), filename=name))
    boundary, body = encode_multipart(fields)
    return _call(
        f"{address}/api/v1/disclosures",
        token,
        body,
        {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Idempotency-Key": secrets.token_hex(16),
        },
    )


def _wait_until_sent(address: str, token: str, told: Mapping[str, object]) -> Mapping[str, object]:
    give_up_at = time.monotonic() + SEALING_SECONDS
    while told["state"] in {"decided", "sealed", "sending"}:
        if time.monotonic() > give_up_at:
            raise DemoError("A pack was not sealed in time. See gateway.log in BROKER_HOME.")
        time.sleep(0.1)
        told = _call(f"{address}/api/v1/disclosures/{told['reference']}", token)
    return told


def _call(
    url: str, token: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Mapping[str, object]:
    request = urllib.request.Request(  # noqa: S310  # our own gateway on loopback
        url, data=body, headers={"Authorization": f"Bearer {token}", **(headers or {})}
    )
    try:
        with urllib.request.urlopen(request, timeout=CALL_SECONDS) as response:  # noqa: S310
            return as_object(json.load(response))
    except urllib.error.HTTPError as error:
        problem = as_object(json.load(error))
        message = f"The gateway refused: {problem.get('title')}. {problem.get('detail', '')}"
        raise DemoError(message) from None


def _tell(settings: Settings, submitted: Submitted, sender: tuple[str, str]) -> None:
    told = submitted.told
    say()
    say(f"== {submitted.name}, sent by {sender[0]} of {sender[1]}")
    tell_in_words(told)
    if told["state"] != "sent":
        return
    reference = told["reference"]
    message = settings.home / "pickup" / f"{reference}.eml"
    item("message", str(message))
    item("sealed PDF", f"document-{reference}.pdf, attached to that message")
    command("passphrase", f"{_as(settings, sender[0])} handover {reference}")


def _tell_guardian(settings: Settings, queue: Mapping[str, object]) -> None:
    person, agency = GUARDIAN
    say()
    say(f"== Before {person}, a Caldicott Guardian of {agency}")
    queue_in_words(queue)
    for waiting in map(as_object, as_array(queue["waiting"])):
        command("for example", f"{_as(settings, person)} review show {waiting['reference']}")


def _as(settings: Settings, person: str) -> str:
    """Return the beginning of a command that `person` can copy and run."""
    program = Path(sys.argv[0])
    called = f"{sys.executable} -m broker" if program.suffix == ".py" else str(program)
    token = settings.home / f"{person}.token"
    return f"BROKER_HOME={settings.home} BROKER_TOKEN_FILE={token} {called}"


def _tell_ledger(settings: Settings) -> None:
    say()
    services = assemble(settings)
    services.checkpoints.keep()
    services.close()
    finished = subprocess.run(
        [sys.executable, "-m", "broker", "ledger", "verify"],
        env={**os.environ, "BROKER_HOME": str(settings.home)},
        check=False,
        timeout=SEALING_SECONDS,
    )
    if finished.returncode != 0:
        raise DemoError("The ledger did not verify. That should never happen; keep the files.")


COMMANDS = (demo,)
