"""Cosignatures of both kinds (C2SP tlog-cosignature): by witnesses, and by logs of ML-DSA-44."""

import base64
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from audit.errors import MalformedNoteError, MalformedPolicyError, SignatureRefusedError
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import open_checkpoint, read_checkpoint, sign_checkpoint
from audit.format.notes.trust_policy import TrustPolicy
from audit.format.notes.verifier_key import SignatureType, Signer, VerifierKey

TIME = 1_773_662_400
CHECKPOINT = Checkpoint(origin="broker.example/ledger", size=12, root=bytes(range(32)))
MESSAGE = (
    b"subtree/v1\n\x00"
    b"\x0fwitness.example"
    b"\x00\x00\x00\x00\x69\xb7\xf0\xc0"
    b"\x15broker.example/ledger"
    b"\x00\x00\x00\x00\x00\x00\x00\x00"
    b"\x00\x00\x00\x00\x00\x00\x00\x0c"
) + bytes(range(32))
"""What tlog-cosignature makes of CHECKPOINT, the name and TIME, written out by hand."""


@dataclass(frozen=True, slots=True)
class Cosigner:
    """An ML-DSA-44 key of 32 equal bytes."""

    name: str = "witness.example"
    seed: int = 7

    @property
    def key(self) -> VerifierKey:
        return VerifierKey(
            name=self.name,
            public_key=self._private.public_key().public_bytes_raw(),
            signature_type=SignatureType.ML_DSA_44_COSIGNATURE,
        )

    def line(self, message: bytes, time: int = TIME) -> bytes:
        blob = self.key.key_id + time.to_bytes(8, "big") + self._private.sign(message)
        return f"\u2014 {self.name} {base64.b64encode(blob).decode()}\n".encode()

    @property
    def _private(self) -> MLDSA44PrivateKey:
        return MLDSA44PrivateKey.from_seed_bytes(bytes([self.seed]) * 32)


WITNESS = Cosigner()
AS_THE_LOG = Cosigner(CHECKPOINT.origin)
MESSAGE_OF_THE_LOG = MESSAGE.replace(b"\x0fwitness.example", b"\x15broker.example/ledger")


def policy_of(*lines: str) -> TrustPolicy:
    return TrustPolicy.parse("".join(f"{line}\n" for line in lines).encode())


def test_the_key_of_ml_dsa_44_is_written_as_it_was_read() -> None:
    assert VerifierKey.parse(str(WITNESS.key)) == WITNESS.key
    assert len(WITNESS.key.public_key) == 1_312


def test_a_key_of_ml_dsa_44_of_another_length_is_refused() -> None:
    cut = VerifierKey(
        name="witness.example",
        public_key=WITNESS.key.public_key[:-1],
        signature_type=SignatureType.ML_DSA_44_COSIGNATURE,
    )

    with pytest.raises(MalformedNoteError, match="1,312 bytes"):
        VerifierKey.parse(str(cut))


def test_a_quorum_of_witnesses_of_both_kinds_suffices(
    signer: Signer, stranger: Signer, key: VerifierKey
) -> None:
    other = VerifierKey(
        name="w.example",
        public_key=stranger.public_key,
        signature_type=SignatureType.ED25519_COSIGNATURE,
    )
    signature = stranger.sign(f"cosignature/v1\ntime {TIME}\n{CHECKPOINT.text}".encode())
    blob = base64.b64encode(other.key_id + TIME.to_bytes(8, "big") + signature).decode()
    note = sign_checkpoint(CHECKPOINT, signer) + WITNESS.line(MESSAGE)
    policy = policy_of(
        f"log {key}",
        f"witness a {WITNESS.key}",
        f"witness b {other}",
        "group g all a b",
        "quorum g",
    )

    with pytest.raises(SignatureRefusedError, match="Too few witnesses"):
        policy.open_checkpoint(note)
    both = note + f"\u2014 w.example {blob}\n".encode()
    assert policy.open_checkpoint(both) == CHECKPOINT


def test_a_log_may_sign_with_ml_dsa_44() -> None:
    note = f"{CHECKPOINT.text}\n".encode() + AS_THE_LOG.line(MESSAGE_OF_THE_LOG)
    policy = policy_of(f"log {AS_THE_LOG.key}", "quorum none")

    assert policy.open_checkpoint(note) == CHECKPOINT


