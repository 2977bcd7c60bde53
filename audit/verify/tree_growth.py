"""The tree as a verification grows it: each hash is computed once, for the root and the tiles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from audit.format.merkle.tiles import HashTile, hash_tiles
from audit.format.merkle.tree import Frontier


@dataclass(slots=True)
class TreeGrowth:
    """Leaf hashes by which a tree grew, its right edge after them, and what they filled.

    `tile_roots` are the roots of the tiles of leaves that became full.
    """

    edge: Frontier = field(default_factory=Frontier)
    leaves: list[bytes] = field(default_factory=list[bytes])
    tile_roots: list[bytes] = field(default_factory=list[bytes])

    def add(self, leaves: Sequence[bytes]) -> None:
        """Grow by more leaf hashes."""
        self.edge, filled = self.edge.grow(leaves)
        self.leaves += leaves
        self.tile_roots += filled

    def join(self, further: "TreeGrowth") -> None:
        """Grow by what grew from this edge on."""
        self.edge = further.edge
        self.leaves += further.leaves
        self.tile_roots += further.tile_roots

    def tiles(self) -> Iterator[HashTile]:
        """Yield every hash tile of a tree that was grown from nothing."""
        return hash_tiles(self.leaves, self.tile_roots)
