r"""Signed notes: text with signatures below it (https://c2sp.org/signed-note).

>>> from audit.format.notes.verifier_key import VerifierKey
>>> key = VerifierKey.parse(
...     "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
... )
>>> note = (
...     "This is an example message.\n\n"
...     "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Z"
...     "tg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
... )
>>> open_note(note.encode(), [key])
'This is an example message.\n'
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from audit.errors import MalformedNoteError, SignatureRefusedError
from audit.format.notes.verifier_key import KEY_ID_BYTES, Signer, VerifierKey, decoded

MAX_NOTE_BYTES: Final = 1_000_000
MAX_SIGNATURES: Final = 100

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIGNATURE_LINE = re.compile(r"\u2014 ([^+\s]+) ([A-Za-z0-9+/]+={0,2})")


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
        key = known.get((name, blob[:KEY_ID_BYTES]))
        if key is None:
            continue
        if key in signers:
            raise SignatureRefusedError(f"The note is signed twice by {name}. Do not trust it.")
        key.verify(text, blob[KEY_ID_BYTES:])
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
    blob = decoded(match[2])
    if len(blob) <= KEY_ID_BYTES:
        raise MalformedNoteError("A signature line holds no signature.")
    return match[1], blob


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise MalformedNoteError(
            "The text of a note ends in a line feed and has no other control character."
        )
