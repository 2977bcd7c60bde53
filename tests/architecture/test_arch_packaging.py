"""What the packages may import, and what they are called."""

import ast
import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

import pytest

import broker

ROOT = Path(__file__).parents[2]
PACKAGES = ("broker", "policies", "keys", "audit")
KNOW_FLASK = ("broker/api/", "broker/web/", "broker/app.py", "broker/server.py")


def imported_by(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (name.name.partition(".")[0] for name in names)
            case ast.ImportFrom(module=str() as module, level=0):
                yield module.partition(".")[0]
            case _:
                pass


def test_only_the_application_its_api_its_pages_and_its_server_import_flask() -> None:
    home = Path(broker.__file__).parents[1]
    files = [file for package in PACKAGES for file in (home / package).rglob("*.py")]

    # What does not name it does not import it, and reading a file's syntax takes a while.
    read = {file: file.read_text(encoding="utf-8") for file in files}
    importers = {
        str(file.relative_to(home))
        for file, source in read.items()
        if "flask" in source and "flask" in set(imported_by(source))
    }

    assert importers
    assert [name for name in importers if not name.startswith(KNOW_FLASK)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_distribution_brings_a_package_of_our_name(package: str) -> None:
    owners = set(importlib.metadata.packages_distributions().get(package, []))

    assert owners <= {"disclosure-broker"}
