"""What desktops, editors and converters leave behind is named, and is no fault."""

import json
from pathlib import Path

import pytest
from ledgers import Log, run_verifier

from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.serving.receipts import issue_receipt

LEFT_BEHIND = (
    ".DS_Store",
    "._00000000000000000300",
    "Thumbs.db",
    "desktop.ini",
    "00000000000000000300~",
    "checkpoint.bak",
    ".checkpoint.swp",
    "#checkpoint#",
)


@pytest.mark.parametrize("name", LEFT_BEHIND)
@pytest.mark.parametrize("where", ["", "checkpoints", "tile/entries"])
def test_what_a_desktop_or_an_editor_leaves_is_named_and_no_fault(
    folder: Path, where: str, name: str
) -> None:
    (folder / where / name).write_bytes(b"\x00\x00\x00\x01Bud1")

    status, out, _ = run_verifier("verify", folder)

    assert status == 3
    assert "FAULT" not in out
    assert f"no part of the log: '{Path(where, name)}'" in out


def test_what_is_no_checkpoint_among_them_is_named_without_its_control_characters(
    folder: Path,
) -> None:
    (folder / "checkpoints" / "copy of 300\x1b[2J").write_bytes(b"")

    status, out, _ = run_verifier("verify", folder)

    assert status == 3
    assert "'checkpoints/copy of 300\\x1b[2J'" in out


def test_a_fault_shows_through_what_was_left_behind(folder: Path) -> None:
    (folder / "checkpoints/.DS_Store").write_bytes(b"")
    (folder / "tile/0/001").write_bytes(bytes(8_192))

    status, out, _ = run_verifier("verify", folder, "--json")

    assert (status, json.loads(out)["rule"]) == (1, "tile")


def converted(path: Path) -> Path:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    return path


@pytest.mark.parametrize(
    "name", ["checkpoint", "log.vkey", "policy", "checkpoints/00000000000000000300"]
)
def test_a_file_with_other_line_ends_is_named_and_no_fault(folder: Path, name: str) -> None:
    converted(folder / name)

    status, out, _ = run_verifier("verify", folder)

    assert status == 3
    assert f"{name} has the line ends of Windows" in out


@pytest.mark.parametrize("option", ["--policy", "--since", "--receipt"])
def test_what_one_gives_with_other_line_ends_is_named_and_no_fault(
    folder: Path,
    tmp_path: Path,
    exported_log: Log,
    exported_heads: list[KeptCheckpoint],
    option: str,
) -> None:
    given = tmp_path / "given"
    content = {
        "--policy": (folder / "policy").read_bytes(),
        "--since": exported_heads[0].note,
        "--receipt": issue_receipt(exported_log, 259, exported_heads[-1]).to_bytes(),
    }
    given.write_bytes(content[option])
    assert run_verifier("verify", folder, option, given)[0] == 0

    status, out, _ = run_verifier("verify", folder, option, converted(given))

    assert status == 3
    assert "given has the line ends of Windows" in out


def test_a_receipt_alone_with_other_line_ends_is_no_fault(
    folder: Path, tmp_path: Path, exported_log: Log, exported_heads: list[KeptCheckpoint]
) -> None:
    receipt = tmp_path / "mine.tlog-proof"
    receipt.write_bytes(issue_receipt(exported_log, 259, exported_heads[-1]).to_bytes())

    status, out, _ = run_verifier(
        "verify-receipt", converted(receipt), "--policy", folder / "policy"
    )

    assert status == 3
    assert "mine.tlog-proof has the line ends of Windows" in out
