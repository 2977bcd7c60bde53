"""Values that the tests of the rules share: the shipped rulebook, and requests to change."""

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast

import pytest

from policies import Decision, Rulebook, decide
from policies.reading.strict_toml import Faults
from policies.tools.cases import changed, read_bases

TESTS = Path(__file__).parents[2]

Document = Mapping[str, object]
Judge = Callable[[str, Document], Decision]


@pytest.fixture(name="folder", scope="session")
def _folder() -> Traversable:
    return files("policies") / "rulebook"


@pytest.fixture(name="rulebook", scope="session")
def _rulebook() -> Rulebook:
    return Rulebook.shipped()


@pytest.fixture(name="bases", scope="session")
def _bases(folder: Traversable) -> dict[str, dict[str, object]]:
    return read_bases(folder, Faults())


@pytest.fixture(name="judge", scope="session")
def _judge(bases: dict[str, dict[str, object]], rulebook: Rulebook) -> Judge:
    """Return the decision on a base request with changes."""
    return lambda base, changes: decide(changed(bases[base], changes), rulebook)


@pytest.fixture(name="decision_schema", scope="session")
def _decision_schema() -> Document:
    text = (TESTS / "contract" / "decision.schema.json").read_text(encoding="utf-8")
    return cast("Document", json.loads(text))


@pytest.fixture(name="facts_schema", scope="session")
def _facts_schema() -> Document:
    text = (TESTS / "contract" / "facts.schema.json").read_text(encoding="utf-8")
    return cast("Document", json.loads(text))
