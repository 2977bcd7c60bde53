from itertools import pairwise

import pytest
from ledgers import RFC_6962_ENTRIES as ENTRIES
from ledgers import LeafTree

from audit.errors import ProofRefusedError
from audit.format.merkle.proofs import (
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from audit.format.merkle.tree import Frontier, leaf_hash
from audit.format.notes.checkpoint import Checkpoint

LEAVES = [leaf_hash(entry) for entry in ENTRIES]
SIZES = range(34)
MANY = [leaf_hash(bytes([number])) for number in SIZES]
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"


def head(size: int) -> Checkpoint:
    root = Frontier().extend(MANY[:size]).root()
    return Checkpoint(origin="broker.example/ledger", size=size, root=root)


def hexes(path: tuple[bytes, ...]) -> list[str]:
    return [step.hex() for step in path]


def test_the_path_of_inclusion_is_the_published_one() -> None:
    assert hexes(inclusion_proof(LeafTree(LEAVES), 0)) == [A, B, C]
    assert inclusion_proof(LeafTree(LEAVES[:1]), 0) == ()


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        pytest.param(1, 1, [], id="same size"),
        pytest.param(0, 5, [], id="from nothing"),
        pytest.param(1, 8, [A, B, C], id="from one"),
        pytest.param(
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
            id="from six to eight",
        ),
        pytest.param(
            2,
            5,
            [B, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
            id="from two to five",
        ),
    ],
)
def test_the_path_of_growth_is_the_published_one(old: int, new: int, path: list[str]) -> None:
    assert hexes(consistency_proof(LeafTree(LEAVES[:new]), old)) == path


@pytest.mark.parametrize("size", SIZES[1:], ids=lambda size: f"size {size}")
def test_every_entry_of_every_log_is_proved(size: int) -> None:
    for index in range(size):
        verify_inclusion(
            MANY[index], index, inclusion_proof(LeafTree(MANY[:size]), index), head(size)
        )


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"size {size}")
def test_every_log_is_proved_to_grow_out_of_every_shorter_one(size: int) -> None:
    for old in range(size + 1):
        verify_consistency(head(old), head(size), consistency_proof(LeafTree(MANY[:size]), old))


@pytest.mark.parametrize("index", [-1, 8], ids=["before", "after"])
def test_there_is_no_proof_of_an_entry_that_is_not_there(index: int) -> None:
    with pytest.raises(ProofRefusedError, match="no entry of that number"):
        inclusion_proof(LeafTree(LEAVES), index)


@pytest.mark.parametrize("size", [-1, 9], ids=["below nothing", "too long"])
def test_there_is_no_proof_of_growth_from_a_longer_log(size: int) -> None:
    with pytest.raises(ProofRefusedError, match="not that long"):
        consistency_proof(LeafTree(LEAVES), size)


def damaged(path: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """The path with each step changed, cut, dropped or doubled, and with neighbours swapped."""
    versions: list[tuple[bytes, ...]] = [(*path, bytes(32)), (bytes(32), *path)]
    for place, step in enumerate(path):
        before, after = path[:place], path[place + 1 :]
        flipped = bytes([step[0] ^ 1]) + step[1:]
        versions += [(*before, other, *after) for other in (flipped, step[:-1], step + b"\x00")]
        versions += [(*before, *after), (*before, step, step, *after)]
    for place, (one, two) in enumerate(pairwise(path)):
        versions.append((*path[:place], two, one, *path[place + 2 :]))
    return versions


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 9, 32, 33])
def test_a_damaged_proof_of_inclusion_is_refused(size: int) -> None:
    for index in range(size):
        for path in damaged(inclusion_proof(LeafTree(MANY[:size]), index)):
            with pytest.raises(ProofRefusedError):
                verify_inclusion(MANY[index], index, path, head(size))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 9, 32, 33])
def test_a_damaged_proof_of_growth_is_refused(size: int) -> None:
    for old in range(size + 1):
        for path in damaged(consistency_proof(LeafTree(MANY[:size]), old)):
            with pytest.raises(ProofRefusedError):
                verify_consistency(head(old), head(size), path)


@pytest.mark.parametrize("size", [2, 3, 5, 8, 9, 33])
def test_a_proof_holds_for_its_own_entry_and_place_only(size: int) -> None:
    for index in range(size):
        path = inclusion_proof(LeafTree(MANY[:size]), index)
        for other in {*range(-1, size + 1)} - {index}:
            with pytest.raises(ProofRefusedError):
                verify_inclusion(MANY[index], other, path, head(size))
        with pytest.raises(ProofRefusedError):
            verify_inclusion(bytes(32), index, path, head(size))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(head(5), head(4), id="shrunk"),
        pytest.param(
            Checkpoint(origin="o.example", size=3, root=head(3).root), head(5), id="other"
        ),
        pytest.param(
            Checkpoint(origin=head(5).origin, size=5, root=bytes(32)), head(5), id="fork"
        ),
        pytest.param(
            Checkpoint(origin=head(5).origin, size=0, root=bytes(32)), head(5), id="no root"
        ),
        pytest.param(
            Checkpoint(origin=head(5).origin, size=3, root=bytes(32)), head(5), id="other root"
        ),
    ],
)
def test_what_did_not_grow_out_of_the_old_head_is_refused(
    old: Checkpoint, new: Checkpoint
) -> None:
    path = consistency_proof(LeafTree(MANY[: new.size]), min(old.size, new.size))

    with pytest.raises(ProofRefusedError):
        verify_consistency(old, new, path)


def test_no_proof_at_all_is_refused() -> None:
    with pytest.raises(ProofRefusedError):
        verify_consistency(head(3), head(5), ())
