"""The demonstration of a case system: the example client, run as a program of its own."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from broker.cli.in_words import outcome_in_words
from broker.cli.output import item, lines, say
from broker.domain.json_values import as_object, texts
from broker.domain.machines.clients import ClientId
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.operations.demo_home import DemoError
from broker.registers.machines.clients import NewClient
from broker.wiring import Services
from keys import AgencyId, Algorithm, PersonId

MACHINE: Final = ClientId("c-trust-notes")
_PROGRAM, _KEY = "broker_client.py", "case-system.pem"
_ADA: Final = Person(
    id=PersonId("p-ada"), agency=AgencyId("northshire-trust"), role=Role.ADMINISTRATOR
)
_BEN: Final = replace(_ADA, id=PersonId("p-ben"))
_SECONDS: Final = 120

RunClient = Callable[..., Mapping[str, object]]
"""Runs the example client in a role with these arguments, and returns the JSON that it prints."""


def register_case_system(services: Services, examples: Path) -> None:
    """Let the trust's case system in, once: one administrator registers it, another confirms."""
    clients = services.access.machines.clients
    if any(one.client.id == MACHINE for one in clients.listed(_ADA)):
        return
    key = services.home.path / _KEY
    key.unlink(missing_ok=True)
    new = NewClient(
        id=MACHINE,
        algorithm=Algorithm.EDDSA,
        roles=frozenset({Role.LEAD, Role.PRACTITIONER}),
        names_people=False,
        keys=(_run(examples, "key", str(key)),),
    )
    (entered,) = clients.register(new, _ADA).keys
    clients.confirm(MACHINE, entered.id, _BEN)


def as_case_system(home: Path, examples: Path, address: str) -> RunClient:
    """Return what runs the example client against a gateway, as the trust's case system."""

    def run(role: Role, *arguments: str) -> Mapping[str, object]:
        who = ("--broker", address, "--client", MACHINE, "--key-file", str(home / _KEY))
        return _run(examples, *who, "--role", role.value, *arguments)

    return run


def show_case_system(pack: Path, run_client: RunClient) -> None:
    """Have the case system ask what the rules would say to a pack that nobody sent yet."""
    said = as_object(run_client(Role.PRACTITIONER, "refer", str(pack), "--try")["decision"])
    say()
    say("== A case system asks before anything is sent")
    item("a program", f"{MACHINE}, the trust's own: examples/{_PROGRAM}, to be copied")
    item("let in by", f"{_ADA.id}, who registered its key, and {_BEN.id}, who confirmed it")
    item("asked", f"May {pack.name} go? Nothing is kept or sent, whatever the answer.")
    item("told", outcome_in_words(said["outcome"]))
    lines("lawful if", texts(said["lawful_if"]))


def _run(examples: Path, *arguments: str) -> Mapping[str, object]:
    try:
        done = subprocess.run(  # noqa: S603  # our own example
            [sys.executable, str(examples / _PROGRAM), *arguments],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DemoError("The case system had no answer in two minutes. Try again.") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise DemoError(f"The case system could not go on: {said}")
    return as_object(json.loads(done.stdout))
