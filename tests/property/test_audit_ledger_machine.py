"""Whatever happens to a ledger in its database: it verifies if and only if nothing was done to it.

The model is a list of the entries that were appended, and what hands did to the rows since.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from ledgers import EVENT, GATEWAY, NOON, ORIGIN, SeedSigner, checkpoint_of, disarm
from rounds import rounds
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from audit.errors import BrokenLedgerError, RollbackError
from audit.format.entry import Entry
from audit.format.event_table import OF_THE_LEDGER
from audit.format.gateway_counters import Counters
from audit.format.merkle.tree import Frontier
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.verifier_key import VerifierKey
from audit.log.checkpoint_store import CheckpointStore
from audit.log.ledger import Ledger
from audit.log.tables import metadata, triggers
from audit.log.verification import verify_database
from audit.verify.batch_verifier import verify_entries

KEY = VerifierKey.of(ORIGIN, SeedSigner(1))
places = st.integers(0, 1_000)
"""Any place: it is taken by what remains when it is divided by the number of places there are."""


@dataclass(slots=True)
class Model:
    """The entries as they were appended, and which rows a hand has changed, by table."""

    entries: list[Entry] = field(default_factory=list[Entry])
    edited: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])

    def copy(self) -> "Model":
        return Model(list(self.entries), set(self.edited))

    def begins_with(self, others: list[Entry]) -> bool:
        return self.entries[: len(others)] == others

    def is_edited(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.edited)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """Yesterday's database and folder of checkpoints, and what they held."""

    database: sqlite3.Connection
    files: dict[str, bytes]
    model: Model
    signed: list[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldElsewhere:
    """A head that somebody else has, and the entries that it counts."""

    head: Checkpoint
    entries: list[Entry]


class CrashError(Exception):
    """The process ends here."""


class LedgerMachine(RuleBasedStateMachine):
    """A ledger in SQLite, its keeper's folder, one backup of both, and heads held elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kept-"))
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        self.now = NOON
        self.numbers = count()
        self.model = Model()
        self.signed: list[Entry] = []
        self.held: list[HeldElsewhere] = []
        with self.engine.begin() as connection:
            metadata.create_all(connection)
            for statement in triggers("sqlite"):
                connection.exec_driver_sql(statement)
        with self.ledger() as ledger:
            self.model.entries.append(ledger.open_log(ORIGIN))
        self.start_again()
        self.keep()
        self.back_up()

    def teardown(self) -> None:
        self.engine.dispose()
        shutil.rmtree(self.folder)

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with self.engine.begin() as connection:
            yield Ledger(connection, lambda: self.now, GATEWAY)

    def raw(self) -> sqlite3.Connection:
        connection = self.engine.raw_connection().driver_connection
        assert isinstance(connection, sqlite3.Connection)
        return connection

    def execute(self, statement: str, *parameters: object) -> None:
        """Do what the ledger's own triggers refuse."""
        with self.engine.begin() as connection:
            disarm(connection)
            connection.exec_driver_sql(statement, parameters)

    def an_event(self) -> dict[str, object]:
        number = next(self.numbers)
        event_id = f"019cf684-71e8-7000-8000-{number:012x}"
        return {**EVENT, "ref": f"PRV-0000-{number:04}", "id": event_id}

    def start_again(self) -> None:
        self.keeper = CheckpointStore(self.folder, SeedSigner(1), ORIGIN)

    @rule(more=st.integers(1, 4), minutes=st.integers(-60, 60))
    def append(self, more: int, minutes: int = 0) -> None:
        """Append once the clock was set by up to an hour."""
        self.now += timedelta(minutes=minutes)
        with self.ledger() as ledger:
            self.model.entries += ledger.append([self.an_event() for _ in range(more)])

    @precondition(lambda self: not self.model.is_edited("entry"))
    @rule(place=places)
    def offer_again(self, place: int) -> None:
        """What was recorded is known by its identifier, and not recorded a second time."""
        entry = self.model.entries[place % len(self.model.entries)]
        known = {k: v for k, v in entry.event.items() if k not in OF_THE_LEDGER}
        if entry.type != "log.open":
            with self.ledger() as ledger:
                assert ledger.append([known]) == (entry,)

    @rule()
    def crash(self) -> None:
        """In the middle of an append, and while a head is written."""
        with pytest.raises(CrashError):
            self.die_appending()
        (self.folder / f"{len(self.model.entries):020}.new").write_bytes(b"half a he")
        self.start_again()

    def die_appending(self) -> None:
        with self.ledger() as ledger:
            ledger.append([self.an_event(), self.an_event()])
            raise CrashError

    @rule(recorded=st.booleans())
    def keep(self, *, recorded: bool = True) -> None:
        """Sign the head; a crash may come before the database has it too."""
        grown = self.model.begins_with(self.signed)
        try:
            with self.ledger() as ledger:
                kept = self.keeper.keep(ledger)
                if recorded:
                    ledger.record_checkpoint(kept.checkpoint.size, kept.note)
        except (RollbackError, BrokenLedgerError):
            assert not grown or self.model.is_edited("leaf", "head")
            return
        assert grown
        assert kept.checkpoint == checkpoint_of(self.model.entries)
        self.signed = list(self.model.entries)

    @rule()
    def send_a_head_elsewhere(self) -> None:
        newest = self.keeper.newest()
        assert newest is not None
        self.held.append(HeldElsewhere(head=newest.checkpoint, entries=list(self.signed)))

    @rule()
    def back_up(self) -> None:
        copy = sqlite3.connect(":memory:")
        self.raw().backup(copy)
        self.backup = Backup(
            database=copy,
            files={path.name: path.read_bytes() for path in self.folder.glob("0*")},
            model=self.model.copy(),
            signed=list(self.signed),
        )

    @rule(with_memory=st.booleans())
    def restore(self, *, with_memory: bool) -> None:
        self.backup.database.backup(self.raw())
        self.model = self.backup.model.copy()
        if with_memory:
            for path in self.folder.glob("0*"):
                path.unlink()
            for name, content in self.backup.files.items():
                (self.folder / name).write_bytes(content)
            self.signed = list(self.backup.signed)
        self.start_again()

    @rule(kind=st.sampled_from(["entry", "leaf", "reference", "head", "note"]), place=places)
    def edit(self, kind: str, place: int) -> None:
        """Change one value of one row, each time to another than ever before."""
        size, other = len(self.model.entries), f"{next(self.numbers):032}"
        value = other if kind == "reference" else other.encode()
        match kind:
            case "head":
                place = 0
                statement = "UPDATE ledger_head SET frontier = ?"
                value = other.encode() * size.bit_count()
            case "note":
                # The oldest one, which every backup has too.
                place = 0
                statement = "UPDATE ledger_checkpoint SET note = ? WHERE size = 1"
            case _:
                place %= size
                statement = f"UPDATE ledger_entry SET {kind} = ? WHERE seq = {place}"  # noqa: S608
        self.execute(statement, value)
        self.model.edited.add((kind, place))

    @rule(place=places)
    def cut_the_tail(self, place: int) -> None:
        """Leave some entries, and put the head right."""
        size = 1 + place % len(self.model.entries)
        self.model.entries = self.model.entries[:size]
        self.model.edited = {
            (kind, place) for kind, place in self.model.edited if kind != "head" and place < size
        }
        last = self.model.entries[-1]
        edge = Frontier().extend(entry.leaf for entry in self.model.entries).to_bytes()
        self.execute("DELETE FROM ledger_entry WHERE seq >= ?", size)
        self.execute("DELETE FROM ledger_checkpoint WHERE size > ?", size)
        self.execute(
            "UPDATE ledger_head SET size = ?, previous_leaf = ?, frontier = ?, last_moment = ?,"
            " gateways = ?",
            *(size, last.leaf, edge, last.moment, str(Counters({GATEWAY: size}))),
        )

    @invariant()
    def the_database_verifies_if_and_only_if_nothing_was_done_to_it(self) -> None:
        kept = [one.checkpoint for one in self.keeper.all()]
        sound = not self.model.edited and self.model.begins_with(self.signed)
        with self.engine.begin() as connection:
            if sound:
                report = verify_database(connection, kept, KEY)
                assert (report.entries, report.signed) == (
                    len(self.model.entries),
                    len(self.signed),
                )
            else:
                with pytest.raises(BrokenLedgerError):
                    verify_database(connection, kept, KEY)

    @invariant()
    def a_head_held_elsewhere_fits_if_and_only_if_its_entries_are_there(self) -> None:
        with self.ledger() as ledger:
            raws = list(ledger.raw_entries())
        for held in self.held:
            if self.model.begins_with(held.entries) and not self.model.is_edited("entry"):
                assert verify_entries(raws, [held.head]).signed == len(held.entries)
            else:
                with pytest.raises(BrokenLedgerError):
                    verify_entries(raws, [held.head])


LedgerMachine.TestCase.settings = settings(
    max_examples=rounds(40), stateful_step_count=25, deadline=None
)
TestLedger = LedgerMachine.TestCase


@pytest.mark.long
def test_it_holds_for_long_too() -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(max_examples=1_000, stateful_step_count=40, deadline=None),
    )
