import base64
from collections.abc import Callable
from dataclasses import replace

import pytest
from ledgers import LeafTree, Log, a_log, checkpoint_of

from audit.errors import (
    BrokenLedgerError,
    MalformedReceiptError,
    ProofRefusedError,
    Rule,
    SignatureRefusedError,
)
from audit.format.entry import Entry
from audit.format.merkle.proofs import inclusion_proof
from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.format.notes.trust_policy import TrustPolicy
from audit.format.notes.verifier_key import Signer, VerifierKey
from audit.format.receipt import ProvenEntry, Receipt, verify_receipt
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.serving.receipts import issue_receipt

SIZE = 7


@pytest.fixture
def log() -> Log:
    return a_log(SIZE)


@pytest.fixture
def kept(log: Log, signer: Signer) -> KeptCheckpoint:
    checkpoint = checkpoint_of(log.entries)
    return KeptCheckpoint(checkpoint=checkpoint, note=sign_checkpoint(checkpoint, signer))


@pytest.fixture
def receipt(log: Log, kept: KeptCheckpoint) -> Receipt:
    return issue_receipt(log, 5, kept)


@pytest.fixture
def policy(key: VerifierKey) -> TrustPolicy:
    return TrustPolicy.parse(f"log {key}\nquorum none\n".encode())


def test_a_receipt_is_a_tlog_proof(receipt: Receipt, log: Log, kept: KeptCheckpoint) -> None:
    path = inclusion_proof(LeafTree([entry.leaf for entry in log.entries]), 5)
    lines = [
        "c2sp.org/tlog-proof@v1",
        "extra " + base64.b64encode(log.entries[5].raw).decode(),
        "index 5",
        *(base64.b64encode(step).decode() for step in path),
        "",
        kept.note.decode(),
    ]

    assert receipt.to_bytes() == "\n".join(lines).encode()
    assert Receipt.parse(receipt.to_bytes()) == receipt


@pytest.mark.parametrize("index", range(SIZE))
def test_every_signed_entry_can_be_proved(
    log: Log, kept: KeptCheckpoint, policy: TrustPolicy, index: int
) -> None:
    proven = verify_receipt(issue_receipt(log, index, kept), policy)

    assert proven == ProvenEntry(entry=log.entries[index], checkpoint=kept.checkpoint)


@pytest.mark.parametrize("index", [-1, SIZE], ids=["before the first", "not signed yet"])
def test_an_entry_that_is_not_signed_yet_is_not_proved(
    log: Log, kept: KeptCheckpoint, index: int
) -> None:
    with pytest.raises(ProofRefusedError, match="counts 7 entries"):
        issue_receipt(log, index, kept)


def replaced(entries: list[Entry]) -> list[Entry]:
    return [*entries[:5], entries[4], entries[6]]


def cut(entries: list[Entry]) -> list[Entry]:
    return entries[:5]


def another_replaced(entries: list[Entry]) -> list[Entry]:
    return [entries[1], *entries[1:]]


@pytest.mark.parametrize("change", [replaced, cut, another_replaced])
def test_a_broken_log_hands_out_no_receipt(
    log: Log,
    kept: KeptCheckpoint,
    change: Callable[[list[Entry]], list[Entry]],
) -> None:
    with pytest.raises(BrokenLedgerError, match="broker ledger verify") as caught:
        issue_receipt(Log(change(log.entries)), 5, kept)

    assert caught.value.rule == Rule.CHECKPOINT


def test_a_receipt_under_an_unknown_key_is_refused(receipt: Receipt, stranger: Signer) -> None:
    key = VerifierKey.of("broker.example/ledger", stranger)
    policy = TrustPolicy.parse(f"log {key}\nquorum none\n".encode())

    with pytest.raises(SignatureRefusedError):
        verify_receipt(receipt, policy)


def test_a_receipt_for_another_entry_is_refused(
    receipt: Receipt, log: Log, policy: TrustPolicy
) -> None:
    with pytest.raises(ProofRefusedError, match="does not lead to the root"):
        verify_receipt(replace(receipt, raw=log.entries[4].raw), policy)


def test_an_entry_in_another_place_than_it_says_is_refused(
    log: Log, signer: Signer, policy: TrustPolicy
) -> None:
    moved = Log([log.entries[1], log.entries[0]])
    checkpoint = checkpoint_of(moved.entries)
    path = inclusion_proof(LeafTree(list(moved.leaves(0, 2))), 0)
    note = sign_checkpoint(checkpoint, signer)
    receipt = Receipt(raw=log.entries[1].raw, index=0, path=path, note=note)

    with pytest.raises(ProofRefusedError, match="in another place"):
        verify_receipt(receipt, policy)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"tlog-proof@v1", b"tlog-proof@v2", id="another version"),
        pytest.param(b"index 5", b"index 05", id="leading zero"),
        pytest.param(b"index 5", b"index +5", id="plus"),
        pytest.param(b"index 5", b"index -5", id="minus"),
        pytest.param(b"index 5\n", b"", id="no index"),
        pytest.param(b"\nextra ", b"\nextras ", id="another word"),
        pytest.param(b"\nextra ", b"\nextra  ", id="two spaces"),
        pytest.param(b"\nextra eyJ", b"\nextra eyJ=", id="padding within"),
        pytest.param(b"\nextra eyJ", b"\nextra e", id="base64 cut by two"),
        pytest.param(b"\nextra eyJ", b"\nextra ey", id="base64 cut by one"),
        pytest.param(b"\n", b"\r\n", id="carriage returns"),
        pytest.param(b"=\n\n", b"=\n", id="no empty line"),
        pytest.param(b"index 5\n", b"index 5\nAAAA\n", id="short step"),
        pytest.param(b"index 5\n", b"index 5\n" + b"A" * 42 + b"B=\n", id="spare bits"),
    ],
)
def test_a_receipt_in_another_spelling_is_refused(
    receipt: Receipt, old: bytes, new: bytes
) -> None:
    text = receipt.to_bytes()
    assert old in text

    with pytest.raises(MalformedReceiptError):
        Receipt.parse(text.replace(old, new))


def test_a_receipt_without_its_entry_is_refused(receipt: Receipt) -> None:
    lines = receipt.to_bytes().split(b"\n")

    with pytest.raises(MalformedReceiptError, match="does not hold the entry"):
        Receipt.parse(b"\n".join([lines[0], *lines[2:]]))


def test_a_receipt_ends_at_200000_bytes(receipt: Receipt) -> None:
    text = receipt.to_bytes()
    filled = text + b"x" * (200_000 - len(text))

    assert Receipt.parse(filled).to_bytes() == filled
    with pytest.raises(MalformedReceiptError):
        Receipt.parse(filled + b"x")
