"""Read a zip container while counting real bytes, so that a bomb stops before it goes off."""

import io
import zipfile

from broker.packs.attachments.refusals import AttachmentRefusedError, Reason

MAX_MEMBERS = 1_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 100
_RATIO_FROM = 1_000_000  # below this a high ratio is ordinary: blank pages, repeated styles
_CHUNK = 65_536
_MEMBER_START = b"PK\x03\x04"
_DIRECTORY_END = b"PK\x05\x06"
_DIRECTORY_END_LENGTH = 22
_ENCRYPTED = 0x1


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the members of a zip file by name, or raise `AttachmentRefusedError`."""
    if not content.startswith(_MEMBER_START):
        raise AttachmentRefusedError(Reason.CONTENT)
    # Without an archive comment the directory ends the file; what follows would be something else.
    if content[-_DIRECTORY_END_LENGTH:][:4] != _DIRECTORY_END:
        raise AttachmentRefusedError(Reason.TRAILING)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        _refuse_directory(members)
        left = min(MAX_UNPACKED, max(_RATIO_FROM, MAX_RATIO * len(content)))
        parts: dict[str, bytes] = {}
        for member in members:
            parts[member.filename] = _read(archive, member, left)
            left -= len(parts[member.filename])
    return parts


def _refuse_directory(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(names) > MAX_MEMBERS:
        raise AttachmentRefusedError(Reason.BOMB)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise AttachmentRefusedError(Reason.ENCRYPTED)
    if len({name.lower() for name in names}) != len(names) or any(map(_leaves_the_file, names)):
        raise AttachmentRefusedError(Reason.UNREADABLE)


def _leaves_the_file(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    # The directory's own sizes are a claim; what counts is what comes out.
    unpacked_bytes = bytearray()
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            unpacked_bytes += chunk
            if len(unpacked_bytes) > left:
                raise AttachmentRefusedError(Reason.BOMB)
    return bytes(unpacked_bytes)
