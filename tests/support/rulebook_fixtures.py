"""The shipped rulebook and its base requests, as the tests of the rules take them."""

from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest

from policies import Rulebook
from policies.reading.strict_toml import Faults
from policies.tools.cases import read_bases

__all__ = ["bases", "folder", "rulebook"]


@pytest.fixture(scope="session")
def folder() -> Traversable:
    return files("policies") / "rulebook"


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return Rulebook.shipped()


@pytest.fixture(scope="session")
def bases(folder: Traversable) -> dict[str, dict[str, object]]:
    return read_bases(folder, Faults())
