"""docs/auditing.md: its commands print what they promise, and what it names exists."""

import re
import subprocess
import sys
from pathlib import Path

from audit.format.event_table import EVENT_TYPES
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
