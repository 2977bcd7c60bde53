"""Proofs that an entry is in a log, and that a log grew out of itself (RFC 9162 section 2.1).

>>> from audit.format.merkle.tree import leaf_hash
>>> first, second = leaf_hash(b"first"), leaf_hash(b"second")
>>> head = Checkpoint(origin="log.example", size=2, root=node_hash(first, second))
>>> verify_inclusion(first, 0, [second], head)
>>> verify_consistency(Checkpoint(origin="log.example", size=1, root=first), head, [second])
"""

from collections.abc import Iterator, Sequence
from typing import Never, Protocol

from audit.errors import ProofRefusedError
from audit.format.merkle.tree import EMPTY_ROOT, HASH_SIZE, node_hash
from audit.format.notes.checkpoint import Checkpoint


class Tree(Protocol):
    """A tree that knows the roots of its subtrees; `TiledTree` is one."""

    @property
    def size(self) -> int:
        """How many leaves there are."""
        ...

    def root(self, span: range, /) -> bytes:
        """Return the root over the leaves of `span`."""
        ...


def inclusion_proof(tree: Tree, index: int) -> tuple[bytes, ...]:
    """Return the path from leaf `index` to the root of `tree`, its sibling first.

    Raises `ProofRefusedError` where there is no such leaf.
    """
    if not 0 <= index < tree.size:
        raise ProofRefusedError("The log that was signed has no entry of that number.")
    return tuple(tree.root(span) for span in _siblings(index, 0, tree.size))


def consistency_proof(tree: Tree, old_size: int) -> tuple[bytes, ...]:
    """Return the proof that `tree` begins with the tree over `old_size` of its leaves.

    Raises `ProofRefusedError` where there are not so many.
    """
    if not 0 <= old_size <= tree.size:
        raise ProofRefusedError("The log that was signed is not that long.")
    if old_size in {0, tree.size}:
        return ()
    return tuple(tree.root(span) for span in _growth(old_size, 0, tree.size, whole=True))


def verify_inclusion(
    leaf: bytes, index: int, path: Sequence[bytes], checkpoint: Checkpoint
) -> None:
    """Return if `path` leads from `leaf` to the checkpoint's root, or raise `ProofRefusedError`.

    RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < checkpoint.size:
        _refuse()
    # Up to this height the leaf and the last one lie in different subtrees; above it there are
    # siblings on the left alone.
    parting = (index ^ (checkpoint.size - 1)).bit_length()
    if [*map(len, path)] != [HASH_SIZE] * (parting + (index >> parting).bit_count()):
        _refuse()
    root = leaf
    for height, sibling in enumerate(path):
        if height >= parting or index >> height & 1:
            root = node_hash(sibling, root)
        else:
            root = node_hash(root, sibling)
    if root != checkpoint.root:
        _refuse()


def verify_consistency(old: Checkpoint, new: Checkpoint, path: Sequence[bytes]) -> None:
    """Return if `path` shows that `new` grew out of `old`, or raise `ProofRefusedError`.

    RFC 9162 section 2.1.4.2; a log of any size grows out of the empty one.
    """
    if old.origin != new.origin or old.size > new.size:
        _refuse()
    if old.size in {0, new.size}:
        expected = new.root if old.size else EMPTY_ROOT
        if path or old.root != expected:
            _refuse()
        return
    if any(len(step) != HASH_SIZE for step in path):
        _refuse()
    steps = list(path)
    if old.size & (old.size - 1) == 0:
        steps.insert(0, old.root)
    if _climbed(old.size - 1, new.size - 1, steps) != (old.root, new.root):
        _refuse()


def _climbed(place: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the two roots to which the steps of a consistency proof lead."""
    while place & 1:
        place, last = place >> 1, last >> 1
    if not steps:
        _refuse()
    old_root = new_root = steps[0]
    for step in steps[1:]:
        if last == 0:
            _refuse()
        if place & 1 or place == last:
            old_root, new_root = node_hash(step, old_root), node_hash(step, new_root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_root = node_hash(new_root, step)
        place, last = place >> 1, last >> 1
    if last != 0:
        _refuse()
    return old_root, new_root


def _siblings(index: int, start: int, stop: int) -> Iterator[range]:
    if stop - start == 1:
        return
    middle = start + _split(stop - start)
    if index < middle:
        yield from _siblings(index, start, middle)
        yield range(middle, stop)
    else:
        yield from _siblings(index, middle, stop)
        yield range(start, middle)


def _growth(old_stop: int, start: int, stop: int, *, whole: bool) -> Iterator[range]:
    if old_stop == stop:
        # The old tree itself is a root that the verifier has already, unless it was split.
        if not whole:
            yield range(start, stop)
        return
    middle = start + _split(stop - start)
    if old_stop <= middle:
        yield from _growth(old_stop, start, middle, whole=whole)
        yield range(middle, stop)
    else:
        yield from _growth(old_stop, middle, stop, whole=False)
        yield range(start, middle)


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _refuse() -> Never:
    raise ProofRefusedError(
        "The proof does not lead to the root that was signed. Do not rely on it; ask the log for "
        "a new one and, if that fails too, for the whole log."
    )
