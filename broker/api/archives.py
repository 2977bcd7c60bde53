"""Several files as one answer: an archive with the same bytes for the same files."""

import io
import zipfile
from collections.abc import Iterable

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that an archive knows: its files have none of their own."""


def archive_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip archive of path and content of each file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            archive.writestr(zipfile.ZipInfo(path, date_time=_LONG_AGO), content)
    return held.getvalue()
