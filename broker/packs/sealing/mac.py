"""Bind every byte of a sealed pack to its passphrase (ISO/TS 32004), as the last step of sealing.

qpdf writes the encryption dictionary last, right before the table of objects. Both are written
anew with what the code needs; then pyHanko computes it over the whole file but for its own place.
Nothing may change a byte afterwards. What it proves: docs/adr/0018-a-seal-that-shows-a-change.md.
"""

import hashlib
import io
import re
import secrets
from collections.abc import Iterator
from importlib import import_module
from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB  # ISO 32000-2, 7.6.4.4.9

from broker.packs.sealing.parts import SealNotProvedError

_MAY_LACK_A_MAC: Final = 1 << 12
"""Bit 13 of the permissions: clear means that a file without its code is not to be trusted."""

_DIGEST: Final = "sha256"
_SALT_BYTES: Final = 32
_OFFSET_BYTES: Final = 4
_WRAPPED_BYTES: Final = 40
_WRAPPED_KEY: Final = bytes([4, _WRAPPED_BYTES])  # an octet string (X.690)
_MAC_BYTES: Final = 32
_CODE = re.compile(rb"/MAC <(?P<code>[0-9a-f]{512,2048})> >> >>\nstream\n")
_TAIL = re.compile(
    rb"(?P<encrypt>[0-9]+ 0 obj\n<< /CF (?P<rest>[^\n]*?) >>\nendobj\n)"
    rb"(?P<table>[0-9]+ 0 obj\n)<< /Type /XRef /Length [0-9]+ /W \[ 1 (?P<offset>[0-9]) "
    rb"(?P<third>[0-9]) \] (?P<trailer>[^\n]*?) >>\nstream\n(?P<entries>.*)\nendstream\nendobj\n"
    rb"startxref\n[0-9]+\n%%EOF\n\Z",
    re.DOTALL,
)
_PERMISSIONS = re.compile(rb"/P (?P<flags>-?[0-9]+) /Perms <(?P<perms>[0-9a-f]{32})>")


class _Token(Protocol):
    def dump(self) -> bytes: ...


class _TokenHandler(Protocol):
    """What we use of pyHanko's handler, which says little of its types."""

    def determine_token_size(self, include_signature_digest: bool) -> int: ...  # noqa: FBT001  # its own form

    def build_pdfmac_token(
        self,
        *,
        document_digest: bytes,
        signature_digest: bytes | None,
        dry_run: bool = False,
    ) -> _Token: ...


def with_mac(content: bytes, passphrase: str) -> bytes:
    """Return an encrypted pack, as qpdf wrote it, with the code that binds its bytes.

    Raises `SealNotProvedError` where qpdf wrote it otherwise than we know.
    """
    key, salt = _file_key(content, passphrase), secrets.token_bytes(_SALT_BYTES)
    handler = _handler(key, salt)
    length = 2 * handler.determine_token_size(include_signature_digest=False) + 2
    before, after = _framed(content, key, salt, length)
    digest = _digest(before, after)
    token = handler.build_pdfmac_token(document_digest=digest, signature_digest=None)
    code = b"<%s>" % token.dump().hex().encode()
    if len(code) != length:
        raise SealNotProvedError("the code that binds its bytes has another length")
    return b"".join((before, code, after))


def _digest(*parts: bytes | memoryview) -> bytes:
    """Return the digest of parts one after the other; a pack is not copied for it."""
    found = hashlib.new(_DIGEST)
    for part in parts:
        found.update(part)
    return found.digest()


