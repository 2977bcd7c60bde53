"""Exported folders that were changed: each change is found at its first bad entry."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from ledgers import ORIGIN, Log, run_verifier

from audit.format.notes.verifier_key import Signer, VerifierKey
from audit.log.checkpoint_store import CheckpointStore


def found(folder: Path, *arguments: object) -> tuple[int, object, object]:
    """Exit status, rule and first bad entry that the verifier answers."""
    status, out, _ = run_verifier("verify", folder, "--json", *arguments)
    document = json.loads(out)
    return status, document.get("rule"), document.get("first_bad")


def replace(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


def edit_entry(folder: Path) -> None:
    replace(folder / "tile/entries/001", b'PRV-7Q4K-M2X9"', b'PRV-7Q4K-M2X8"')


def edit_last_entry(folder: Path) -> None:
    path = folder / "tile/entries/002.p/88"
    head, separator, tail = path.read_bytes().rpartition(b"M2X9")
    path.write_bytes(head + (separator and b"M2X8") + tail)


def edit_entry_and_drop_its_tiles(folder: Path) -> None:
    edit_entry(folder)
    (folder / "tile/0/001").unlink()


def edit_entry_and_its_tile(folder: Path) -> None:
    edit_entry(folder)
    tile = folder / "tile/0/001"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])


def cut_bundle(folder: Path) -> None:
    path = folder / "tile/entries/002.p/88"
    path.write_bytes(path.read_bytes()[:-1])


def drop_last_entry(folder: Path) -> None:
    path = folder / "tile/entries/002.p/88"
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b'{"event"') - 2])


def add_entry(folder: Path) -> None:
    path = folder / "tile/entries/002.p/88"
    path.write_bytes(path.read_bytes() + b"\x00\x02{}")


def edit_tile(folder: Path) -> None:
    tile = folder / "tile/0/001"
    tile.write_bytes(tile.read_bytes()[:-1] + b"\x00")


def edit_upper_tile(folder: Path) -> None:
    (folder / "tile/1/000.p/2").write_bytes(bytes(64))


def edit_checkpoint(folder: Path) -> None:
    replace(folder / "checkpoint", b"\n600\n", b"\n601\n")


def older_checkpoint_for_newest(folder: Path) -> None:
    older = (folder / "checkpoints/00000000000000000300").read_bytes()
    (folder / "checkpoint").write_bytes(older)


def edit_older_checkpoint(folder: Path) -> None:
    replace(folder / "checkpoints/00000000000000000300", b"\n300\n", b"\n301\n")


def misname_older_checkpoint(folder: Path) -> None:
    older = folder / "checkpoints" / "00000000000000000300"
    older.rename(older.with_name(os.fsdecode(b"300\xff\x1b")))


def edit_vkey(folder: Path) -> None:
    (folder / "log.vkey").write_bytes(b"other\n")


def edit_policy(folder: Path) -> None:
    (folder / "policy").write_bytes(b"quorum some\n")


def empty_policy(folder: Path) -> None:
    (folder / "policy").write_bytes(b"quorum none\n")


def edit_manifest(folder: Path) -> None:
    replace(folder / "manifest.json", b'"policy": "', b'"policy": "0')


def manifest_of(content: bytes) -> Callable[[Path], None]:
    def attack(folder: Path) -> None:
        (folder / "manifest.json").write_bytes(content)

    return attack


def too_long(folder: Path) -> None:
    (folder / "checkpoint").write_bytes(b"x" * 1_000_001)


@pytest.mark.parametrize(
    ("attack", "answer"),
    [
        pytest.param(edit_entry, (1, "leaf", 259), id="entry edited"),
        pytest.param(edit_last_entry, (1, "leaf", 599), id="last entry edited"),
        pytest.param(
            edit_entry_and_drop_its_tiles, (1, "reference", 259), id="entry edited, tile dropped"
        ),
        pytest.param(edit_entry_and_its_tile, (1, "reference", 259), id="entry and tile edited"),
        pytest.param(cut_bundle, (1, "bundle", 599), id="bundle cut"),
        pytest.param(drop_last_entry, (1, "tail", 599), id="last entry dropped"),
        pytest.param(add_entry, (1, "surplus", 600), id="entry added"),
        pytest.param(edit_tile, (1, "tile", None), id="tile edited"),
        pytest.param(edit_upper_tile, (1, "tile", None), id="upper tile edited"),
        pytest.param(edit_checkpoint, (1, "checkpoint", None), id="checkpoint edited"),
        pytest.param(too_long, (1, "bundle", None), id="checkpoint too long"),
        pytest.param(edit_older_checkpoint, (1, "checkpoint", None), id="older one edited"),
        pytest.param(edit_vkey, (1, "policy", None), id="verifier key edited"),
        pytest.param(edit_policy, (1, "policy", None), id="policy unreadable"),
        pytest.param(empty_policy, (1, "policy", None), id="policy without logs"),
        pytest.param(edit_manifest, (1, "manifest", None), id="manifest edited"),
        pytest.param(manifest_of(b"{"), (1, "manifest", None), id="manifest no JSON"),
        pytest.param(manifest_of(b"[]"), (1, "manifest", None), id="manifest a list"),
        pytest.param(manifest_of(b"{}"), (1, "manifest", None), id="manifest without files"),
        pytest.param(
            manifest_of(b'{"files":{"../kept":"0"}}'), (1, "manifest", None), id="way out"
        ),
        pytest.param(
            manifest_of(b'{"files":{"/etc/hostname":"0"}}'), (1, "manifest", None), id="rooted"
        ),
        pytest.param(
            manifest_of(b'{"files":{"policy":7}}'), (1, "manifest", None), id="no digest"
        ),
        pytest.param(
            manifest_of(b'{"files":{"\\u0000":"0"}}'), (1, "manifest", None), id="NUL listed"
        ),
        pytest.param(
            manifest_of(b'{"files":{"\\ud800":"0"}}'), (1, "manifest", None), id="half a letter"
        ),
        pytest.param(
            manifest_of(b'{"files":{"\\u001b[2J":"0"}}'), (1, "manifest", None), id="an escape"
        ),
        pytest.param(misname_older_checkpoint, (3, None, None), id="older one misnamed"),
    ],
)
def test_a_change_of_an_export_is_found(
    folder: Path, attack: Callable[[Path], None], answer: tuple[int, object, object]
) -> None:
    attack(folder)

    assert found(folder) == answer


@pytest.mark.parametrize(
    ("attack", "level", "index", "path"),
    [
        pytest.param(edit_tile, 0, 1, "tile/0/001", id="of leaves"),
        pytest.param(edit_upper_tile, 1, 0, "tile/1/000.p/2", id="above"),
    ],
)
def test_a_tampered_hash_tile_is_named_by_its_level_and_index(
    folder: Path, attack: Callable[[Path], None], level: int, index: int, path: str
) -> None:
    attack(folder)

    document = json.loads(run_verifier("verify", folder, "--json")[1])
    words = run_verifier("verify", folder)[1]

    assert (document["tile"], document["first_bad"]) == ({"level": level, "index": index}, None)
    assert words.startswith(f"FAULT FOUND. Bad tile: level {level}, index {index}. Rule: tile.\n")
    assert f"{path} does not hold the hashes of the entries" in words


def test_a_shorter_checkpoint_is_found_by_the_entries_it_does_not_count(folder: Path) -> None:
    older_checkpoint_for_newest(folder)

    # The last bundle of a log of 300 would be 001.p/44, which this folder does not hold.
    assert found(folder) == (3, None, None)


@pytest.mark.parametrize(
    "name",
    [
        "checkpoint",
        "log.vkey",
        "manifest.json",
        "policy",
        "tile/0/001",
        "tile/1/000.p/2",
        "tile/entries/001",
        "tile/entries/002.p/88",
    ],
)
def test_a_missing_file_is_incomplete_data(folder: Path, name: str) -> None:
    (folder / name).unlink()

    status, out, _ = run_verifier("verify", folder)

    assert status == 3
    assert f"{name} is missing" in out


def test_missing_entries_are_counted(folder: Path) -> None:
    (folder / "tile/entries/001").unlink()

    assert "Entries 256 to 511 cannot be checked" in run_verifier("verify", folder)[1]


def test_without_older_checkpoints_the_newest_one_suffices(folder: Path) -> None:
    for path in (folder / "checkpoints").iterdir():
        path.unlink()
    (folder / "checkpoints").rmdir()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    files = {name: digest for name, digest in manifest["files"].items() if "points" not in name}
    (folder / "manifest.json").write_text(json.dumps({"files": files}))

    assert found(folder) == (0, None, None)


def test_a_checkpoint_kept_earlier_must_be_part_of_the_log(
    folder: Path, tmp_path: Path, signer: Signer, exported_log: Log
) -> None:
    seen = tmp_path / "seen"
    seen.mkdir()
    checkpoint_store = CheckpointStore(seen, signer, ORIGIN)
    checkpoint_store.keep(exported_log.first(7))
    fork = Log([*exported_log.entries[:9], exported_log.entries[10]])
    mine, theirs = seen / f"{7:020}", seen / f"{10:020}"
    checkpoint_store.keep(fork)

    assert found(folder, "--since", mine) == (0, None, None)
    assert found(folder, "--since", mine, "--since", theirs) == (1, "checkpoint", 7)


def test_a_checkpoint_kept_earlier_that_counts_more_shows_a_cut_tail(
    folder: Path, tmp_path: Path, signer: Signer, exported_log: Log
) -> None:
    seen = tmp_path / "seen"
    seen.mkdir()
    longer = Log([*exported_log.entries, exported_log.entries[-1]])
    CheckpointStore(seen, signer, ORIGIN).keep(longer)

    assert found(folder, "--since", seen / f"{601:020}") == (1, "tail", 600)


def test_the_verifier_s_own_policy_decides(folder: Path, tmp_path: Path, stranger: Signer) -> None:
    policy = tmp_path / "mine"
    policy.write_text(f"log {VerifierKey.of(ORIGIN, stranger)}\nquorum none\n")

    assert found(folder, "--policy", policy) == (1, "policy", None)
