"""Each command that a page shows is one that the program takes, as it stands there."""

import re
import shlex
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import click
import pytest

from broker.cli import broker

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
BLOCK = re.compile(r"^ *```[a-z]*\n(?P<lines>.*?)^ *```", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"\s*(?:[$#] )?(?:sudo -u broker )?(?:[A-Z_]+=\S+ )*broker (?P<words>[a-z-].*)")
NAMED = re.compile(r"`(?:[A-Z_]+=\S+ )?broker (?P<words>[a-z][^`]*)`")
AS_ROOT = re.compile(r"(?m)^ *# (?:[A-Z_]+=\S+ )*broker [a-z].*")
BEHIND = re.compile(r" {2,}| [|<>] ")
"""What ends a command that somebody types: a remark beside it, or where its output goes."""


def typed_on(page: str) -> Iterator[str]:
    """Yield what is typed after `broker` in the blocks of a page."""
    for block in BLOCK.finditer(page):
        for line in block["lines"].replace("\\\n", " ").splitlines():
            if found := TYPED.match(line):
                yield from spelled_out(found["words"])


def named_on(page: str) -> Iterator[str]:
    """Yield what is named after `broker` in the sentences of a page."""
    for found in NAMED.finditer(" ".join(BLOCK.sub("", page).split())):
        yield from spelled_out(found["words"])


def spelled_out(shown: str) -> Iterator[str]:
    """Yield each command that is meant: `keys list|rotate` is two, `[--json]` goes along."""
    words = re.sub(r"[][]", "", BEHIND.split(shown)[0]).split(" ")
    for chosen in product(*(word.split("|") for word in words)):
        yield " ".join(chosen)


def found(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that words call, and what is left of them; raises `UsageError`."""
    command: click.Command = broker
    left = words
    while isinstance(command, click.Group) and left and not left[0].startswith("-"):
        inner = command.get_command(click.Context(command), left[0])
        if inner is None:
            raise click.UsageError(f"There is no {left[0]}")
        command, left = inner, left[1:]
    return command, left


def refusal(line: str) -> str | None:
    """Return why the program would not take what is typed; None if it would."""
    try:
        command, words = found(shlex.split(line))
        given, left, _ = command.make_parser(click.Context(command)).parse_args(words)
    except click.UsageError as error:
        return error.format_message()
    if isinstance(command, click.Group) and not command.invoke_without_command:
        return "A group alone"
    required = (one.name or "" for one in command.params if one.required)
    lacking = [
        name for name in required if not isinstance(given.get(name), str | bool | list | tuple)
    ]
    return f"Too much: {left}" if left else f"Lacks: {lacking}" if lacking else None


def misnomer(line: str) -> str | None:
    """Return what of a command that a sentence names does not exist; None if all of it does."""
    try:
        command, words = found([word for word in line.split() if word != "..."])
    except click.UsageError as error:
        return error.format_message()
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    unknown = {word for word in words if word.startswith("--")} - known - {"--help"}
    return f"No such option: {unknown}" if unknown else None


@pytest.mark.parametrize("page", [pytest.param(p, id=str(p.relative_to(ROOT))) for p in PAGES])
def test_the_program_takes_each_command_that_a_page_shows(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    shown = [(line, refusal(line)) for line in typed_on(text)]
    shown += [(line, misnomer(line)) for line in named_on(text)]

    assert [(line, why) for line, why in shown if why is not None] == []


@pytest.mark.parametrize("page", [pytest.param(p, id=str(p.relative_to(ROOT))) for p in PAGES])
def test_no_page_has_the_broker_run_as_root_whose_files_the_service_cannot_read(
    page: Path,
) -> None:
    blocks = [block["lines"] for block in BLOCK.finditer(page.read_text(encoding="utf-8"))]

    assert [found for block in blocks for found in AS_ROOT.findall(block)] == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("hold sett REF", "There is no sett"),
        ("hold", "A group alone"),
        ("hold set REF --why x", "No such option '--why'. Did you mean '--why-file'?"),
        ("status --json --to", "No such option '--to'. Did you mean '--json'?"),
        ("directory retire", "Lacks: ['mailbox', 'by']"),
        ("acknowledge PRV-1 PRV-2", "Too much: ['PRV-2']"),
        ("demo --twice", "No such option '--twice'. Did you mean '--once'?"),
    ],
)
def test_what_the_program_does_not_take_is_found(line: str, why: str) -> None:
    assert refusal(line) == why


def test_a_name_that_no_command_or_option_bears_is_found() -> None:
    assert misnomer("hold sett REF") == "There is no sett"
    assert misnomer("hold set --why") == "No such option: {'--why'}"
    assert misnomer("hold set --until DAY") is None


def test_commands_are_found_in_blocks_and_in_sentences() -> None:
    page = "See `broker keys list|rotate`.\n```\n$ A=b broker status [--json]   # all\n$ ls\n```\n"

    assert list(typed_on(page)) == ["status --json"]
    assert list(named_on(page)) == ["keys list", "keys rotate"]
