"""Sample packs written otherwise: the broker knows a pack that it has seen, and takes it once."""

import json
from collections.abc import Mapping
from pathlib import Path

from broker.cli.output import read_file
from broker.domain.json_values import as_object


def written_anew(
    sample: Path, to: Path, form: Mapping[str, str], top: Mapping[str, object] | None = None
) -> Path:
    """Write a sample to a file with other fields of its form, or other keys; return the file."""
    pack = {**as_object(json.loads(read_file(sample))), **(top or {})}
    pack["form"] = {**as_object(pack["form"]), **form}
    to.parent.mkdir(mode=0o700, exist_ok=True)
    to.write_text(json.dumps(pack), encoding="utf-8")
    return to
