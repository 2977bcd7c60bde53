"""Complete a list of parts (CycloneDX): what a part does not say of its licence, our notices do.

    python tests/support/parts_list.py LIST THIRD-PARTY-NOTICES

A part whose own words are no expression of SPDX has no licence in what the tool writes.
"""

import json
import re
import sys
from pathlib import Path

NOTICE = r"^{} +\S+ +(\S.*?)  "
"""A line of the notices: name, version, licences, and who made it."""


def completed(document: str, notices: str) -> str:
    """Return the list, each part with a licence; raises `LookupError` for one nobody names."""
    parts = json.loads(document)
    for part in parts["components"]:
        if not part.get("licenses"):
            named = re.search(NOTICE.format(re.escape(part["name"])), notices, re.MULTILINE)
            if named is None:
                raise LookupError(part["name"])
            expression = named[1].replace(", ", " AND ")
            part["licenses"] = [{"expression": expression, "acknowledgement": "concluded"}]
    return json.dumps(parts, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    listed, notices = map(Path, sys.argv[1:])
    listed.write_text(completed(listed.read_text("utf-8"), notices.read_text("utf-8")), "utf-8")
