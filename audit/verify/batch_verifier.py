"""Verify entries in batches: what the strict verifier accepts, and a tenth as much work.

The one seam between the two is `extend`. Entries of shapes that were read strictly before are
matched together; whatever does not match is added strictly, so faults are found and named there
alone. A property test holds the two equal.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from audit.format.entry import Entry, parse_entry, spelt_numbers
from audit.format.gateway_counters import Counters
from audit.format.merkle.tree import leaf_hashes
from audit.format.notes.checkpoint import Checkpoint
from audit.verify.batches import batches, match_or_add
from audit.verify.entry_shapes import Columns, EntryShapes
from audit.verify.log import LogVerifier
from audit.verify.report import Report
from audit.verify.tree_growth import TreeGrowth

_READ_STRICTLY: Final = frozenset(
    {"log.open", "key.add", "key.retire", "policy.activate", "restored"}
)
_RULEBOOKS: Final = re.compile(rb'"rulebook":"([^"]*+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedBatch:
    """A batch of entries that hold, and what the verifier knows once it is past them."""

    batch: Sequence[bytes]
    columns: Columns
    counters: Counters
    references: Mapping[bytes, int]
    growth: TreeGrowth


class BatchVerifier(LogVerifier):
    """A verification under way, of batches."""

    def __init__(
        self, checkpoints: Iterable[Checkpoint], signed_leaves: Sequence[bytes] = ()
    ) -> None:
        super().__init__(checkpoints, signed_leaves)
        self._shapes = EntryShapes()

    def add(self, raw: bytes) -> Entry:
        """Check the next entry strictly, and know entries of its shape from now on."""
        entry = super().add(raw)
        if entry.type not in _READ_STRICTLY:
            self._shapes.learn(entry)
        return entry

    def extend(self, batch: Sequence[bytes]) -> None:
        """Check the next entries; raises as `add`."""
        match_or_add(batch, self._accept_if_matching, self.add)

    def match(self, batch: Sequence[bytes]) -> MatchedBatch | None:
        """Return the next entries if they hold and `add` would say so, without reading each.

        None says nothing: each has to be added. Nothing changes before `accept`.
        """
        if self._last is None or self._suspect:
            return None
        columns = self._shapes.match(batch)
        if columns is None:
            return None
        leaves = leaf_hashes(batch)
        counters = self._counters.after_batch(columns.gateways, columns.gateway_numbers)
        references = self._references.after_batch(columns.references, columns.reference_numbers)
        if counters is None or references is None:
            return None
        if not self._is_next(self._last, columns, leaves) or not self._are_in_force(batch):
            return None
        growth = self._grown(leaves)
        if growth is None:
            return None
        return MatchedBatch(
            batch=batch, columns=columns, counters=counters, references=references, growth=growth
        )

    def accept(self, matched: MatchedBatch) -> None:
        """Go past entries that were matched at."""
        self._counters = matched.counters
        self._references.join(matched.references, matched.columns.reference_numbers)
        self._last = parse_entry(matched.batch[-1])
        self._tree.join(matched.growth)
        while self._waiting and self._waiting[-1].size <= self.size:
            self._vouched = self._waiting.pop().size

    def _accept_if_matching(self, batch: Sequence[bytes]) -> bool:
        matched = self.match(batch)
        if matched is not None:
            self.accept(matched)
        return matched is not None

    def _is_next(self, last: Entry, columns: Columns, leaves: Sequence[bytes]) -> bool:
        start = self.size
        signed = self._signed_leaves[start : start + len(leaves)]
        moments = [last.moment.encode(), *columns.moments]
        return (
            columns.numbers == spelt_numbers(start, len(leaves))
            and b"".join(columns.links) == b"".join((last.leaf, *leaves[:-1])).hex().encode()
            and moments == sorted(moments)
            and list(signed) == leaves[: len(signed)]
        )

    def _are_in_force(self, batch: Sequence[bytes]) -> bool:
        """Say if every rulebook that the entries name was put in force before them."""
        named = set(_RULEBOOKS.findall(b"\n".join(batch)))
        return self._activated >= {rulebook.decode() for rulebook in named}

    def _grown(self, leaves: Sequence[bytes]) -> TreeGrowth | None:
        """Return how the tree grows by the leaves, or None where a checkpoint there is false."""
        start, growth = self.size, TreeGrowth(self._tree.edge)
        for checkpoint in reversed(self._waiting):
            if checkpoint.size > start + len(leaves):
                break
            growth.add(leaves[growth.edge.size - start : checkpoint.size - start])
            if (growth.edge.root(), self._name) != (checkpoint.root, checkpoint.origin):
                return None
        growth.add(leaves[growth.edge.size - start :])
        return growth


def verify_entries(
    entries: Iterable[bytes],
    checkpoints: Iterable[Checkpoint],
    signed_leaves: Sequence[bytes] = (),
) -> Report:
    """Return what held of a whole log, or raise `BrokenLedgerError` naming the first bad entry.

    Entries beyond the largest checkpoint are checked for their links, and counted as unsigned.
    """
    verifier = BatchVerifier(checkpoints, signed_leaves)
    for batch in batches(entries):
        verifier.extend(batch)
    return verifier.finish()
