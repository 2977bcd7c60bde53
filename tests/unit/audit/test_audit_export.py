"""Exported folders, whole and attacked, before the offline verifier's command line."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from io import StringIO
from itertools import count
from pathlib import Path

import pytest
from ledgers import ORIGIN, Log, a_log

from audit.cli import main
from audit.entry import Entry
from audit.errors import ExportRefusedError, IncompleteLedgerError, MalformedEntryError
from audit.export import export
from audit.keeper import CheckpointKeeper, KeptCheckpoint
from audit.note import Signer, VerifierKey
from audit.prove import prove

SIZE = 600
EARLIER = 300


@pytest.fixture(scope="module")
def module_log() -> Log:
    return a_log(SIZE)


@pytest.fixture
def log(module_log: Log) -> Log:
    return module_log


@pytest.fixture(scope="module")
def kept(
    tmp_path_factory: pytest.TempPathFactory, signer: Signer, module_log: Log
) -> list[KeptCheckpoint]:
    keeper = CheckpointKeeper(tmp_path_factory.mktemp("kept"), signer, ORIGIN)
    return [keeper.keep(module_log.first(size)) for size in (EARLIER, SIZE)]


@pytest.fixture(scope="module")
def exported(
    tmp_path_factory: pytest.TempPathFactory,
    module_log: Log,
    kept: list[KeptCheckpoint],
    key: VerifierKey,
) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "export"
    export(module_log, kept, key, folder)
    return folder


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    return shutil.copytree(exported, tmp_path / "export")


def run(*arguments: object) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    status = main([str(argument) for argument in arguments], out, err)
    return status, out.getvalue(), err.getvalue()


def found(folder: Path, *arguments: object) -> tuple[int, object, object]:
    """Exit status, rule and first bad entry that the verifier answers."""
    status, out, _ = run("verify", folder, "--json", *arguments)
    document = json.loads(out)
    return status, document.get("rule"), document.get("first_bad")


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


def test_the_manifest_lists_every_other_file(folder: Path, log: Log) -> None:
    others = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".json"]

    assert json.loads((folder / "manifest.json").read_bytes()) == {
        "files": {
            str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in others
        },
        "origin": ORIGIN,
        "root": log.head().root.hex(),
        "size": SIZE,
        "v": 1,
    }


def test_an_export_gives_back_its_newest_checkpoint(
    tmp_path: Path, log: Log, kept: list[KeptCheckpoint], key: VerifierKey
) -> None:
    assert export(log, kept, key, tmp_path / "again") == kept[-1]


def test_two_exports_of_one_log_are_the_same_bytes(
    tmp_path: Path, folder: Path, log: Log, kept: list[KeptCheckpoint], key: VerifierKey
) -> None:
    again = tmp_path / "again"
    again.mkdir()
    export(log, kept, key, again)

    assert (again / "manifest.json").read_bytes() == (folder / "manifest.json").read_bytes()


@pytest.mark.parametrize("occupant", ["a folder with a file", "a file"])
def test_an_export_overwrites_nothing(
    tmp_path: Path, log: Log, kept: list[KeptCheckpoint], key: VerifierKey, occupant: str
) -> None:
    target = tmp_path / "target"
    file = target if occupant == "a file" else target / "file"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"mine")

    with pytest.raises(ExportRefusedError, match="not empty"):
        export(log, kept, key, target)

    assert file.read_bytes() == b"mine"


def test_an_export_needs_a_checkpoint(tmp_path: Path, log: Log, key: VerifierKey) -> None:
    with pytest.raises(IncompleteLedgerError, match="No signed checkpoint"):
        export(log, [], key, tmp_path / "export")


def test_an_export_that_fails_leaves_nothing_behind(
    tmp_path: Path, log: Log, kept: list[KeptCheckpoint], key: VerifierKey
) -> None:
    long = Entry(raw=b"x" * 65_536, leaf=bytes(32), seq=0, previous=bytes(32), event={})

    with pytest.raises(MalformedEntryError):
        export(Log([long, *log.entries[1:]]), kept, key, tmp_path / "export")

    assert list(tmp_path.iterdir()) == []


def test_a_whole_export_is_verified_in_words(folder: Path) -> None:
    status, out, err = run("verify", folder, "--policy", folder / "policy")

    assert (status, err) == (0, "")
    assert out.startswith(
        "VERIFIED. 600 entries of broker.example/ledger, "
        "2026-03-16T12:00:00.000000Z to 2026-03-16T12:09:59.000000Z.\n"
    )
    assert "2 signed checkpoints" in out
    assert "Warning" not in out


def test_a_whole_export_is_verified_in_json(folder: Path, log: Log) -> None:
    status, out, _ = run("verify", folder, "--json", "--policy", folder / "policy")

    assert status == 0
    assert json.loads(out) == {
        "checkpoints": 2,
        "entries": 600,
        "first_moment": "2026-03-16T12:00:00.000000Z",
        "last_moment": "2026-03-16T12:09:59.000000Z",
        "origin": ORIGIN,
        "root": log.head().root.hex(),
        "signed": 600,
        "verdict": "verified",
        "warnings": [],
    }


def test_trusting_the_folder_itself_is_said(folder: Path) -> None:
    status, out, _ = run("verify", folder)

    assert status == 0
    assert "Warning: the trust policy came from the folder itself" in out


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
            edit_entry_and_drop_its_tiles, (1, "link", 259), id="entry edited, tile dropped"
        ),
        pytest.param(edit_entry_and_its_tile, (1, "link", 259), id="entry and tile edited"),
        pytest.param(cut_bundle, (1, "bundle", 599), id="bundle cut"),
        pytest.param(drop_last_entry, (1, "tail", 599), id="last entry dropped"),
        pytest.param(add_entry, (1, "surplus", 600), id="entry added"),
        pytest.param(edit_tile, (1, "tile", 256), id="tile edited"),
        pytest.param(edit_upper_tile, (1, "tile", 0), id="upper tile edited"),
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
    ],
)
def test_a_change_of_an_export_is_found(
    folder: Path, attack: Callable[[Path], None], answer: tuple[int, object, object]
) -> None:
    attack(folder)

    assert found(folder) == answer


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

    status, out, _ = run("verify", folder)

    assert status == 3
    assert f"{name} is missing" in out


def test_missing_entries_are_counted(folder: Path) -> None:
    (folder / "tile/entries/001").unlink()

    assert "Entries 256 to 511 cannot be checked" in run("verify", folder)[1]


def test_without_older_checkpoints_the_newest_one_suffices(folder: Path) -> None:
    for path in (folder / "checkpoints").iterdir():
        path.unlink()
    (folder / "checkpoints").rmdir()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    files = {name: digest for name, digest in manifest["files"].items() if "points" not in name}
    (folder / "manifest.json").write_text(json.dumps({"files": files}))

    assert found(folder) == (0, None, None)


def test_a_checkpoint_kept_earlier_must_be_part_of_the_log(
    folder: Path, tmp_path: Path, signer: Signer, log: Log
) -> None:
    seen = tmp_path / "seen"
    seen.mkdir()
    keeper = CheckpointKeeper(seen, signer, ORIGIN)
    keeper.keep(log.first(7))
    fork = Log([*log.entries[:9], log.entries[10]])
    mine, theirs = seen / f"{7:020}", seen / f"{10:020}"
    keeper.keep(fork)

    assert found(folder, "--since", mine) == (0, None, None)
    assert found(folder, "--since", mine, "--since", theirs) == (1, "checkpoint", 7)


def test_a_checkpoint_kept_earlier_that_counts_more_shows_a_cut_tail(
    folder: Path, tmp_path: Path, signer: Signer, log: Log
) -> None:
    seen = tmp_path / "seen"
    seen.mkdir()
    longer = Log([*log.entries, log.entries[-1]])
    CheckpointKeeper(seen, signer, ORIGIN).keep(longer)

    assert found(folder, "--since", seen / f"{601:020}") == (1, "tail", 600)


def test_the_verifier_s_own_policy_decides(folder: Path, tmp_path: Path, stranger: Signer) -> None:
    policy = tmp_path / "mine"
    policy.write_text(f"log {VerifierKey.of(ORIGIN, stranger)}\nquorum none\n")

    assert found(folder, "--policy", policy) == (1, "policy", None)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no command"),
        pytest.param(["mend"], id="unknown command"),
        pytest.param(["verify"], id="no folder"),
        pytest.param(["verify", "/nowhere/at/all"], id="no such folder"),
        pytest.param(["verify", ".", "--policy", "/nowhere/at/all"], id="no such policy"),
        pytest.param(["verify-receipt", "/nowhere/at/all"], id="receipt without policy"),
        pytest.param(["verify", ".", "--since", "/nowhere/at/all"], id="no such checkpoint"),
    ],
)
def test_misuse_is_told_apart(arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2


def test_an_unreadable_policy_of_one_s_own_is_misuse(folder: Path, tmp_path: Path) -> None:
    policy = tmp_path / "mine"
    policy.write_text("quorum some\n")

    status, out, err = run("verify", folder, "--policy", policy)

    assert (status, out) == (2, "")
    assert err.startswith("Line 1 of the trust policy")


def test_help_is_no_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", "--help")[0] == 0
    assert "--since" in capsys.readouterr().out


@pytest.fixture
def receipt(log: Log, kept: list[KeptCheckpoint], key: VerifierKey, tmp_path: Path) -> Path:
    path = tmp_path / "entry-259.tlog-proof"
    path.write_bytes(prove(log, 259, kept[-1], key).to_bytes())
    return path


def test_a_receipt_is_verified_by_itself(receipt: Path, folder: Path) -> None:
    status, out, _ = run("verify-receipt", receipt, "--policy", folder / "policy", "--json")

    assert (status, json.loads(out)["seq"]) == (0, 259)


def test_a_receipt_that_was_changed_is_a_fault(receipt: Path, folder: Path) -> None:
    replace(receipt, b"index 259", b"index 258")

    status, out, _ = run("verify-receipt", receipt, "--policy", folder / "policy")

    assert (status, out.splitlines()[0]) == (1, "FAULT FOUND.")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_who_waits_is_told_how_far_it_is(folder: Path) -> None:
    out, err = StringIO(), Terminal()
    ticks = count()

    status = main(["verify", str(folder)], out, err, seconds=lambda: 2.0 * next(ticks))

    assert (status, err.getvalue()) == (0, "\r0 of 600 entries\r\x1b[K")


def test_a_person_who_need_not_wait_is_told_nothing(folder: Path) -> None:
    out, err = StringIO(), Terminal()

    main(["verify", str(folder)], out, err, seconds=lambda: 0.0)

    assert err.getvalue() == "\r\x1b[K"
