import base64

import pytest

from audit.errors import MalformedNoteError, SignatureRefusedError
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.note import sign_note
from audit.format.notes.signed_checkpoint import (
    SignedCheckpoint,
    open_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from audit.format.notes.verifier_key import SignatureType, Signer, VerifierKey

CHECKPOINT = Checkpoint(origin="broker.example/ledger", size=12, root=bytes(range(32)))
TEXT = "broker.example/ledger\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


def test_a_checkpoint_is_three_lines() -> None:
    assert CHECKPOINT.text == TEXT
    assert Checkpoint.parse(TEXT) == CHECKPOINT


def test_a_signed_checkpoint_opens(signer: Signer, key: VerifierKey) -> None:
    assert open_checkpoint(sign_checkpoint(CHECKPOINT, signer), key) == CHECKPOINT


def test_the_same_head_is_signed_with_the_same_bytes(signer: Signer) -> None:
    assert sign_checkpoint(CHECKPOINT, signer) == sign_checkpoint(CHECKPOINT, signer)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT[:-1], id="no final line feed"),
        pytest.param(TEXT + "more\n", id="an extension"),
        pytest.param(TEXT + "\n", id="an empty line"),
        pytest.param(TEXT.replace("12", "012"), id="leading zero"),
        pytest.param(TEXT.replace("12", "+12"), id="plus"),
        pytest.param(TEXT.replace("12", "-12"), id="minus"),
        pytest.param(TEXT.replace("12", "1_2"), id="underscore"),
        pytest.param(TEXT.replace("12", "\u0661\u0662"), id="other digits"),
        pytest.param(TEXT.replace("12", " 12"), id="space"),
        pytest.param(TEXT.replace("12", "1" * 20), id="too large"),
        pytest.param(TEXT.replace("broker.example/ledger", ""), id="no origin"),
        pytest.param(TEXT.replace("broker", "bro ker"), id="origin with space"),
        pytest.param(TEXT.replace("broker", "bro\u00a0ker"), id="origin with hard space"),
        pytest.param(TEXT.replace("Hh8=", "Hh8"), id="no padding"),
        pytest.param(TEXT.replace("Hh8=", "Hh9="), id="spare bits"),
        pytest.param(TEXT.replace("AAEC", ""), id="root cut short"),
        pytest.param(TEXT.replace("\n", "\r\n"), id="carriage returns"),
    ],
)
def test_a_checkpoint_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(MalformedNoteError):
        Checkpoint.parse(text)


def test_a_checkpoint_by_another_key_is_refused(stranger: Signer, key: VerifierKey) -> None:
    with pytest.raises(SignatureRefusedError, match="No key that is trusted"):
        open_checkpoint(sign_checkpoint(CHECKPOINT, stranger), key)


def test_a_key_does_not_speak_for_another_log(signer: Signer, key: VerifierKey) -> None:
    text = TEXT.replace("broker.example/ledger", "other.example/ledger")

    with pytest.raises(SignatureRefusedError, match="not signed by the log"):
        open_checkpoint(sign_note(text, key.name, signer), key)


def test_a_witness_does_not_speak_for_the_log(stranger: Signer) -> None:
    witness = VerifierKey(
        name=CHECKPOINT.origin,
        public_key=stranger.public_key,
        signature_type=SignatureType.ED25519_COSIGNATURE,
    )
    signature = stranger.sign(f"cosignature/v1\ntime 0\n{TEXT}".encode())
    blob = base64.b64encode(witness.key_id + bytes(8) + signature).decode()

    with pytest.raises(SignatureRefusedError, match="not signed by the log"):
        open_checkpoint(f"{TEXT}\n\u2014 {witness.name} {blob}\n".encode(), witness)


def test_any_of_several_keys_may_have_signed(
    signer: Signer, stranger: Signer, key: VerifierKey
) -> None:
    other = VerifierKey.of(key.name, stranger)

    assert read_checkpoint(sign_checkpoint(CHECKPOINT, signer), [other, key]) == SignedCheckpoint(
        checkpoint=CHECKPOINT, logs=frozenset({key})
    )
