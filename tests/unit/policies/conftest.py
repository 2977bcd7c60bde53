"""Values that the tests of the rules share: the shipped rulebook, and requests to change."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest
from jsonschema import Draft202012Validator
from rulebook_fixtures import bases, folder, rulebook

from policies import Decision, Rulebook, decide
from policies.tools.cases import changed

__all__ = ["bases", "folder", "rulebook"]

TESTS = Path(__file__).parents[2]

Document = Mapping[str, object]
Judge = Callable[[str, Document], Decision]


@pytest.fixture(name="judge", scope="session")
def _judge(bases: dict[str, dict[str, object]], rulebook: Rulebook) -> Judge:
    """Return the decision on a base request with changes."""
    return lambda base, changes: decide(changed(bases[base], changes), rulebook)


@pytest.fixture(name="decision_schema", scope="session")
def _decision_schema() -> Draft202012Validator:
    text = (TESTS / "contract" / "decision.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


@pytest.fixture(name="facts_schema", scope="session")
def _facts_schema() -> Document:
    text = (TESTS / "contract" / "facts.schema.json").read_text(encoding="utf-8")
    return cast("Document", json.loads(text))
