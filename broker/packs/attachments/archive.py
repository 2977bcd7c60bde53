"""Read a zip container part by part while counting real bytes, so that a bomb never goes off."""

import io
import zipfile
from collections.abc import Iterator

from broker.packs.attachments.refusals import AttachmentRefusedError, Reason

MAX_MEMBERS = 1_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 100
_RATIO_FROM = 1_000_000  # below this a high ratio is ordinary: blank pages, repeated styles
_CHUNK = 65_536
_MEMBER_START = b"PK\x03\x04"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_DIRECTORY_END = b"PK\x05\x06"
_DIRECTORY_END_LENGTH = 22
_ENCRYPTED = 0x1
# The two that office programs write; the others give out more at once than was asked for.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


class Archive:
    """A zip file in memory whose directory is sound; members are unpacked when they are read."""

    def __init__(self, content: bytes) -> None:
        """Read the directory, or raise `AttachmentRefusedError`."""
        if not content.startswith(_MEMBER_START):
            raise AttachmentRefusedError(Reason.CONTENT)
        # Counted before the directory is read: a million entries cost a gigabyte. What is counted
        # too often, in stored members, is a zip inside this one.
        if content.count(_DIRECTORY_ENTRY) > MAX_MEMBERS:
            raise AttachmentRefusedError(Reason.BOMB)
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        members = self._archive.infolist()
        self._left = min(MAX_UNPACKED, max(_RATIO_FROM, MAX_RATIO * len(content)))
        _refuse_directory(members, len(content), self._left)
        self.has_more_behind = content[-_DIRECTORY_END_LENGTH:][:4] != _DIRECTORY_END
        self._members = {member.filename: member for member in members if not member.is_dir()}

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the members, in the order of the directory."""
        return iter(self._members)

    def read(self, name: str) -> bytes:
        """Return a member's bytes, or raise `AttachmentRefusedError`; each call is counted.

        A member that is shorter than the directory says, or has another checksum, makes the zip
        library raise an error of its own.
        """
        # The directory's own sizes are a claim; what counts is what comes out.
        found = bytearray()
        with self._archive.open(self._members[name]) as stream:
            while chunk := stream.read(_CHUNK):
                found += chunk
                self._left -= len(chunk)
                if self._left < 0:
                    raise AttachmentRefusedError(Reason.BOMB)
        return bytes(found)


def _refuse_directory(members: list[zipfile.ZipInfo], size: int, most: int) -> None:
    if sum(member.file_size for member in members) > most:
        raise AttachmentRefusedError(Reason.BOMB)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise AttachmentRefusedError(Reason.ENCRYPTED)
    names = [member.filename for member in members]
    if len({name.lower() for name in names}) != len(names) or any(map(_leaves_the_file, names)):
        raise AttachmentRefusedError(Reason.UNREADABLE)
    if any(member.compress_type not in _METHODS for member in members):
        raise AttachmentRefusedError(Reason.UNREADABLE)
    _refuse_overlap(members, size)


def _refuse_overlap(members: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse members that share bytes, and a second zip file before this one."""
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < end or (end == 0 and member.header_offset != 0):
            raise AttachmentRefusedError(Reason.BOMB if end else Reason.UNREADABLE)
        end = member.header_offset + max(1, member.compress_size)
    if end > size:
        raise AttachmentRefusedError(Reason.UNREADABLE)


def _leaves_the_file(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")
