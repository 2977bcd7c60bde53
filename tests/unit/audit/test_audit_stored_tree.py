"""Proofs from stored tiles are those from all leaves, and read a few hundred rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from ledgers import LeafTree, Log, a_log

from audit.errors import BrokenLedgerError, Rule
from audit.format.merkle.proofs import (
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from audit.format.merkle.tiles import hash_tiles, tile_root
from audit.format.notes.checkpoint import Checkpoint
from audit.log.stored_tree import TiledTree

SIZES = [0, 1, 2, 255, 256, 257, 511, 512, 513]
LONG = a_log(1_100)


@dataclass(slots=True)
class UniformLog:
    """A log of any length, whose leaf hashes are all the same; it counts what is read of it.

    `asked` are the numbers of the tiles of leaves that were asked for.
    """

    read: int = field(default=0)
    asked: list[int] = field(default_factory=list[int])

    def leaves(self, start: int, stop: int, /) -> Iterator[bytes]:
        self.asked.append(start // 256)
        return self._rows(bytes(32), stop - start)

    def tiles(self, level: int, start: int, stop: int, /) -> Iterator[bytes]:
        if level == 0:
            self.asked += range(start, stop)
        content = bytes(32) * 256
        for _ in range(level):
            content = tile_root(content) * 256
        return self._rows(content, stop - start)

    def _rows(self, row: bytes, count: int) -> Iterator[bytes]:
        self.read += count
        return iter([row] * count)


def leaf_tree(size: int) -> LeafTree:
    return LeafTree([entry.leaf for entry in LONG.entries[:size]])


@pytest.mark.parametrize("size", SIZES)
def test_the_root_from_tiles_is_that_of_the_leaves(size: int) -> None:
    whole = range(size)

    assert TiledTree(log=LONG, size=size).root(whole) == leaf_tree(size).root(whole)


@pytest.mark.parametrize("size", SIZES[1:])
def test_a_proof_of_inclusion_from_tiles_is_that_from_the_leaves(size: int) -> None:
    tree, leaves = TiledTree(log=LONG, size=size), leaf_tree(size)

    for index in {0, 1, 254, 255, 256, 257, size - 1} & {*range(size)}:
        assert inclusion_proof(tree, index) == inclusion_proof(leaves, index)


@pytest.mark.parametrize("size", SIZES[1:])
def test_a_proof_with_the_right_edge_at_hand_is_the_same_and_reads_less(size: int) -> None:
    leaves, edge = leaf_tree(size), TiledTree(log=LONG, size=size).edge()

    for index in {0, 1, 254, 255, 256, 257, size - 1} & {*range(size)}:
        tree = TiledTree(log=LONG, size=size, at_hand=edge)
        assert inclusion_proof(tree, index) == inclusion_proof(leaves, index)

    log, last = UniformLog(), 2**24
    at_hand = TiledTree(log=UniformLog(), size=last + 1).edge()
    inclusion_proof(TiledTree(log=log, size=last + 1, at_hand=at_hand), last)
    assert log.read == 0


@pytest.mark.parametrize("size", SIZES)
def test_a_proof_of_growth_from_tiles_is_that_from_the_leaves(size: int) -> None:
    tree, leaves = TiledTree(log=LONG, size=size), leaf_tree(size)

    for old in {*SIZES, 3, 254} & {*range(size + 1)}:
        assert consistency_proof(tree, old) == consistency_proof(leaves, old)


@pytest.mark.parametrize("size", [1_000_000, 2**24, 2**24 + 2**16 + 1, 2**40 + 12_345])
def test_a_proof_reads_a_few_rows_of_a_long_log(size: int) -> None:
    root = TiledTree(log=UniformLog(), size=size).root(range(size))
    head = Checkpoint(origin="uniform.example", size=size, root=root)

    for index in (0, size // 3, size - 256, size - 1):
        log = UniformLog()
        path = inclusion_proof(TiledTree(log=log, size=size), index)
        verify_inclusion(bytes(32), index, path, head)
        assert log.read <= 256 * 6


@pytest.mark.parametrize("index", [900_000, 999_900, 999_999])
def test_a_proof_asks_for_each_tile_of_leaves_once(index: int) -> None:
    log = UniformLog()

    inclusion_proof(TiledTree(log=log, size=1_000_000), index)

    assert log.asked.count(index // 256) == 1
    assert len(log.asked) == len(set(log.asked))


def test_a_proof_of_growth_reads_a_few_rows_of_a_long_log() -> None:
    log = UniformLog()
    old, new = (
        Checkpoint(
            origin="uniform.example",
            size=size,
            root=TiledTree(log=UniformLog(), size=size).root(range(size)),
        )
        for size in (654_321, 1_000_000)
    )

    path = consistency_proof(TiledTree(log=log, size=new.size), old.size)

    verify_consistency(old, new, path)
    assert log.read <= 256 * 6


@pytest.mark.parametrize("size", [1, 256, 600, 1_100])
def test_what_a_tile_holds_is_read_whole_or_in_part(size: int) -> None:
    tree = TiledTree(log=LONG, size=size)

    for one in hash_tiles([entry.leaf for entry in LONG.entries[:size]]):
        start, stop = one.tile.start, one.tile.stop
        assert b"".join(tree.hashes(one.level, start, stop)) == one.content
        assert tree.hashes(one.level, stop - 1, stop) == [one.content[-32:]]


@dataclass(slots=True)
class UntiledLog(Log):
    def tiles(self, level: int, start: int, stop: int, /) -> Iterator[bytes]:
        del level, start, stop
        return iter(())


@pytest.mark.parametrize(
    ("log", "size"),
    [
        pytest.param(UntiledLog(LONG.entries), 300, id="a tile"),
        pytest.param(LONG.first(299), 300, id="an entry"),
    ],
)
def test_a_row_that_is_missing_stops_it(log: Log, size: int) -> None:
    with pytest.raises(BrokenLedgerError, match="broker ledger verify") as caught:
        TiledTree(log=log, size=size).root(range(size))

    assert caught.value.rule == Rule.TILE
