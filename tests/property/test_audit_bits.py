"""What is signed or linked is found changed at each of its bits."""

import pytest
from ledgers import ORIGIN, SeedSigner, a_log, checkpoint_of

from audit.errors import BrokenLedgerError, MalformedNoteError, SignatureRefusedError
from audit.format.notes.note import open_note, sign_note
from audit.format.notes.verifier_key import VerifierKey
from audit.verify.batch_verifier import verify_entries

SIGNER = SeedSigner(1)
KEY = VerifierKey.of(ORIGIN, SIGNER)
NOTE = sign_note(f"{ORIGIN}\n0\n", KEY.name, SIGNER)
LOG = a_log(12).entries
RAWS = [entry.raw for entry in LOG]
PLACE = 5


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def check(note: bytes) -> None:
    with pytest.raises((MalformedNoteError, SignatureRefusedError)):
        open_note(note, [KEY])


def test_every_bit_of_a_signed_note_counts() -> None:
    for bit in range(len(NOTE) * 8):
        check(flipped(NOTE, bit))


def test_every_bit_of_an_entry_counts() -> None:
    checkpoints = [checkpoint_of(LOG)]

    for bit in range(len(RAWS[PLACE]) * 8):
        attacked = [*RAWS[:PLACE], flipped(RAWS[PLACE], bit), *RAWS[PLACE + 1 :]]

        with pytest.raises(BrokenLedgerError) as caught:
            verify_entries(attacked, checkpoints)

        assert caught.value.first_bad == PLACE
