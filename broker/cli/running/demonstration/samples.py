"""Sample packs written otherwise: the broker knows a pack that it has seen, and takes it once."""

import json
from collections.abc import Mapping
from pathlib import Path

from broker.cli.output import read_file
from broker.cli.running.demonstration.gateway import submit, wait_until_sent
from broker.domain.json_values import as_object

ABOUT_ANOTHER: Mapping[str, str] = {"individual.name": "INVENTED-CANARY, Lou"}
"""What makes of a sample pack another one."""


def written_anew(
    sample: Path, to: Path, form: Mapping[str, str], top: Mapping[str, object] | None = None
) -> Path:
    """Write a sample to a file with other fields of its form, or other keys; return the file."""
    pack = {**as_object(json.loads(read_file(sample))), **(top or {})}
    pack["form"] = {**as_object(pack["form"]), **form}
    to.parent.mkdir(mode=0o700, exist_ok=True)
    to.write_text(json.dumps(pack), encoding="utf-8")
    return to


def sent_elsewhere(home: Path, gateway: tuple[str, str], contact: str, sample: Path) -> str:
    """Send a sample without its files to another contact, and return which one that is.

    `gateway` is its address, and the token of whoever sends.
    """
    elsewhere: dict[str, object] = {"recipient": contact, "attachments": []}
    pack = written_anew(sample, home / f"to-{contact}.json", ABOUT_ANOTHER, elsewhere)
    return str(wait_until_sent(*gateway, submit(*gateway, pack))["reference"])
