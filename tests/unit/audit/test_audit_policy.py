import base64
from dataclasses import dataclass

import pytest

from audit.errors import MalformedPolicyError, SignatureRefusedError
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.note import sign_note
from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.format.notes.trust_policy import Group, TrustPolicy
from audit.format.notes.verifier_key import SignatureType, Signer, VerifierKey

CHECKPOINT = Checkpoint(origin="broker.example/ledger", size=12, root=bytes(32))


def witness_key(name: str, seed: int) -> VerifierKey:
    return VerifierKey(
        name=name,
        public_key=b"\x00" * 31 + bytes([seed]),
        signature_type=SignatureType.ED25519_COSIGNATURE,
    )


W1, W2, W3 = (witness_key(f"w{number}.example", number) for number in (1, 2, 3))


def policy_of(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


def cosigned(note: bytes, witness: VerifierKey, signer: Signer) -> bytes:
    seconds = (1773662400).to_bytes(8, "big")
    signature = signer.sign(f"cosignature/v1\ntime 1773662400\n{CHECKPOINT.text}".encode())
    blob = base64.b64encode(witness.key_id + seconds + signature).decode()
    return note + f"\u2014 {witness.name} {blob}\n".encode()


def test_a_policy_of_one_log_is_read(key: VerifierKey) -> None:
    lines = ("# ours", "", f"\tlog  {key} https://broker.example/ledger ", "quorum none")

    assert TrustPolicy.parse(policy_of(*lines)) == TrustPolicy(
        logs=(key,), witnesses={}, groups={}, quorum="none"
    )


def test_a_policy_of_witnesses_and_groups_is_read(key: VerifierKey) -> None:
    lines = (
        f"log {key}",
        f"witness a {W1} https://w1.example",
        f"witness b {W2}",
        f"witness c {W3}",
        "group two 2 a b",
        "group any-of any c",
        "group both all two any-of",
        "quorum both",
    )

    assert TrustPolicy.parse(policy_of(*lines)) == TrustPolicy(
        logs=(key,),
        witnesses={"a": W1, "b": W2, "c": W3},
        groups={
            "two": Group(threshold=2, members=("a", "b")),
            "any-of": Group(threshold=1, members=("c",)),
            "both": Group(threshold=2, members=("two", "any-of")),
        },
        quorum="both",
    )


def test_names_are_octets_whatever_their_encoding(key: VerifierKey) -> None:
    policy = f"log {key}\nwitness ".encode() + b"\xff" + f" {W1}\nquorum ".encode() + b"\xff\n"

    assert TrustPolicy.parse(policy).quorum == "\udcff"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["quorum"], id="quorum of nothing"),
        pytest.param(["quorum none", "quorum none"], id="two quorums"),
        pytest.param(["quorum a"], id="quorum of a stranger"),
        pytest.param(["log"], id="log without key"),
        pytest.param([f"log {W1}"], id="a witness's key for a log"),
        pytest.param(["log x"], id="no key"),
        pytest.param(["log \udcff{key}"], id="a key's name that is not UTF-8"),
        pytest.param(["log {key}", "log {key}"], id="a log twice"),
        pytest.param(["witness a {key}"], id="a log's key for a witness"),
        pytest.param([f"witness a {W1}", f"witness b {W1}"], id="a witness twice"),
        pytest.param([f"witness a {W1}", f"witness a {W2}"], id="a name twice"),
        pytest.param([f"witness none {W1}"], id="the name none"),
        pytest.param([f"witness a {W1}", "group a any a"], id="a group named as a witness"),
        pytest.param(["group g any a"], id="member not defined"),
        pytest.param(["group g any"], id="no member"),
        pytest.param(["group g any none"], id="none as a member"),
        pytest.param([f"witness a {W1}", "group g any a a"], id="a member twice"),
        pytest.param([f"witness a {W1}", "group g 0 a"], id="threshold of nothing"),
        pytest.param([f"witness a {W1}", "group g 2 a"], id="threshold too high"),
        pytest.param([f"witness a {W1}", "group g 01 a"], id="leading zero"),
        pytest.param([f"witness a {W1}", "group g most a"], id="no threshold"),
        pytest.param(["logs {key}"], id="no such line"),
        pytest.param(["log {key} https://a.example more"], id="a word too many"),
    ],
)
def test_a_line_that_makes_no_sense_is_named(lines: list[str], key: VerifierKey) -> None:
    filled = [line.format(key=key) for line in lines]

    with pytest.raises(MalformedPolicyError, match=f"^Line {len(lines)} of the trust policy"):
        TrustPolicy.parse(policy_of(*filled))


