"""The build is one digest over the installed files, and the ledger names each that served (B6)."""

import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import broker
from broker.operations.build import OPERATOR, PACKAGES, build_of, record_build, running_build
from broker.wiring import Services

HOME = Path(broker.__file__).parents[1]


def builds_on(services: Services) -> list[object]:
    with services.transaction() as tx:
        return [one.event["build"] for one in tx.ledger.entries() if one.type == "build.run"]


def copied(folder: Path) -> tuple[Path, ...]:
    for package in PACKAGES:
        shutil.copytree(HOME / package, folder / package)
    return tuple(folder / package for package in reversed(PACKAGES))


def test_a_copy_of_the_files_is_the_same_build_whatever_was_compiled(tmp_path: Path) -> None:
    folders = copied(tmp_path)
    (tmp_path / "broker" / "web" / "frontend" / "more.scss").parent.mkdir(exist_ok=True)
    (tmp_path / "broker" / "web" / "frontend" / "more.scss").write_bytes(b"not shipped")
    (folders[0] / "__pycache__").mkdir(exist_ok=True)
    (folders[0] / "__pycache__" / "made.cpython-311.pyc").write_bytes(b"compiled")

    assert build_of(folders) == running_build()


@pytest.mark.parametrize("what", ["changed", "added", "removed", "renamed"])
def test_another_file_is_another_build(tmp_path: Path, what: str) -> None:
    folders = copied(tmp_path)
    file = tmp_path / "broker" / "py.typed"
    match what:
        case "changed":
            file.write_bytes(b" ")
        case "added":
            (tmp_path / "keys" / "more.toml").touch()
        case "removed":
            file.unlink()
        case _:
            file.rename(file.with_name("py.typed2"))

    assert build_of(folders) != running_build()


def test_the_shell_line_of_the_documentation_says_the_same() -> None:
    page = Path(__file__).parents[2] / "docs" / "operating.md"
    if not page.exists():
        pytest.skip("the documentation does not travel with the wheel")
    found = re.search(r"^(LC_ALL=C;.*?)\n```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert found is not None

    said = subprocess.run(
        ["sh", "-c", found[1]], cwd=HOME, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == [running_build(), "-"]


def test_the_ledger_names_a_build_once_and_again_after_another(
    sqlite_broker: Services,
) -> None:
    services = sqlite_broker
    assert [record_build(services, OPERATOR) for _ in range(3)] == [True, False, False]
    services.home.build.write_text("0", encoding="ascii")
    assert record_build(services, OPERATOR), "entry 0 is no build: the file is a hint alone"
    services.home.build.write_text("99999", encoding="ascii")
    assert record_build(services, OPERATOR), "no such entry"
    services.home.build.unlink()
    assert record_build(services, OPERATOR)

    assert builds_on(services) == [running_build()] * 4


def test_another_gateway_names_its_build_itself(sqlite_broker: Services) -> None:
    record_build(sqlite_broker, OPERATOR)
    sqlite_broker.home.gateway.write_text("g-of-another", encoding="ascii")

    assert record_build(sqlite_broker, OPERATOR)


def test_the_command_says_release_and_build() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "broker", "--version"], capture_output=True, text=True, check=True
    )

    assert said.stdout == f"broker {version('disclosure-broker')}\nbuild {running_build()}\n"
