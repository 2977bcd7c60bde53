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
BLOCK = re.compile(r"^ *```\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
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


def typed_on(page: Path) -> list[str]:
    """Return what a page shows to be typed after `broker`: in a sentence, and in its blocks."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))
    found = [re.search(r"^(?:\$ )?(?:[A-Z_]+=\S+ )?broker ([a-z].*)", line) for line in lines]
    # Two spaces part a command from what is said of it.
    return [one[1].partition("  ")[0] for one in found if one]


def options_of(typed: str) -> set[str]:
    command: click.Command = broker
    context = click.Context(broker)
    for word in typed.split():
        under = command.get_command(context, word) if isinstance(command, click.Group) else None
        command = under or command
    return {option for one in command.params for option in (*one.opts, *one.secondary_opts)}


@pytest.mark.parametrize("page", ALL_PAGES)
def test_a_page_names_no_option_that_its_command_does_not_have(page: Path) -> None:
    said = {typed: set(re.findall(r"(?<![\w-])--[a-z-]+", typed)) for typed in typed_on(page)}

    assert {
        typed: more for typed, named in said.items() if (more := named - options_of(typed))
    } == {}


def test_the_pages_show_so_many_options_that_the_search_cannot_have_failed() -> None:
    assert (
        sum(len(re.findall(r"--[a-z]", typed)) for page in PAGES for typed in typed_on(page)) > 150
    )


@pytest.mark.parametrize("page", ALL_PAGES)
def test_a_link_to_another_file_leads_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []
