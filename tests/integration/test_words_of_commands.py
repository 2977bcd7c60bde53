"""What commands show is read by people: words stand there, and a code only where it is typed.

Every command that shows something and changes nothing, by somebody who may call it, over what lies
before each of them on an ordinary day.
"""

import io
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import replace

import click
import pytest
from brokers import NURSE, Clock
from commands import commands
from contract_codes import codes_printed
from homes import Prepared
from referrals import APPROVED, GUARDIAN, QUESTION, deliver, refer, submit

from broker.access.table import table
from broker.access.tokens import TERMS
from broker.cli import broker as program
from broker.cli import session
from broker.domain.errors import BrokerError
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.wiring import Services

SHOWS = frozenset(
    {
        *("classes", "check", "explain", "find", "list", "matrix", "questions", "readers"),
        *("received", "released", "replies", "show", "status", "waiting", "who-received"),
    }
)
"""The last word of each command that shows something."""

WRITTEN_ELSEWHERE = frozenset({"broker policy check", "broker translation check"})
"""They look at files that their caller names, and say nothing of a case."""

NOTHING_HERE = frozenset(
    {
        *("broker breach show", "broker concern check", "broker concern show"),
        *("broker dispute show", "broker earlier received", "broker earlier show"),
        *("broker ledger show", "broker meeting pack released", "broker meeting show"),
        *("broker memory show", "broker pathway show", "broker policy explain"),
        *("broker request show",),
    }
)
"""They show what this installation has none of; other tests have it, and look as well."""

FIRST = (NURSE.role, GUARDIAN.role)

CALLS = [
    call
    for call in commands(program)
    if call.rpartition(" ")[2] in SHOWS and call not in WRITTEN_ELSEWHERE
]


@pytest.fixture(name="world", scope="module")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[list[str], Callable[[Person, list[str]], str]]]:
    folder = tmp_path_factory.mktemp("words")
    services = prepared_on_sqlite.copied(folder / "home", Clock())
    token = folder / "token"
    shared = replace(services, settings=replace(services.settings, token_file=token))

    @contextmanager
    def as_it_is() -> Generator[Services]:
        yield shared

    def shown(person: Person, arguments: list[str]) -> str:
        token.write_text(services.tokens.signed(person, TERMS))
        token.chmod(0o600)
        printed = io.StringIO()
        with redirect_stdout(printed), suppress(BrokerError, click.ClickException, SystemExit):
            program.main(arguments, prog_name="broker", standalone_mode=False)
        return printed.getvalue()

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("BROKER_HOME", str(services.home.path))
        # Each command would begin an installation of its own, which is most of its time.
        patched.setattr(session, "services", as_it_is)
        yield worked_on(services), shown
    services.close()


def worked_on(services: Services) -> list[str]:
    """Return what was taken in: each where another command has something to show."""
    delivered = deliver(services)
    waiting, asked, approved = (refer(services, f"key-0000000{n}") for n in (2, 3, 4))
    services.referrals.ask(asked, GUARDIAN, QUESTION)
    services.referrals.decide(approved, GUARDIAN, APPROVED)
    refused = submit(services, "key-00000005", questions__concern__harm="none")
    emergency = submit(services, "key-00000006", questions__danger="imminent")
    services.dispatcher.dispatch()
    return list(map(str, (delivered, waiting, asked, approved, refused, emergency)))


def who_may(call: str) -> list[Person]:
    """Return somebody in each of two roles at most who may call a command."""
    row = table().get(call)
    roles = [] if row is None else sorted(row.roles, key=[*FIRST, *Role].index)
    return [
        NURSE if role is NURSE.role else replace(GUARDIAN, role=role)
        for role in (roles or [Role.OPERATOR])[:2]
    ]


@pytest.mark.parametrize("call", CALLS)
def test_no_code_is_shown_where_a_person_reads(
    world: tuple[list[str], Callable[[Person, list[str]], str]], call: str
) -> None:
    references, shown = world
    words = call.split(" ")[1:]
    printed = [
        shown(person, [*words, *about])
        for person in who_may(call)
        for about in ([], *([one] for one in references))
    ]

    assert [code for said in printed for code in codes_printed(said)] == []
    assert any(printed) or call in NOTHING_HERE
