"""docs/auditing.md: its commands print what they promise, and what it names exists."""

import re
import subprocess
import sys
from pathlib import Path

from ledgers import run_verifier

from audit.format.event_table import EVENT_TYPES
from audit.format.notes.verifier_key import VerifierKey
from audit.verify.export_folder import ExportedFolder

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "auditing.md").read_text(encoding="utf-8")


def test_the_lines_on_the_page_print_every_entry_in_its_order(folder: Path) -> None:
    program = re.findall(r"^python3 - DIR <<'END'\n(.+?)^END$", PAGE, re.MULTILINE | re.DOTALL)

    printed = subprocess.run(
        [sys.executable, "-", str(folder)],
        input=program[0].encode(),
        capture_output=True,
        check=True,
    )

    assert printed.stdout.splitlines() == list(ExportedFolder(path=folder).entries(600))


def test_the_lines_on_the_page_make_a_witness_whom_a_policy_can_ask_for(
    folder: Path, key: VerifierKey, tmp_path: Path
) -> None:
    (text,) = re.findall(
        r"^python3 - DIR SEED NAME <<'END'\n(.+?)^END$", PAGE, re.MULTILINE | re.DOTALL
    )
    seed, policy, name = tmp_path / "seed", tmp_path / "policy", "audit.example/w1"

    def witnessed() -> str:
        command = [sys.executable, "-", str(folder), str(seed), name]
        done = subprocess.run(command, input=text.encode(), check=True, capture_output=True)
        return bytes(done.stdout).decode()

    unsigned = {
        head: head.read_bytes() for head in [*folder.glob("checkpoint*/*"), folder / "checkpoint"]
    }
    line = witnessed()
    policy.write_text(f"log {key}\n{line}quorum {name}\n", encoding="utf-8")
    asked_for = run_verifier("verify", folder, "--policy", policy)
    without = {
        head.name: _check_with(folder, policy, head, before) for head, before in unsigned.items()
    }

    assert seed.stat().st_mode & 0o777 == 0o600
    assert (asked_for[0], asked_for[1].partition(".")[0]) == (0, "VERIFIED"), asked_for
    assert len(without) == len(unsigned) > 1
    assert [name for name, said in without.items() if "Too few witnesses" not in said] == []
    assert witnessed() == line


def _check_with(folder: Path, policy: Path, head: Path, before: bytes) -> str:
    """Return what the check says where one head is as it was before the witness signed it."""
    signed = head.read_bytes()
    head.write_bytes(before)
    _, said, _ = run_verifier("verify", folder, "--policy", policy)
    head.write_bytes(signed)
    return said


def test_every_event_that_it_looks_for_exists() -> None:
    table = PAGE.partition("## What to look for")[2]
    named = set(re.findall(r"`([a-z]+(?:[.-][a-z]+)*)`", table))

    assert len(named) > len(values := {"none", "yes", "compromised"})
    fields = {name for row in EVENT_TYPES.values() for name in row.fields}
    assert named - values - fields - {"ref"} <= set(EVENT_TYPES)


def test_what_it_says_that_the_check_says_is_said() -> None:
    said = "".join(
        (ROOT / "audit" / name).read_text(encoding="utf-8")
        for name in ("cli.py", "verify/verdict.py")
    )
    first = re.findall(r"^\| `([A-Z: ]+)\.?` \|", PAGE, re.MULTILINE)

    assert first == ["VERIFIED", "PARTIAL: YOURS", "FAULT FOUND", "NOT VERIFIED"]
    assert [words for words in first if words not in said] == []
    for words in (
        "Restored from a backup at entry",
        "Not signed yet",
        "Warning: the trust policy",
    ):
        assert words in said
