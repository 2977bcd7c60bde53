"""Every bit of a proof counts, at the sizes where trees and tiles change their shape."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from ledgers import LeafTree, SeedSigner, a_log, checkpoint_of

from audit.errors import LedgerError, ProofRefusedError
from audit.format.merkle.proofs import (
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from audit.format.merkle.tree import leaf_hash
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.format.notes.trust_policy import NO_QUORUM, TrustPolicy
from audit.format.notes.verifier_key import VerifierKey
from audit.format.receipt import Receipt, verify_receipt
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.serving.receipts import issue_receipt

SIZES = [
    1,
    2,
    255,
    256,
    257,
    *(pytest.param(size, marks=pytest.mark.long) for size in (65_535, 65_536, 65_537)),
]


@cache
def tree_of(size: int) -> LeafTree:
    return LeafTree([leaf_hash(number.to_bytes(4, "big")) for number in range(size)])


def head_of(size: int) -> Checkpoint:
    return Checkpoint(origin="o.example", size=size, root=tree_of(size).root(range(size)))


def flips(content: bytes) -> Iterator[bytes]:
    for bit in range(len(content) * 8):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        yield bytes(flipped)


def damaged(path: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    for place, step in enumerate(path):
        for flipped in flips(step):
            yield (*path[:place], flipped, *path[place + 1 :])


@pytest.mark.parametrize("size", SIZES)
def test_no_bit_of_a_proof_of_inclusion_can_change(size: int) -> None:
    head = head_of(size)
    for index in {0, size // 2, size - 1}:
        leaf, path = tree_of(size).leaves[index], inclusion_proof(tree_of(size), index)
        verify_inclusion(leaf, index, path, head)
        for changed in damaged(path):
            with pytest.raises(ProofRefusedError):
                verify_inclusion(leaf, index, changed, head)
        for other in flips(leaf):
            with pytest.raises(ProofRefusedError):
                verify_inclusion(other, index, path, head)
        for root in flips(head.root):
            with pytest.raises(ProofRefusedError):
                verify_inclusion(leaf, index, path, replace(head, root=root))
        for bit in range(64):
            with pytest.raises(ProofRefusedError):
                verify_inclusion(leaf, index ^ 1 << bit, path, head)


@pytest.mark.parametrize("size", SIZES)
def test_no_bit_of_a_proof_of_growth_can_change(size: int) -> None:
    new = head_of(size)
    for old_size in {1, size // 2, size - 1, size} - {0}:
        old, path = head_of(old_size), consistency_proof(tree_of(size), old_size)
        verify_consistency(old, new, path)
        for changed in damaged(path):
            with pytest.raises(ProofRefusedError):
                verify_consistency(old, new, changed)
        for root in flips(old.root):
            with pytest.raises(ProofRefusedError):
                verify_consistency(replace(old, root=root), new, path)
        for root in flips(new.root):
            with pytest.raises(ProofRefusedError):
                verify_consistency(old, replace(new, root=root), path)


def test_nothing_is_in_an_empty_log_and_every_log_grows_out_of_it() -> None:
    empty = head_of(0)

    with pytest.raises(ProofRefusedError):
        inclusion_proof(tree_of(0), 0)
    with pytest.raises(ProofRefusedError):
        verify_inclusion(bytes(32), 0, (), empty)
    verify_consistency(empty, head_of(257), ())
    for root in flips(empty.root):
        with pytest.raises(ProofRefusedError):
            verify_consistency(replace(empty, root=root), head_of(257), ())
    with pytest.raises(ProofRefusedError):
        verify_consistency(empty, head_of(257), (bytes(32),))


@pytest.mark.parametrize("size", SIZES)
def test_no_bit_of_a_receipt_can_change(size: int) -> None:
    log, key = a_log(size), VerifierKey.of("broker.example/ledger", SeedSigner(1))
    policy = TrustPolicy(logs=(key,), witnesses={}, groups={}, quorum=NO_QUORUM)
    head = checkpoint_of(log.entries)
    kept = KeptCheckpoint(checkpoint=head, note=sign_checkpoint(head, SeedSigner(1)))
    text = issue_receipt(log, size - 1, kept).to_bytes()

    verify_receipt(Receipt.parse(text), policy)
    for changed in flips(text):
        with pytest.raises(LedgerError):
            verify_receipt(Receipt.parse(changed), policy)
