r"""Checkpoints as notes: signed, and believed by their signatures (https://c2sp.org/tlog-checkpoint).

>>> from audit.format.notes.verifier_key import VerifierKey
>>> log = VerifierKey.parse(
...     "broker.example/ledger+94ac1f60+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
... )
>>> note = (
...     "broker.example/ledger\n3\nR96o38S46IqP7Afp3tGvdJMjIRTH2Hb+wN1OeUJ0R3Y=\n\n"
...     "\u2014 broker.example/ledger lKwfYD6eAhRxpc1g+ebMkkHqPOEKcfavsB/3mKWCS+GkZZ/1hiSMESBB+"
...     "tEapTi0p5b4zzMGlrKJeDybQETD+6GtGgE=\n"
... )
>>> open_checkpoint(note.encode(), log).size
3
"""

from collections.abc import Iterable
from dataclasses import dataclass

from audit.errors import SignatureRefusedError
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.note import read_note, sign_note
from audit.format.notes.verifier_key import Signer, VerifierKey


def sign_checkpoint(checkpoint: Checkpoint, *signers: Signer) -> bytes:
    """Return the note that each of `signers` signed.

    Ed25519 is deterministic, so the same checkpoint gives the same bytes.
    """
    return sign_note(checkpoint.text, checkpoint.origin, *signers)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCheckpoint:
    """A checkpoint, and the known keys whose signatures on it hold.

    `logs` are keys of the log that it speaks of, `witnesses` those of witnesses.
    """

    checkpoint: Checkpoint
    logs: frozenset[VerifierKey]
    witnesses: frozenset[VerifierKey] = frozenset()


def read_checkpoint(
    note: bytes, logs: Iterable[VerifierKey], witnesses: Iterable[VerifierKey] = ()
) -> SignedCheckpoint:
    """Return the checkpoint once one of `logs` has signed it for the log of its own name.

    Raises `MalformedNoteError` or `SignatureRefusedError`.
    """
    of_logs, of_witnesses = frozenset(logs), frozenset(witnesses)
    signed = read_note(note, of_logs | of_witnesses)
    checkpoint = Checkpoint.parse(signed.text)
    own = {
        key for key in signed.signers & of_logs if key.fits_a_log and key.name == checkpoint.origin
    }
    if not own:
        raise SignatureRefusedError(
            "The checkpoint is not signed by the log that it speaks of, or that log's key is not "
            "known here."
        )
    return SignedCheckpoint(
        checkpoint=checkpoint, logs=frozenset(own), witnesses=signed.signers & of_witnesses
    )


def open_checkpoint(note: bytes, *logs: VerifierKey) -> Checkpoint:
    """Return the checkpoint that one of `logs` signed; raises as `read_checkpoint` does."""
    return read_checkpoint(note, logs).checkpoint
