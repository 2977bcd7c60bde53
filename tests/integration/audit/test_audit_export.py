"""What an export writes, and what it refuses to."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from ledgers import ORIGIN, Log

from audit.errors import ExportRefusedError, IncompleteLedgerError, MalformedEntryError
from audit.format.entry import Entry
from audit.format.notes.verifier_key import VerifierKey
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.serving.export import export


def test_an_export_has_the_files_of_a_c2sp_log(folder: Path) -> None:
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    assert names == {
        "checkpoint",
        "checkpoints/00000000000000000300",
        "checkpoints/00000000000000000600",
        "log.vkey",
        "manifest.json",
        "policy",
        "tile/0/000",
        "tile/0/001",
        "tile/0/002.p/88",
        "tile/1/000.p/2",
        "tile/entries/000",
        "tile/entries/001",
        "tile/entries/002.p/88",
    }


def test_an_export_names_its_key_and_policy(folder: Path, key: VerifierKey) -> None:
    assert (folder / "log.vkey").read_text() == f"{key}\n"
    assert (folder / "policy").read_text() == f"log {key}\nquorum none\n"


def test_the_manifest_lists_every_other_file(folder: Path, exported_log: Log) -> None:
    others = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".json"]

    assert json.loads((folder / "manifest.json").read_bytes()) == {
        "files": {
            str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in others
        },
        "origin": ORIGIN,
        "root": exported_log.head().root.hex(),
        "size": 600,
        "v": 1,
    }


def test_an_export_gives_back_its_newest_checkpoint(
    tmp_path: Path, exported_log: Log, exported_heads: list[KeptCheckpoint], key: VerifierKey
) -> None:
    assert export(exported_log, exported_heads, key, tmp_path / "again") == exported_heads[-1]


def test_two_exports_of_one_log_are_the_same_bytes(
    tmp_path: Path,
    folder: Path,
    exported_log: Log,
    exported_heads: list[KeptCheckpoint],
    key: VerifierKey,
) -> None:
    again = tmp_path / "again"
    again.mkdir()
    export(exported_log, exported_heads, key, again)

    assert (again / "manifest.json").read_bytes() == (folder / "manifest.json").read_bytes()


@pytest.mark.parametrize("occupant", ["a folder with a file", "a file"])
def test_an_export_overwrites_nothing(
    tmp_path: Path,
    exported_log: Log,
    exported_heads: list[KeptCheckpoint],
    key: VerifierKey,
    occupant: str,
) -> None:
    target = tmp_path / "target"
    file = target if occupant == "a file" else target / "file"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"mine")

    with pytest.raises(ExportRefusedError, match="not empty"):
        export(exported_log, exported_heads, key, target)

    assert file.read_bytes() == b"mine"


def test_an_export_needs_a_checkpoint(tmp_path: Path, exported_log: Log, key: VerifierKey) -> None:
    with pytest.raises(IncompleteLedgerError, match="No signed checkpoint"):
        export(exported_log, [], key, tmp_path / "export")


def test_an_export_where_nothing_can_be_written_says_so(
    tmp_path: Path, exported_log: Log, exported_heads: list[KeptCheckpoint], key: VerifierKey
) -> None:
    (tmp_path / "file").write_bytes(b"mine")

    with pytest.raises(ExportRefusedError, match="name another folder"):
        export(exported_log, exported_heads, key, tmp_path / "file" / "export")


def test_an_export_that_fails_leaves_nothing_behind(
    tmp_path: Path, exported_log: Log, exported_heads: list[KeptCheckpoint], key: VerifierKey
) -> None:
    long = Entry(raw=b"x" * 65_536, leaf=bytes(32), seq=0, previous=bytes(32), event={})

    with pytest.raises(MalformedEntryError):
        export(Log([long, *exported_log.entries[1:]]), exported_heads, key, tmp_path / "export")

    assert list(tmp_path.iterdir()) == []
