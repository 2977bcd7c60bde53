"""The pages on where a change goes name only what there is."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("name", "least"), [("docs/how-to-add.md", 30), ("README.md", 20)])
def test_every_path_on_the_page_exists(name: str, least: int) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"`((?:broker|policies|keys|audit|docs|tests)/[^` ]*)`", page)

    assert len(named) > least
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_wing_of_the_gateway_says_what_belongs_in_it() -> None:
    wings = [path for path in (ROOT / "broker").iterdir() if (path / "__init__.py").exists()]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [wing.name for wing in wings if readme.count(f"\n  {wing.name}/ ") != 1] == []
    assert [
        wing.name for wing in wings if len((wing / "__init__.py").read_text(encoding="utf-8")) < 40
    ] == []


def test_no_folder_of_the_gateway_is_a_hall() -> None:
    folders = [ROOT / "broker", *(path for path in (ROOT / "broker").rglob("*") if path.is_dir())]
    sizes = {
        str(folder.relative_to(ROOT)): len(list(folder.glob("*.py")))
        for folder in folders
        if "versions" not in folder.parts
    }

    assert {folder: size for folder, size in sizes.items() if size > 16} == {}


def test_the_composition_root_only_composes() -> None:
    assert len((ROOT / "broker" / "wiring.py").read_text(encoding="utf-8").splitlines()) < 150
