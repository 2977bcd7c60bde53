"""What the product builds on is named with its licence, and none of it is under the GPL."""

import importlib.metadata
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINNED = re.findall(
    r"^([A-Za-z0-9._-]+)==([^ ;\\]+)",
    (ROOT / "requirements.lock").read_text(encoding="utf-8"),
    re.MULTILINE,
)
GPL = re.compile(r"\bA?GPL|(?<!Lesser )General Public License", re.IGNORECASE)


def licences_of(distribution: str) -> list[str]:
    """Return what the distribution says of itself, in each of the three places for it."""
    told = importlib.metadata.metadata(distribution)
    classifiers = [one for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    return [*told.get_all("License-Expression", []), *told.get_all("License", []), *classifiers]


def test_something_is_pinned() -> None:
    assert len(PINNED) > 20


@pytest.mark.parametrize(("name", "version"), [pytest.param(*one, id=one[0]) for one in PINNED])
def test_a_runtime_dependency_is_named_with_its_version(name: str, version: str) -> None:
    notices = (ROOT / "THIRD-PARTY-NOTICES").read_text(encoding="utf-8")

    named = re.findall(rf"^{re.escape(name)} +(\S+) ", notices, re.MULTILINE)

    assert named[:1] == [version]


@pytest.mark.parametrize("name", [name for name, _ in PINNED])
def test_a_runtime_dependency_is_not_under_the_gpl(name: str) -> None:
    licences = licences_of(name)

    assert licences
    assert [one for one in licences if GPL.search(one)] == []


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-3.0-or-later",
        "AGPL-3.0-only",
        "License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
    ],
)
def test_the_gpl_would_be_noticed(licence: str) -> None:
    assert GPL.search(licence)
