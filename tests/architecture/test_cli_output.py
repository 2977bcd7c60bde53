"""Everything that a command prints goes through one module, and nothing in it is obeyed."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import broker.cli
from broker.cli import output

CLI = Path(broker.cli.__file__).parent
PRINTING = {"echo", "secho", "print", "echo_via_pager"}


def printers_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in PRINTING:
                yield f"{file.name}:{node.lineno}"
            case _:
                pass


def test_only_the_output_module_prints() -> None:
    printing = {place for file in CLI.rglob("*.py") for place in printers_in(file)}

    assert printing
    # The file for translators goes out as it is: marks of direction belong into it.
    assert {place.partition(":")[0] for place in printing} == {"output.py", "translation.py"}


def test_no_text_that_is_printed_can_clear_a_screen_or_turn_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hostile = "\x1b[2JIt was \u202enot\u202c sent.\x9b2J"

    output.put(hostile)
    output.say(hostile)
    output.item("reason", hostile)
    output.lines("why", [hostile])
    output.command("next", hostile)
    output.complain(hostile)
    output.progress(hostile)
    output.show({"reason": hostile}, as_json=True, in_words=lambda: None)

    printed = capsys.readouterr()
    assert not set("\x1b\u202e\u202c\x9b") & set(printed.out + printed.err)
    assert printed.out.count("[U+001B][2JIt was [U+202E]not[U+202C] sent.[U+009B]2J") == 5
    assert json.loads(printed.out[printed.out.index("{") :]) == {"reason": hostile}