def test_a_witness_of_the_log_s_name_is_no_log(key: VerifierKey) -> None:
    note = f"{CHECKPOINT.text}\n".encode() + AS_THE_LOG.line(MESSAGE_OF_THE_LOG)

    with pytest.raises(SignatureRefusedError, match="not signed by the log"):
        read_checkpoint(note, [key], [AS_THE_LOG.key])


@pytest.mark.parametrize(
    ("message", "time"),
    [
        pytest.param(MESSAGE.replace(b"subtree/v1", b"subtree/v2"), TIME, id="another label"),
        pytest.param(MESSAGE.replace(b"witness", b"wotness"), TIME, id="another name"),
        pytest.param(MESSAGE, TIME + 1, id="another time"),
        pytest.param(MESSAGE.replace(b"\x0c\x00", b"\x0d\x00", 1), TIME, id="another size"),
        pytest.param(MESSAGE[:-1] + b"\x00", TIME, id="another root"),
        pytest.param(MESSAGE.replace(b"broker", b"breker"), TIME, id="another log"),
        pytest.param(MESSAGE.replace(b"\x69\xb7\xf0\xc0", bytes(4)), TIME, id="signed no time"),
    ],
)
def test_a_cosignature_of_anything_else_is_refused(
    signer: Signer, key: VerifierKey, message: bytes, time: int
) -> None:
    note = sign_checkpoint(CHECKPOINT, signer) + WITNESS.line(message, time)

    with pytest.raises(SignatureRefusedError, match=r"witness\.example does not hold"):
        read_checkpoint(note, [key], [WITNESS.key])


def test_a_time_beyond_what_posix_seconds_can_be_is_refused(
    signer: Signer, key: VerifierKey
) -> None:
    beyond = 2**63
    message = MESSAGE.replace(b"\x00\x00\x00\x00\x69\xb7\xf0\xc0", beyond.to_bytes(8, "big"))
    note = sign_checkpoint(CHECKPOINT, signer) + WITNESS.line(message, beyond)

    with pytest.raises(SignatureRefusedError, match=r"witness\.example does not hold"):
        read_checkpoint(note, [key], [WITNESS.key])


@pytest.mark.parametrize("blob", [b"", bytes(7), bytes(8), bytes(8 + 64)])
def test_a_cosignature_cut_short_is_refused(blob: bytes) -> None:
    with pytest.raises(SignatureRefusedError):
        WITNESS.key.verify(CHECKPOINT.text, blob)


def test_what_is_no_checkpoint_is_not_cosigned() -> None:
    with pytest.raises(SignatureRefusedError):
        WITNESS.key.verify("no checkpoint\n", bytes(8 + 2_420))


def test_a_name_too_long_to_be_cosigned_vouches_for_nothing() -> None:
    long = Cosigner("w" * 256)

    with pytest.raises(SignatureRefusedError):
        long.key.verify(CHECKPOINT.text, bytes(8 + 2_420))


def test_one_key_stands_once_whatever_its_name(key: VerifierKey, signer: Signer) -> None:
    again = VerifierKey.of("broker.example/ledger/2", signer)
    witness_again = Cosigner("other.example", WITNESS.seed)

    with pytest.raises(MalformedPolicyError, match=r"^Line 2 .* same public key"):
        policy_of(f"log {key}", f"log {again}", "quorum none")
    with pytest.raises(MalformedPolicyError, match=r"^Line 2 .* same public key"):
        policy_of(f"witness a {WITNESS.key}", f"witness b {witness_again.key}", "quorum none")


def test_a_policy_of_32_logs_and_32_witnesses_of_ml_dsa_44_is_read() -> None:
    logs = [f"log {Cosigner(f'log-{n}.example', n).key}" for n in range(32)]
    witnesses = [f"witness w{n} {Cosigner(f'w-{n}.example', n).key}" for n in range(32, 64)]

    policy = policy_of(*logs, *witnesses, "quorum none")

    assert (len(policy.logs), len(policy.witnesses)) == (32, 32)


def test_a_key_alone_on_a_line_is_told_what_is_missing(key: VerifierKey) -> None:
    with pytest.raises(MalformedPolicyError, match=r"a verifier key alone\. Write before it"):
        policy_of(str(key))
    with pytest.raises(MalformedPolicyError, match="add the line: quorum none"):
        policy_of(f"log {key}")


def test_a_cosignature_does_not_open_a_checkpoint_by_itself() -> None:
    note = f"{CHECKPOINT.text}\n".encode() + WITNESS.line(MESSAGE)

    with pytest.raises(SignatureRefusedError, match="not signed by the log"):
        open_checkpoint(note, WITNESS.key)
