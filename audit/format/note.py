"""Signed notes: text with Ed25519 signatures below it (https://c2sp.org/signed-note)."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final, Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit.errors import MalformedNoteError, SignatureRefusedError

MAX_NOTE_BYTES: Final = 1_000_000
MAX_SIGNATURES: Final = 100

_KEY_ID_BYTES: Final = 4
_KEY_BYTES: Final = 32
_SECONDS_BYTES: Final = 8
# What is no UTF-8 comes out of a file as a surrogate, and nobody can sign under such a name.
_VKEY = re.compile(r"([^+\s\x00-\x1f\ud800-\udfff]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIGNATURE_LINE = re.compile(r"\u2014 ([^+\s]+) ([A-Za-z0-9+/]+={0,2})")

_P: Final = 2**255 - 19
_Y_OF_ORDER_8: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# A key of small order lets one signature hold for many texts, so none is ever trusted.
_SMALL_ORDER_Y: Final = frozenset({0, 1, _P - 1, _P, _P + 1, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8})


class Algorithm(IntEnum):
    """What a key signs with: the log itself, or a witness that adds the time."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


class Signer(Protocol):
    """A private Ed25519 key: `public_key` is its 32 public bytes, `sign` gives 64 bytes."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes by which others check the signatures."""
        ...

    def sign(self, message: bytes, /) -> bytes:
        """Return the 64-byte Ed25519 signature of `message`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A name and an Ed25519 public key of 32 bytes: who may sign a note, and how."""

    name: str
    public_key: bytes
    algorithm: Algorithm = Algorithm.ED25519

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key that `text` spells as `name+key id+base64`, or `MalformedNoteError`."""
        match = _VKEY.fullmatch(text)
        if match is None:
            raise MalformedNoteError("A verifier key is written name+8 hexadecimal digits+base64.")
        name, key_id, encoded = match.groups()
        typed = _decoded(encoded)
        if len(typed) != 1 + _KEY_BYTES or typed[0] not in set(Algorithm):
            raise MalformedNoteError(
                "Only Ed25519 verifier keys, types 1 and 4, can be used here."
            )
        key = cls(name=name, public_key=typed[1:], algorithm=Algorithm(typed[0]))
        if key.key_id.hex() != key_id:
            raise MalformedNoteError(
                "The verifier key's identifier does not fit its name and key."
            )
        if int.from_bytes(key.public_key, "little") % 2**255 in _SMALL_ORDER_Y:
            raise MalformedNoteError("The verifier key is one for which anyone could sign.")
        return key

    @classmethod
    def of(cls, name: str, signer: Signer) -> Self:
        """Return the key by which others check what `signer` signs as `name`."""
        return cls.parse(str(cls(name=name, public_key=signer.public_key)))

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key within its name."""
        return sha256(self.name.encode() + b"\n" + self._typed).digest()[:_KEY_ID_BYTES]

    @property
    def _typed(self) -> bytes:
        return bytes([self.algorithm]) + self.public_key

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self._typed).decode()}"

    @property
    def speaks_for_a_log(self) -> bool:
        """Whether it is a log's key; a witness's says only that it saw the log."""
        return self.algorithm is Algorithm.ED25519

    def verify(self, text: str, signature: bytes) -> None:
        """Return if `signature` is this key's for `text`, or raise `SignatureRefusedError`."""
        message, proper = text, signature
        if not self.speaks_for_a_log:
            # https://c2sp.org/tlog-cosignature: eight bytes of POSIX seconds come first.
            time = int.from_bytes(signature[:_SECONDS_BYTES], "big")
            message = f"cosignature/v1\ntime {time}\n{text}"
            proper = signature[_SECONDS_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(proper, message.encode())
        except (InvalidSignature, ValueError) as error:
            raise SignatureRefusedError(
                f"The signature by {self.name} does not hold. Do not trust what it signs."
            ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedText:
    """The text of a note, and the known keys whose signatures on it hold."""

    text: str
    signers: frozenset[VerifierKey]


def sign_note(text: str, name: str, *signers: Signer) -> bytes:
    """Return the note: `text`, an empty line, and a signature line as `name` by each signer."""
    _check_text(text)
    lines = (f"\u2014 {name} {_signature_of(text, name, signer)}\n" for signer in signers)
    return f"{text}\n{''.join(lines)}".encode()


def _signature_of(text: str, name: str, signer: Signer) -> str:
    key = VerifierKey.of(name, signer)
    return base64.b64encode(key.key_id + signer.sign(text.encode())).decode()


def open_note(note: bytes, verifiers: Iterable[VerifierKey]) -> str:
    """Return the text of `note`; raises as `read_note` does."""
    return read_note(note, verifiers).text


def read_note(note: bytes, verifiers: Iterable[VerifierKey]) -> SignedText:
    """Return the text once a known key has signed it and no known key's line fails.

    Lines by unknown keys are ignored. A known key that signs twice is refused. Raises
    `MalformedNoteError` or `SignatureRefusedError`.
    """
    text, lines = split_note(note)
    known = {(key.name, key.key_id): key for key in verifiers}
    signers: set[VerifierKey] = set()
    for name, blob in lines:
        key = known.get((name, blob[:_KEY_ID_BYTES]))
        if key is None:
            continue
        if key in signers:
            raise SignatureRefusedError(f"The note is signed twice by {name}. Do not trust it.")
        key.verify(text, blob[_KEY_ID_BYTES:])
        signers.add(key)
    if not signers:
        raise SignatureRefusedError(
            "No key that is trusted here signed the note. Check first that the verifier key is "
            "the right one."
        )
    return SignedText(text=text, signers=frozenset(signers))


def split_note(note: bytes) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """Return the text and the (name, key id and signature) pairs of a note, nothing verified."""
    if len(note) > MAX_NOTE_BYTES:
        raise MalformedNoteError("The note is longer than a million bytes.")
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise MalformedNoteError("The note is not UTF-8 text.") from error
    text, found, signatures = whole.rpartition("\n\n")
    if not found or not signatures.endswith("\n"):
        raise MalformedNoteError("The note does not end in an empty line and signature lines.")
    _check_text(text + "\n")
    lines = signatures[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedNoteError("The note has more than 100 signature lines.")
    return text + "\n", tuple(_signature(line) for line in lines)


def _signature(line: str) -> tuple[str, bytes]:
    match = _SIGNATURE_LINE.fullmatch(line)
    if match is None or _CONTROL.search(line):
        raise MalformedNoteError("A signature line is a dash, a name and base64, with one space.")
    blob = _decoded(match[2])
    if len(blob) <= _KEY_ID_BYTES:
        raise MalformedNoteError("A signature line holds no signature.")
    return match[1], blob


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise MalformedNoteError(
            "The text of a note ends in a line feed and has no other control character."
        )


def _decoded(encoded: str) -> bytes:
    try:
        blob = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise MalformedNoteError("The base64 is not complete.") from error
    # Spare bits that are not zero would give one signature two spellings.
    if base64.b64encode(blob).decode() != encoded:
        raise MalformedNoteError("The base64 is not in its one permitted spelling.")
    return blob
