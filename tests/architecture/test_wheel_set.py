"""The few tests that are run against the wheel reach every wing of the product."""

import ast
from pathlib import Path

import pytest
from wheel_set import BESIDE, WINGS

import broker

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(
    f"broker.{folder.parent.name}" for folder in Path(broker.__file__).parent.glob("*/__init__.py")
)
THROUGH_OTHERS = {
    "broker.ledger": "receipts",  # the API hands out what the wing makes
}
"""Wings that no test imports, and what the tests that stand for them ask for."""


def imported_by(file: Path) -> set[str]:
    tree = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return {
        name
        for node in tree
        for name in (
            [f"{node.module}.{alias.name}" for alias in node.names]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }


def test_every_wing_and_library_has_a_test_in_the_set() -> None:
    assert sorted(WINGS) == sorted([*FOLDERS, "policies", "keys", "audit"])


@pytest.mark.parametrize("wing", WINGS)
def test_the_test_that_stands_for_a_wing_reaches_it(wing: str) -> None:
    file = ROOT / WINGS[wing]

    if wing in THROUGH_OTHERS:
        assert THROUGH_OTHERS[wing] in file.read_text(encoding="utf-8")
    else:
        assert any(f"{name}.".startswith(f"{wing}.") for name in imported_by(file))


@pytest.mark.parametrize("path", BESIDE)
def test_what_is_run_beside_them_is_there(path: str) -> None:
    assert (ROOT / path).exists()
