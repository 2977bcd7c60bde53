"""The README and the pages beside it name what there is, and lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from broker.cli import broker
from broker.settings import NAMES

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
ALL_PAGES = [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES]


def commands(group: click.Group, above: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield f"{above}{name}"
            yield from commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}"


def named_in_the_table() -> set[str]:
    """Return the commands of the page; `ledger show N`, `verify` names two of one group."""
    found: set[str] = set()
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for row in re.findall(r"^\| (`broker [^|]+) \|", page, re.MULTILINE):
        group = ""
        for quoted in re.findall(r"`([a-z][^`]*)`", row):
            words = re.findall(r"[a-z]+(?:-[a-z]+)*", re.split(r" [A-Z\[-]", quoted)[0])
            if words[0] == "broker":
                group = words[1] if len(words) > 2 else ""
                found.add(" ".join(words[1:]))
            else:
                found.add(" ".join((group, *words)).strip())
    return found


def test_the_page_of_commands_is_what_the_program_offers() -> None:
    assert named_in_the_table() == set(commands(broker))


def test_the_page_of_settings_has_a_row_for_each() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert sorted(re.findall(r"^\| `(BROKER_[A-Z0-9_]+)` \|", page, re.MULTILINE)) == sorted(NAMES)


@pytest.mark.parametrize("page", ALL_PAGES)
def test_a_page_names_no_setting_that_does_not_exist(page: Path) -> None:
    named = set(re.findall(r"\bBROKER_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8")))

    assert named <= set(NAMES)


@pytest.mark.parametrize("page", ALL_PAGES)
def test_a_link_to_another_file_leads_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []
