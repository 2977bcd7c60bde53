"""The home of a demonstration: its own, marked, with a short command for each person in it."""

import shlex
import sys
from pathlib import Path

import broker
from audit.log.files import write_durably
from broker.domain.errors import BrokerError
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.settings import Settings
from broker.wiring import Services
from keys import AgencyId, PersonId

MARKER = "demonstration"
_PLAYED = "played"
_SAYS = b"Made by `broker demo`. Everybody in here is invented; the folder may be removed.\n"

PEOPLE: dict[str, tuple[str, str, Role]] = {
    "teacher": ("p-teacher", "example-school", Role.PRACTITIONER),
    "nurse": ("p-nurse", "northshire-trust", Role.PRACTITIONER),
    "guardian": ("p-guardian", "northshire-trust", Role.GUARDIAN),
    "officer": ("p-officer", "northshire-police", Role.POLICE),
    "school-lead": ("p-school-lead", "example-school", Role.LEAD),
    "trust-lead": ("p-trust-lead", "northshire-trust", Role.LEAD),
    "auditor": ("p-auditor", "northshire-trust", Role.AUDITOR),
    "administrator": ("p-administrator", "northshire-trust", Role.ADMINISTRATOR),
    "operator": ("p-operator", "northshire-trust", Role.OPERATOR),
}
"""Who may be played: person, body and role by the name of their command."""

_SAYS_WHEN_OVER = """\
if [ -n "$(find "$BROKER_TOKEN_FILE" -mmin +15 2>/dev/null)" ]; then
  echo "This token is over: a demonstration renews it while it runs. Run it again: make demo" >&2
fi
"""
"""A running demonstration renews the tokens: nobody else is there to be asked for one."""

RUN_BY = AgencyId("northshire-trust")
"""The body that runs the demonstration: its auditor reads the whole ledger."""


class DemoError(BrokerError):
    """Raised when the demonstration cannot go on."""


def claim_home(settings: Settings) -> None:
    """Mark the home as a demonstration's, before anything is made in it.

    Raises `DemoError`, with nothing touched, where it holds anything that no demonstration made.
    """
    home, marker = settings.home, settings.home / MARKER
    if settings.database_url != f"sqlite:///{home / 'broker.db'}":
        raise DemoError(
            "BROKER_DATABASE_URL_FILE names a database that is not the demonstration's, so "
            "nothing was touched. Unset it and run the demonstration again."
        )
    if home.exists() and not marker.exists() and any(home.iterdir()):
        raise DemoError(
            f"{home} holds something that no demonstration made, so nothing was touched: invented "
            "people and mailboxes have no place in it. Give the demonstration a folder of its "
            "own: BROKER_HOME=var/demo broker demo"
        )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(marker, _SAYS)


def was_played(home: Path) -> bool:
    """Say whether a demonstration was played to its end in the home that it claimed.

    Raises `DemoError` where one began there and did not end: half of it cannot be gone on with.
    """
    if (home / _PLAYED).exists():
        return True
    if (home / "broker.db").exists():
        raise DemoError(
            f"A demonstration was stopped in the middle in {home}, so nothing was touched. "
            "Everybody in that folder is invented: remove it, and run the demonstration again."
        )
    return False


def mark_played(home: Path) -> None:
    """Note that the demonstration was played to its end, so that it is not played twice."""
    write_durably(home / _PLAYED, b"Played to its end. Remove the folder to play it again.\n")


def write_commands(home: Path) -> None:
    """Write `as-NAME` for each person: the `broker` command with their home and token."""
    packages = Path(broker.__file__).resolve().parents[1]
    for name, (person, _, _) in PEOPLE.items():
        script = (
            "#!/bin/sh\n"
            f"# The broker as {person}, an invented {name}.\n"
            f"export BROKER_HOME={shlex.quote(str(home))}\n"
            f"export BROKER_TOKEN_FILE={shlex.quote(str(home / f'{person}.token'))}\n"
            f"export PYTHONPATH={shlex.quote(str(packages))}${{PYTHONPATH:+:$PYTHONPATH}}\n"
            f"{_SAYS_WHEN_OVER}"
            f'exec {shlex.quote(sys.executable)} -m broker "$@"\n'
        )
        path = home / f"as-{name}"
        write_durably(path, script.encode())
        path.chmod(0o700)


def renew_tokens(services: Services) -> dict[str, str]:
    """Write a fresh token for each person and return all by the name of the command."""
    tokens: dict[str, str] = {}
    for name, (person, agency, role) in PEOPLE.items():
        holder = Person(id=PersonId(person), agency=AgencyId(agency), role=role)
        tokens[name] = services.tokens.issue(holder, by="operator")
        write_durably(services.home.path / f"{person}.token", tokens[name].encode("ascii"))
    return tokens
