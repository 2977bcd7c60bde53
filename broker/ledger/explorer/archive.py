"""Several files as one: an archive with the same bytes for the same files, piece by piece."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Final

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that an archive knows: its files have none of their own."""


class _Pipe(io.RawIOBase):
    """Takes what is written and gives it on; it cannot be read or sought in."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: object, /) -> int:
        piece = bytes(content)  # type: ignore[call-overload]  # any buffer, as zipfile writes it
        self._held += piece
        return len(piece)

    def taken(self) -> bytes:
        piece = bytes(self._held)
        self._held.clear()
        return piece


def archive_of(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield a zip archive of path and content of each file, held in memory one file at a time."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            archive.writestr(zipfile.ZipInfo(path, date_time=_LONG_AGO), content)
            yield pipe.taken()
    yield pipe.taken()