@pytest.mark.parametrize(
    ("policy", "complaint"),
    [
        pytest.param(b"", "no quorum line", id="nothing"),
        pytest.param(b"# quorum none\n", "no quorum line", id="quorum in a comment"),
        pytest.param(b"quorum none\r\n", "control character", id="carriage return"),
        pytest.param(b"quorum none\n#\x00", "control character", id="NUL"),
        pytest.param(b"quorum none\n#" + b"x" * 999_988, "too long", id="too long"),
    ],
)
def test_a_policy_that_is_none_is_refused(policy: bytes, complaint: str) -> None:
    with pytest.raises(MalformedPolicyError, match=complaint):
        TrustPolicy.parse(policy)


def test_a_policy_may_be_a_million_bytes_long() -> None:
    policy = b"quorum none\n#" + b"x" * 999_987

    assert len(policy) == 1_000_000
    assert TrustPolicy.parse(policy).quorum == "none"


def test_a_checkpoint_of_a_known_log_opens(signer: Signer, key: VerifierKey) -> None:
    policy = TrustPolicy.parse(policy_of(f"log {key}", "quorum none"))

    assert policy.open_checkpoint(sign_checkpoint(CHECKPOINT, signer)) == CHECKPOINT


def test_a_log_does_not_speak_for_another(signer: Signer, key: VerifierKey) -> None:
    policy = TrustPolicy.parse(policy_of(f"log {key}", "quorum none"))
    text = CHECKPOINT.text.replace("broker.example", "other.example")

    with pytest.raises(SignatureRefusedError, match="not signed by the log"):
        policy.open_checkpoint(sign_note(text, key.name, signer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """A checkpoint with and without a witness, and a policy that lacks its last word."""

    policy: bytes
    notes: dict[str, bytes]


@pytest.fixture
def witnessed(signer: Signer, stranger: Signer, key: VerifierKey) -> Witnessed:
    witness = VerifierKey(
        name="w.example",
        public_key=stranger.public_key,
        signature_type=SignatureType.ED25519_COSIGNATURE,
    )
    lines = (
        f"log {key}",
        f"witness w {witness}",
        f"witness absent {W1}",
        f"witness away {W2}",
        "group any-of any w absent",
        "group all-of all any-of away",
        "quorum ",
    )
    plain = sign_checkpoint(CHECKPOINT, signer)
    notes = {"plain": plain, "cosigned": cosigned(plain, witness, stranger)}
    return Witnessed(policy="\n".join(lines).encode(), notes=notes)


@pytest.mark.parametrize(
    ("note", "quorum"),
    [
        pytest.param("cosigned", b"w", id="witnessed as asked"),
        pytest.param("cosigned", b"any-of", id="witnessed by one of two"),
        pytest.param("cosigned", b"none", id="witnessed unasked"),
        pytest.param("plain", b"none", id="not witnessed and not asked"),
    ],
)
def test_a_quorum_that_has_witnessed_suffices(
    witnessed: Witnessed, note: str, quorum: bytes
) -> None:
    policy = TrustPolicy.parse(witnessed.policy + quorum)

    assert policy.open_checkpoint(witnessed.notes[note]) == CHECKPOINT


@pytest.mark.parametrize(
    ("note", "quorum"),
    [
        pytest.param("plain", b"w", id="not witnessed"),
        pytest.param("cosigned", b"absent", id="by another"),
        pytest.param("cosigned", b"all-of", id="by one of two that must"),
    ],
)
def test_too_few_witnesses_are_refused(witnessed: Witnessed, note: str, quorum: bytes) -> None:
    policy = TrustPolicy.parse(witnessed.policy + quorum)

    with pytest.raises(SignatureRefusedError, match="Too few witnesses"):
        policy.open_checkpoint(witnessed.notes[note])
