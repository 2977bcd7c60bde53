"""However a log is grown, restored or rewritten: a head is signed if and only if it grew."""

import shutil
import tempfile
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from ledgers import EVENT, ORIGIN, SeedSigner, a_log, checkpoint_of
from rounds import rounds

from audit.errors import BrokenLedgerError, RollbackError
from audit.format.entry import Entry
from audit.log.append.entry_writer import write_entry
from audit.log.checkpoint_store import CheckpointStore
from audit.verify.batch_verifier import verify_entries


class KeeperMachine(RuleBasedStateMachine):
    """A log, one backup of it, two keepers that share a folder, and what was signed last."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kept-"))
        self.keepers = [CheckpointStore(self.folder, SeedSigner(1), ORIGIN) for _ in range(2)]
        self.numbers = count()
        self.log = a_log(1)
        self.backup = self.log.first(1)
        self.signed: list[Entry] = []

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule(more=st.integers(1, 5))
    def append(self, more: int) -> None:
        self.log.add(*({**EVENT, "ref": f"PRV-0000-{next(self.numbers):04}"} for _ in range(more)))

    @rule()
    def back_up(self) -> None:
        self.backup = self.log.first(len(self.log.entries))

    @rule()
    def restore(self) -> None:
        self.log = self.backup.first(len(self.backup.entries))

    @rule(place=st.integers(1, 30))
    def rewrite(self, place: int) -> None:
        """Recompute the chain from some place on, as one can without the signing key."""
        wanted = len(self.log.entries)
        self.log = self.log.first(place)
        self.append(wanted - len(self.log.entries))

    @rule(place=st.integers(1, 30))
    def edit(self, place: int) -> None:
        """Change the contents of one entry and leave its links as they were."""
        if place < len(self.log.entries):
            entry = self.log.entries[place]
            event = {**entry.event, "ref": f"PRV-0000-{next(self.numbers):04}"}
            self.log.entries[place] = write_entry(event, entry.previous, entry.seq)

    @rule()
    def crash(self) -> None:
        """Both keepers die, one of them while it writes; what is in the folder stays."""
        (self.folder / f"{len(self.log.entries):020}.new").write_bytes(b"half a he")
        self.keepers = [CheckpointStore(self.folder, SeedSigner(1), ORIGIN) for _ in range(2)]

    @rule(which=st.integers(0, 1))
    def sign(self, which: int) -> None:
        """A head for a receipt never contradicts what was kept, and is not kept itself."""
        before = sorted(path.name for path in self.folder.iterdir())
        if self.log.entries[: len(self.signed)] != self.signed:
            with pytest.raises(RollbackError):
                self.keepers[which].sign(self.log)
        else:
            head = self.keepers[which].sign(self.log)
            assert head.checkpoint == checkpoint_of(self.log.entries)
        assert sorted(path.name for path in self.folder.iterdir()) == before

    @rule(which=st.integers(0, 1))
    def keep(self, which: int) -> None:
        if self.log.entries[: len(self.signed)] != self.signed:
            with pytest.raises(RollbackError):
                self.keepers[which].keep(self.log)
            return

        kept = self.keepers[which].keep(self.log)

        self.signed = list(self.log.entries)
        heads = [one.checkpoint for one in self.keepers[which].all()]
        if self.is_chained():
            report = verify_entries((entry.raw for entry in self.log.entries), heads)
            assert (report.signed, report.root) == (kept.checkpoint.size, kept.checkpoint.root)
            return
        with pytest.raises(BrokenLedgerError):
            verify_entries((entry.raw for entry in self.log.entries), heads)

    def is_chained(self) -> bool:
        return all(entry.previous == last.leaf for last, entry in pairwise(self.log.entries))


KeeperMachine.TestCase.settings = settings(
    max_examples=rounds(30), stateful_step_count=15, deadline=None
)
TestKeeper = KeeperMachine.TestCase
