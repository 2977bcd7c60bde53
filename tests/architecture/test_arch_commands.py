"""What a command imports, and that what the groups tell of their commands is so."""

import inspect
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click
import pytest
from brokers import NURSE, Clock, a_broker, a_token

import broker.cli
import keys
import policies
from broker.cli import broker as program
from broker.cli.lazy import Announced

HEAVY = (
    "PIL",
    "alembic",
    "cryptography",
    "flask",
    "gunicorn",
    "jwt",
    "orjson",
    "pikepdf",
    "psycopg",
    "pydantic",
    "pypdf",
    "pypdfium2",
    "sqlalchemy",
    "structlog",
    "typst",
    "werkzeug",
)
OF_OTHERS = {
    "PIL",
    "alembic",
    "flask",
    "pikepdf",
    "psycopg",
    "pydantic",
    "pypdf",
    "pypdfium2",
    "typst",
    "webauthn",
    "werkzeug",
}
"""What other commands need, and what only looks does not: nothing is read, drawn or sealed."""
AFTER_ALL = "import sys; from broker.cli import main\ntry: main()\nfinally: print(*sys.modules)"
MODULES = [
    module.name
    for module in pkgutil.walk_packages(broker.cli.__path__, "broker.cli.")
    if not module.ispkg
]


def imported_by(*arguments: str, **settings: str) -> set[str]:
    """Return every module that a call of `broker` imported, by its whole name."""
    command = [sys.executable, "-I", "-c", AFTER_ALL, *arguments]
    env = {**os.environ, **settings}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=env)
    return set(done.stdout.splitlines()[-1].split())


def announced(group: click.Group) -> Iterator[Announced]:
    for command in group.commands.values():
        if isinstance(command, Announced):
            yield command
            found = command.load()
            if isinstance(found, click.Group):
                yield from announced(found)


ANNOUNCED = list(announced(program))


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--help",), id="help"),
        pytest.param(("address", "duty@northshire.nhs.uk"), id="address"),
        pytest.param(("policy", "check"), id="policy check"),
    ],
)
def test_a_command_that_needs_no_installation_imports_nothing_heavy(
    arguments: tuple[str, ...],
) -> None:
    imported = imported_by(*arguments)

    assert "click" in imported
    assert imported.isdisjoint(HEAVY)


def test_an_address_is_judged_without_the_cards() -> None:
    imported = imported_by("address", "duty@northshire.nhs.uk")

    assert "policies.reading.mail" in imported
    assert imported.isdisjoint({"policies.engine", "policies.reading.rulebook"})


def test_looking_where_something_stands_imports_nothing_that_draws_seals_or_migrates(
    tmp_path: Path,
) -> None:
    token, home = tmp_path / "token", tmp_path / "home"
    with closing(a_broker(home, Clock(now=datetime.now(UTC)))) as services:
        token.write_text(a_token(services, NURSE))
    token.chmod(0o600)
    at_home = {"BROKER_HOME": str(home), "BROKER_TOKEN_FILE": str(token)}

    imported = imported_by("status", **at_home)

    assert "broker.wiring" in imported
    assert imported & OF_OTHERS == set()


def test_the_help_of_all_commands_imports_no_command() -> None:
    imported = imported_by("--help")

    assert imported & set(MODULES) == {"broker.cli.lazy", "broker.cli.output"}


def test_each_command_is_announced_once() -> None:
    offered = [
        (module, command.name)
        for module in MODULES
        for command in getattr(import_module(module), "COMMANDS", ())
    ]

    assert sorted((one.module, one.name) for one in ANNOUNCED) == sorted(offered)


@pytest.mark.parametrize(
    "one", [pytest.param(one, id=f"{one.module}:{one.name}") for one in ANNOUNCED]
)
def test_what_is_told_of_a_command_is_the_first_sentence_of_its_help(one: Announced) -> None:
    whole = inspect.cleandoc(one.load().help or "")

    assert one.help == whole.partition("\n\n")[0]


@pytest.mark.parametrize("face", [pytest.param(one, id=one.__name__) for one in (keys, policies)])
def test_a_face_offers_what_it_names_and_names_no_module(face: ModuleType) -> None:
    modules = {module.name for module in pkgutil.iter_modules(face.__path__)}

    assert [name for name in face.__all__ if not hasattr(face, name)] == []
    assert modules.isdisjoint(face.__all__)


@pytest.mark.parametrize("face", [pytest.param(one, id=one.__name__) for one in (keys, policies)])
def test_a_face_does_not_know_a_misspelt_name(face: ModuleType) -> None:
    with pytest.raises(AttributeError, match="verify_tokne"):
        face.verify_tokne  # noqa: B018 - asking is what raises
