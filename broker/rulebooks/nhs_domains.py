"""Bring the NHS list of accredited mail domains into a rulebook, as rules like any others."""

import shutil
from collections.abc import Iterable
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

from broker.domain.errors import RulesFolderError
from policies import Rulebook

_REGISTER = Path("registers") / "mail.toml"
_ENTRY = """
[[entries]]
domain = "{host}"
covers = "itself"
verdict = "secure"
example = "x@{host}"
note = "{note}"
source = "NHS England, list of domains accredited to DCB1596, {listed_on}"
valid-from = "{listed_on}"
"""


def rules_with_accredited_hosts(
    lines: Iterable[str], listed_on: date, folder: Path
) -> tuple[str, ...]:
    """Write the shipped rules into `folder` with the hosts of a CSV list as secure; return them.

    Raises `RulesFolderError` where the folder exists, `RegisterError` naming the line that is no
    host or lies under a closed domain; nothing is written then.
    """
    if folder.exists():
        raise RulesFolderError("The folder exists already. Name one that does not.")
    known = Rulebook.shipped().mail
    register = known.with_accredited_hosts(lines, listed_on=listed_on)
    added = [entry for entry in register.entries if entry not in known.entries]
    with as_file(files("policies") / "rulebook") as shipped:
        shutil.copytree(shipped, folder)
    with (folder / _REGISTER).open("a", encoding="utf-8") as file:
        for entry in added:
            file.write(_ENTRY.format(host=entry.domain, note=entry.note, listed_on=listed_on))
    Rulebook.read(folder)
    return tuple(entry.domain for entry in added)