def is_spelt_as_ours(content: bytes, key: bytes, salt: bytes) -> bool:
    """Say whether the code of a file is written as `with_mac` writes it, to the letter.

    The code stands outside of what it covers, and readers overlook some of its own bytes. All but
    two values in it, which a reader verifies, follow from the file.
    """
    found = list(_CODE.finditer(content))
    if len(found) != 1:
        return False
    written = bytes.fromhex(found[0]["code"].decode())
    whole = memoryview(content)
    covered = whole[: found[0].start("code") - 1], whole[found[0].end("code") + 1 :]
    handler = _handler(key, salt)
    blank = handler.build_pdfmac_token(
        document_digest=_digest(*covered), signature_digest=None, dry_run=True
    ).dump()
    wrapped = blank.index(_WRAPPED_KEY) + len(_WRAPPED_KEY)
    return len(written) == len(blank) and all(
        written[part] == blank[part]
        for part in (slice(wrapped), slice(wrapped + _WRAPPED_BYTES, -_MAC_BYTES))
    )


def _handler(key: bytes, salt: bytes) -> _TokenHandler:
    # Loaded here alone: it takes a second, and most commands seal nothing.
    mac = import_module("pyhanko.pdf_utils.crypt.pdfmac")
    handler: _TokenHandler = mac.PdfMacTokenHandler.from_key_mat(key, salt, _DIGEST)
    return handler


def _file_key(content: bytes, passphrase: str) -> bytes:
    import pikepdf  # noqa: PLC0415 - slow to load, and few commands need it

    with pikepdf.open(io.BytesIO(content), password=passphrase) as document:
        return document.encryption.encryption_key


def _framed(content: bytes, key: bytes, salt: bytes, length: int) -> tuple[bytes, bytes]:
    """Return what stands before and after the code, whose place is `length` bytes long."""
    tail = _TAIL.search(content, max(0, content.rfind(b"\n<< /CF ") - 32))
    if tail is None:
        raise SealNotProvedError("its end is not written as it should be")
    body = memoryview(content)[: tail.start()]
    encrypt = tail["encrypt"].replace(
        tail["rest"], _bound(tail["rest"], key) + b" /KDFSalt <%s>" % salt.hex().encode()
    )
    at = len(body) + len(encrypt)
    entries = b"".join(_entries(tail, at))
    head = (
        tail["table"]
        + b"<< /Type /XRef /Length %d /W [ 1 %d %s ] %s"
        % (len(entries), _OFFSET_BYTES, tail["third"], tail["trailer"])
        + b" /AuthCode << /MACLocation /Standalone /ByteRange [ 0 %010d %010d %010d ] /MAC "
    )
    start = at + len(head % (0, 0, 0))
    after = b" >> >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (entries, at)
    before = (body, encrypt, head % (start, start + length, len(after)))
    return b"".join(before), after


def _bound(dictionary: bytes, key: bytes) -> bytes:
    """Return the dictionary with bit 13 clear, in the flags and in their encrypted copy."""

    def without(found: re.Match[bytes]) -> bytes:
        flags = int(found["flags"]) & ~_MAY_LACK_A_MAC
        cipher = Cipher(AES(key), ECB())  # noqa: S305  # one block, as the format wants it
        plain = cipher.decryptor().update(bytes.fromhex(found["perms"].decode()))
        same = flags.to_bytes(4, "little", signed=True) + plain[4:]
        return b"/P %d /Perms <%s>" % (flags, cipher.encryptor().update(same).hex().encode())

    changed, times = _PERMISSIONS.subn(without, dictionary)
    if times != 1:
        raise SealNotProvedError("its permissions are not where they should be")
    return changed


def _entries(tail: re.Match[bytes], at: int) -> Iterator[bytes]:
    """Yield the table of objects with wider offsets; its own, the last, stands at `at` now."""
    wide, third = int(tail["offset"]), int(tail["third"])
    size, old = 1 + wide + third, tail["entries"]
    if not old or len(old) % size:
        raise SealNotProvedError("its table of objects is not as it should be")
    for start in range(0, len(old), size):
        kind, offset = old[start : start + 1], old[start + 1 : start + 1 + wide]
        where = at if start + size == len(old) else int.from_bytes(offset, "big")
        yield kind + where.to_bytes(_OFFSET_BYTES, "big") + old[start + 1 + wide : start + size]
