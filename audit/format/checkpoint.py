"""Checkpoints: the signed head of the log (https://c2sp.org/tlog-checkpoint)."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from audit.errors import MalformedNoteError, SignatureRefusedError
from audit.format.note import Signer, VerifierKey, read_note, sign_note

_TEXT = re.compile(r"([^\n+\s]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How long the log named `origin` was, and the 32-byte root of its tree."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the checkpoint of a note's text, or raise `MalformedNoteError`.

        Extension lines are refused: this log never writes them and nobody could audit them.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise MalformedNoteError(
                "A checkpoint is three lines: the origin, the size and the root in base64."
            )
        origin, size, encoded = match.groups()
        root = base64.b64decode(encoded)
        if base64.b64encode(root).decode() != encoded:
            raise MalformedNoteError("The checkpoint's root is not in its one permitted spelling.")
        return cls(origin=origin, size=int(size), root=root)

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_checkpoint(checkpoint: Checkpoint, *signers: Signer) -> bytes:
    """Return the note that each of `signers` signed.

    Ed25519 is deterministic, so the same head gives the same bytes.
    """
    return sign_note(checkpoint.text, checkpoint.origin, *signers)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """A checkpoint, and the known keys whose signatures on it hold."""

    checkpoint: Checkpoint
    signers: frozenset[VerifierKey]


def read_checkpoint(note: bytes, keys: Iterable[VerifierKey]) -> SignedHead:
    """Return the checkpoint once one of `keys` has signed it for the log of its own name.

    Raises `MalformedNoteError` or `SignatureRefusedError`.
    """
    signed = read_note(note, keys)
    checkpoint = Checkpoint.parse(signed.text)
    if checkpoint.origin not in {key.name for key in signed.signers if key.speaks_for_a_log}:
        raise SignatureRefusedError(
            "The checkpoint is not signed by the log that it speaks of, or that log's key is not "
            "known here."
        )
    return SignedHead(checkpoint=checkpoint, signers=signed.signers)


def open_checkpoint(note: bytes, *keys: VerifierKey) -> Checkpoint:
    """Return the checkpoint that one of `keys` signed; raises as `read_checkpoint` does."""
    return read_checkpoint(note, keys).checkpoint
