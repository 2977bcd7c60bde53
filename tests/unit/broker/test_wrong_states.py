"""What somebody reads who asks for a step out of its turn: plain words, and what comes next."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import broker

OURS = re.compile(
    r"(?<!the )\bbroker [a-z]|passphrase|digest|rulebook|ledger|obligation", re.IGNORECASE
)
"""A command, which a page cannot follow, and words that no page uses."""

ON_THE_HOST = {"cases.py", "clients.py", "disposal.py", "legal_holds.py"}
"""The modules whose steps have no page: their reader is at a terminal."""


def test_no_step_out_of_its_turn_is_refused_in_commands_or_in_words_of_ours() -> None:
    said = [
        f"{path.name}: {words}"
        for path in sorted(Path(broker.__file__).parent.rglob("*.py"))
        if path.name not in ON_THE_HOST
        for words in _refusals(ast.parse(path.read_text("utf-8")))
    ]

    assert len(said) > 50
    assert [words for words in said if OURS.search(words)] == []


def _refusals(tree: ast.Module) -> Iterator[str]:
    """Yield what a module says in a `WrongStateError`, and what it adds to where one stands."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "WrongStateError":
            yield from (_words(argument, tree) for argument in node.args)
        yield from (_words(one.value, tree) for one in node.keywords if one.arg == "else_say")


def _words(said: ast.expr, tree: ast.Module) -> str:
    """Return the text of an argument, or of the constant of the module that it names."""
    named = said.id if isinstance(said, ast.Name) else ""
    written = [
        one.value
        for one in tree.body
        if isinstance(one, ast.Assign | ast.AnnAssign) and named in _names_of(one)
    ]
    return " ".join(
        one.value
        for part in written or [said]
        if part is not None
        for one in ast.walk(part)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )


def _names_of(assigned: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = assigned.targets if isinstance(assigned, ast.Assign) else [assigned.target]
    return [one.id for one in targets if isinstance(one, ast.Name)]
