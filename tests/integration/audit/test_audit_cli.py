"""The offline verifier's command line: words, JSON, exit status, progress."""

import json
from io import StringIO
from itertools import count
from pathlib import Path

import pytest
from ledgers import GATEWAY, ORIGIN, Log, run_verifier

from audit.cli import main
from audit.format.notes.verifier_key import Signer
from audit.log.checkpoint_store import CheckpointStore, KeptCheckpoint
from audit.log.serving.receipts import issue_receipt


def test_a_whole_export_is_verified_in_words(folder: Path) -> None:
    status, out, err = run_verifier("verify", folder, "--policy", folder / "policy")

    assert (status, err) == (0, "")
    assert out.startswith(
        "VERIFIED. 600 entries of broker.example/ledger, "
        "2026-03-16T12:00:00.000000Z to 2026-03-16T12:09:59.000000Z.\n"
    )
    assert "2 signed checkpoints" in out
    assert "Warning" not in out


def test_a_whole_export_is_verified_in_json(folder: Path, exported_log: Log) -> None:
    status, out, _ = run_verifier("verify", folder, "--json", "--policy", folder / "policy")

    assert status == 0
    assert json.loads(out) == {
        "checkpoints": 2,
        "entries": 600,
        "first_moment": "2026-03-16T12:00:00.000000Z",
        "gateways": {GATEWAY: 600},
        "last_moment": "2026-03-16T12:09:59.000000Z",
        "opened": [],
        "origin": ORIGIN,
        "restored": [],
        "root": exported_log.head().root.hex(),
        "signed": 600,
        "verdict": "verified",
        "warnings": [],
    }


def test_trusting_the_folder_itself_is_said(folder: Path) -> None:
    status, out, _ = run_verifier("verify", folder)

    assert status == 0
    assert "Warning: the trust policy came from the folder itself" in out


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
        pytest.param(["verify", ".", "--receipt", "/nowhere/at/all"], id="no such receipt"),
    ],
)
def test_misuse_is_told_apart(arguments: list[str]) -> None:
    assert run_verifier(*arguments)[0] == 2


def test_a_file_that_is_not_there_is_named_in_words(folder: Path) -> None:
    status, out, err = run_verifier("verify", folder, "--policy", "/nowhere/at/all")

    assert (status, out) == (2, "")
    assert err.startswith("/nowhere/at/all cannot be read (No such file or directory)")
    assert "Errno" not in err


def test_an_unreadable_policy_of_one_s_own_is_misuse(folder: Path, tmp_path: Path) -> None:
    policy = tmp_path / "mine"
    policy.write_text("quorum some\n")

    status, out, err = run_verifier("verify", folder, "--policy", policy)

    assert (status, out) == (2, "")
    assert err.startswith("Line 1 of the trust policy")


def test_help_is_no_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verifier("verify", "--help")[0] == 0
    assert "--since" in capsys.readouterr().out


@pytest.fixture
def receipt(exported_log: Log, exported_heads: list[KeptCheckpoint], tmp_path: Path) -> Path:
    path = tmp_path / "entry-259.tlog-proof"
    path.write_bytes(issue_receipt(exported_log, 259, exported_heads[-1]).to_bytes())
    return path


def test_a_receipt_is_verified_by_itself(receipt: Path, folder: Path) -> None:
    status, out, _ = run_verifier(
        "verify-receipt", receipt, "--policy", folder / "policy", "--json"
    )

    assert (status, json.loads(out)["seq"]) == (0, 259)


def test_a_receipt_that_was_changed_is_a_fault(receipt: Path, folder: Path) -> None:
    receipt.write_bytes(receipt.read_bytes().replace(b"index 259", b"index 258"))

    status, out, _ = run_verifier("verify-receipt", receipt, "--policy", folder / "policy")

    assert (status, out.splitlines()[0]) == (1, "FAULT FOUND.")


def test_a_log_holds_what_a_receipt_proves(receipt: Path, folder: Path) -> None:
    status, _, _ = run_verifier("verify", folder, "--receipt", receipt)

    assert status == 0


def test_a_receipt_that_proves_nothing_is_a_fault_of_its_own(receipt: Path, folder: Path) -> None:
    receipt.write_bytes(receipt.read_bytes().replace(b"index 259", b"index 258"))

    status, out, _ = run_verifier("verify", folder, "--receipt", receipt, "--json")

    found = json.loads(out)
    assert (status, found["rule"], found["first_bad"]) == (1, "receipt", None)
    assert "entry-259.tlog-proof" in found["message"]


def test_a_receipt_shows_that_the_log_was_cut_off_or_forked(
    folder: Path, tmp_path: Path, signer: Signer, exported_log: Log
) -> None:
    longer = Log([*exported_log.entries, exported_log.entries[-1]])
    fork = Log([*exported_log.entries[:9], exported_log.entries[10]])
    found = []
    for log, index in ((longer, 3), (fork, 3)):
        kept = CheckpointStore(tmp_path, signer, ORIGIN).sign(log)
        path = tmp_path / "mine.tlog-proof"
        path.write_bytes(issue_receipt(log, index, kept).to_bytes())
        _, out, _ = run_verifier("verify", folder, "--receipt", path, "--json")
        found.append(json.loads(out)["rule"])

    assert found == ["tail", "checkpoint"]


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
