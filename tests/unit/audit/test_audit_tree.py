import re

import pytest
from ledgers import RFC_6962_ENTRIES as ENTRIES

from audit.errors import BrokenLedgerError
from audit.format.merkle.tree import EMPTY_ROOT, Frontier, leaf_hash

ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize(("size", "root"), ROOTS.items(), ids=[f"size {size}" for size in ROOTS])
def test_the_roots_are_the_known_answers_of_rfc_6962(size: int, root: str) -> None:
    frontier = Frontier().extend(leaf_hash(entry) for entry in ENTRIES[:size])

    assert frontier.root().hex() == root


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT


def test_growing_leaf_by_leaf_is_growing_at_once() -> None:
    leaves = [leaf_hash(entry) for entry in ENTRIES]
    grown = Frontier()

    for leaf in leaves:
        grown = grown.append(leaf)

    assert grown == Frontier().extend(leaves)


def test_a_frontier_survives_being_written_and_read() -> None:
    frontier = Frontier().extend(leaf_hash(entry) for entry in ENTRIES[:7])

    assert Frontier.parse(7, frontier.to_bytes()) == frontier


@pytest.mark.parametrize(
    ("size", "joined"),
    [
        pytest.param(-1, b"", id="negative size"),
        pytest.param(3, bytes(32), id="a hash too few"),
        pytest.param(4, bytes(64), id="a hash too many"),
        pytest.param(1, bytes(31), id="half a hash"),
    ],
)
def test_a_frontier_of_another_size_is_refused(size: int, joined: bytes) -> None:
    with pytest.raises(BrokenLedgerError, match=re.escape("frontier does not belong")) as caught:
        Frontier.parse(size, joined)

    assert (caught.value.first_bad, caught.value.rule) == (None, "head")
