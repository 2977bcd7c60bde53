"""However a log is grown, restored or rewritten: a head is signed if and only if it grew."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from audit.chain import Chain, Head
from audit.entry import Entry
from audit.errors import RollbackError
from audit.keeper import CheckpointKeeper
from audit.tree import Frontier
from audit.verify import verify_entries

ORIGIN = "broker.example/ledger"


class SeedSigner:
    _private = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
    public_key = _private.public_key().public_bytes_raw()

    def sign(self, message: bytes, /) -> bytes:
        return self._private.sign(message)


class KeeperMachine(RuleBasedStateMachine):
    """A log, one backup of it, two keepers that share a folder, and what was signed last."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kept-"))
        self.keepers = [CheckpointKeeper(self.folder, SeedSigner(), ORIGIN) for _ in range(2)]
        self.numbers = count()
        self.entries: list[Entry] = []
        self.backup: list[Entry] = []
        self.signed: list[Entry] = []

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def head(self) -> Head:
        frontier = Frontier().extend(entry.leaf for entry in self.entries)
        last = self.entries[-1]
        return Head(
            origin=ORIGIN, frontier=frontier, previous_leaf=last.leaf, last_moment=last.moment
        )

    def leaves(self, start: int, stop: int, /) -> Iterator[bytes]:
        return (entry.leaf for entry in self.entries[start:stop])

    def chain(self) -> Chain:
        return Chain(
            head=self.head() if self.entries else Head(origin=ORIGIN),
            clock=lambda: datetime(2026, 3, 16, 12, tzinfo=UTC),
            entropy=lambda length: next(self.numbers).to_bytes(length, "big"),
        )

    @initialize()
    def open_log(self) -> None:
        self.entries = [self.chain().add({"type": "log.open", "origin": ORIGIN})]
        self.backup = list(self.entries)

    @rule(more=st.integers(1, 5))
    def append(self, more: int) -> None:
        chain = self.chain()
        self.entries += [chain.add({"type": "expired"}) for _ in range(more)]

    @rule()
    def back_up(self) -> None:
        self.backup = list(self.entries)

    @rule()
    def restore(self) -> None:
        self.entries = list(self.backup)

    @rule(place=st.integers(1, 30))
    def rewrite(self, place: int) -> None:
        """Recompute the chain from some place on, as one can without the signing key."""
        wanted = len(self.entries)
        del self.entries[place:]
        self.append(wanted - len(self.entries))

    @rule(which=st.integers(0, 1))
    def keep(self, which: int) -> None:
        if self.entries[: len(self.signed)] != self.signed:
            with pytest.raises(RollbackError):
                self.keepers[which].keep(self)
            return

        kept = self.keepers[which].keep(self)

        self.signed = list(self.entries)
        heads = [one.checkpoint for one in self.keepers[which].all()]
        report = verify_entries((entry.raw for entry in self.entries), heads)
        assert (report.signed, report.root) == (kept.checkpoint.size, kept.checkpoint.root)


KeeperMachine.TestCase.settings = settings(max_examples=30, stateful_step_count=15, deadline=None)
TestKeeper = KeeperMachine.TestCase
