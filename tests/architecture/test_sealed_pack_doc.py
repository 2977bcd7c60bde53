"""The page about the sealed pack names every code that a sender can be told."""

import re
from pathlib import Path

from broker.packs.attachments import Reason
from broker.packs.attachments.remarks import REMARKS

PAGE = (Path(__file__).parents[2] / "docs/formats/sealed-pack.md").read_text(encoding="utf-8")


def codes_of(title: str) -> set[str]:
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    table = section.partition("\n| code | ")[2]
    first_cells = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    return {code for cell in first_cells for code in re.findall(r"`([a-z-]+)`", cell)}


def test_every_remark_stands_there() -> None:
    assert codes_of("What leaves") == set(REMARKS)


def test_every_refusal_stands_there() -> None:
    assert codes_of("What is let in") == {reason.value for reason in Reason}
