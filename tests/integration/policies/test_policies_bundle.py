"""A bundle holds everything that decides, under one digest that changes with any of it."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest
import rfc8785

import policies
from policies import Decision, Rulebook, RulebookError, decide
from policies.reading.bundle import engine_files, engine_source

Judge = Callable[[str, Mapping[str, object]], Decision]


def test_the_version_is_the_digest_of_canonical_bytes(rulebook: Rulebook) -> None:
    bundle = rulebook.bundle()

    assert rulebook.version == f"sha256:{hashlib.sha256(bundle).hexdigest()}"
    assert bundle == rfc8785.dumps(json.loads(bundle))


def test_a_bundle_judges_as_the_files_did(
    rulebook: Rulebook, bases: dict[str, dict[str, object]]
) -> None:
    again = Rulebook.from_bundle(rulebook.bundle())

    assert again == rulebook
    assert [decide(facts, again) for facts in bases.values()] == [
        decide(facts, rulebook) for facts in bases.values()
    ]


def test_a_bundle_names_its_engine_and_its_time_zones(rulebook: Rulebook) -> None:
    engine = json.loads(rulebook.bundle())["engine"]

    assert sorted(engine) == ["london", "name", "source"]
    assert [1774746000, 3600] in engine["london"]  # 29 March 2026, 01:00 UTC
    assert engine["name"] == rulebook.engine == "cards/1"


def test_every_source_file_but_the_tools_takes_part_in_the_engine() -> None:
    home = Path(policies.__file__).parent
    sources = {f"/{path.relative_to(home)}" for path in home.rglob("*.py")}

    named = {name for name, _ in engine_files(files("policies"))}

    assert named == {name for name in sources if not name.startswith("/tools/")}
    assert {"/judge.py", "/reading/bundle.py", "/derived/plan.py"} < named


ENGINE_THERE = "from policies.reading.bundle import engine_source; print(engine_source())"


def engine_after(old: str, new: str, folder: Path) -> str:
    """The digest of a copy of the engine in whose shipped fields one text stands for another."""
    copy = shutil.copytree(Path(policies.__file__).parent, folder / "policies", dirs_exist_ok=True)
    shipped = copy / "rulebook" / "vocabulary" / "fields.toml"
    shipped.write_text(shipped.read_text("utf-8").replace(old, new), "utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", ENGINE_THERE],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return ran.stdout.strip()


def test_another_field_is_another_engine_and_another_class_of_a_field_is_not(
    tmp_path: Path,
) -> None:
    here = engine_source()

    assert engine_after('classes = ["ID", "sensitive"]', 'classes = ["ID"]', tmp_path) == here
    assert engine_after('"education.ehcp"', '"education.plan"', tmp_path) != here


def test_a_change_of_wording_is_no_change_of_meaning(
    rulebook: Rulebook, folder: Traversable, tmp_path: Path
) -> None:
    with as_file(folder) as shipped:
        copy = Path(shutil.copytree(shipped, tmp_path / "rulebook"))
    card = copy / "rules" / "R31-free-text.toml"
    text = card.read_text("utf-8")
    card.write_text(text.replace("Nobody has read", "No one has read"), "utf-8")
    reworded = Rulebook.read(copy)
    card.write_text(text.replace("screened is no", "screened is yes"), "utf-8")
    changed = Rulebook.read(copy)

    assert (reworded.version != rulebook.version, reworded.meaning) == (True, rulebook.meaning)
    assert changed.meaning != rulebook.meaning


def _spaced(bundle: bytes) -> bytes:
    return bundle.replace(b'":', b'": ', 1)


def _half(_: bytes) -> bytes:
    return b"{"


def _a_list(_: bytes) -> bytes:
    return b"[]"


def _no_text(_: bytes) -> bytes:
    return b"\xff"


def _no_files(bundle: bytes) -> bytes:
    return bundle.replace(b'"files":', b'"filez":')


def _unknown_word(bundle: bytes) -> bytes:
    return bundle.replace(b'"harm is none"', b'"harm is nnoe"')


def _another_engine(bundle: bytes) -> bytes:
    return bundle.replace(b'"name":"cards/1"', b'"name":"cards/2"')


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(_half, "not JSON", id="half a bundle"),
        pytest.param(_a_list, "not canonical", id="a list"),
        pytest.param(_no_text, "not JSON", id="no text"),
        pytest.param(_spaced, "not canonical", id="a space"),
        pytest.param(_another_engine, "another engine", id="another engine"),
        pytest.param(_no_files, "holds no files", id="no files"),
        pytest.param(_unknown_word, "not a word of this fact", id="a word that is not known"),
    ],
)
def test_a_bundle_that_was_spoilt_is_refused(
    spoil: Callable[[bytes], bytes], said: str, rulebook: Rulebook
) -> None:
    with pytest.raises(RulebookError, match=said):
        Rulebook.from_bundle(spoil(rulebook.bundle()))
