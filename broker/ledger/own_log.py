"""The gateway's own ledger, as its entrances read it."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from audit.format.entry import MAX_INTEGER, Entry
from audit.format.merkle.tiles import TilePath
from audit.log.ledger import Ledger
from audit.log.proven import proven_range
from audit.log.serving.partial_export import partial_files
from audit.log.serving.receipts import issue_receipt
from audit.log.serving.tile_server import tile_content
from audit.log.verification import verify_database
from audit.verify.report import Report
from broker.domain.errors import NotAllowedError
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.ledger.checkpoints import Checkpoints
from broker.ledger.readings import Content, Entrance, record_reading
from broker.ledger.shares import (
    NotYoursError,
    share_about,
    shares_of,
)
from broker.storage.rows.compared import Beliefs, Comparison, compared
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId

ONLY_ALL = (
    "Only the auditor of the body that runs this installation reads every entry. Yours, each with "
    "its receipt: broker ledger export --mine FOLDER, or GET /api/v1/ledger/export."
)


RowComparison: TypeAlias = Callable[[Transaction], Iterable[str]]
"""What yields the names of rows that say otherwise than something beside the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLog:
    """Reads the ledger; every method opens its own transaction.

    `run_by` is the body that runs the installation, if anybody has said; `beside` compares what
    the ledger alone cannot: case files, signatures.
    """

    transaction: Transactions
    checkpoints: Checkpoints
    run_by: AgencyId | None
    beside: tuple[RowComparison, ...] = ()

    def refuse_fault(self) -> None:
        """Return where the ledger may be relied on; raises as `LedgerFaults.gate`."""
        with self.transaction() as tx:
            tx.require_sound_ledger()

    def reads_everything(self, person: Person) -> bool:
        """Say whether every entry is the person's to read: they audit the installation."""
        return person.role is Role.AUDITOR and person.agency == self.run_by

    def raw_entries_from(self, start: int, count: int, person: Person) -> list[bytes]:
        """Return up to `count` entries from number `start`, each as the bytes that were hashed.

        Each is held against its leaf and that against the head; raises `BrokenLedgerError`, and
        `NotAllowedError` where not every entry is the person's.
        """
        self._require_everything(person)
        with self.transaction() as tx:
            return list(proven_range(tx.ledger, start, start + count))

    def entry(self, number: int) -> tuple[Entry, bytes] | None:
        """Return an entry and the leaf hash that was stored with it, None where there is none.

        It is for the gateway itself; what a person is shown is `entry_for`.
        """
        with self.transaction() as tx:
            entries = list(tx.ledger.entries(number, number + 1))
            leaves = list(tx.ledger.leaves(number, number + 1))
        return (entries[0], leaves[0]) if entries and leaves else None

    def entry_for(self, number: int, person: Person) -> tuple[Entry, bytes]:
        """Return an entry that is the person's to read, and the leaf hash stored with it.

        Raises `NotYoursError` as `receipt`.
        """
        with self.transaction() as tx:
            entry = self._theirs(tx, number, person)
            (leaf,) = tx.ledger.leaves(number, number + 1)
        return entry, leaf

    def receipt(self, number: int, person: Person) -> bytes:
        """Return the receipt of an entry that is the person's to read.

        Raises `NotYoursError` alike for one that is not theirs and one that there is not, and
        as `issue_receipt`.
        """
        with self.transaction.database.reading(brief=True) as connection:
            tx = self.transaction.on(connection)
            self._theirs(tx, number, person)
            kept = self.checkpoints.store.sign(tx.ledger)
            return issue_receipt(tx.ledger, number, kept).to_bytes()

    def _theirs(self, tx: Transaction, number: int, person: Person) -> Entry:
        found = [*tx.ledger.entries(number, number + 1)] if number <= MAX_INTEGER else []
        about = (found[0].reference if found else None) or ""
        share = share_about(tx, person, about)
        is_theirs = share is not None and number in {entry.seq for entry in share.entries}
        if not found or not (is_theirs or self.reads_everything(person)):
            raise NotYoursError
        return found[0]

    def partial(self, person: Person, how: Entrance) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of the files of an export of what is the person's.

        That it is given is recorded before the first.
        """
        self.record_export(person, how)
        kept, store = self.checkpoints.keep(), self.checkpoints.store
        with self.transaction.database.reading() as connection:
            tx = self.transaction.on(connection)
            shares = shares_of(tx, person, kept.checkpoint.size)
            yield from partial_files(
                tx.ledger,
                [entry.seq for share in shares for entry in share.entries],
                {share.reference: share.extent for share in shares},
                kept,
                (store.key, *store.former),
            )

    def record_whole_export(self, person: Person, how: Entrance) -> None:
        """Record that the person is given every entry; raises `NotAllowedError` for most."""
        self._require_everything(person)
        self.record_export(person, how)

    def _require_everything(self, person: Person) -> None:
        if not self.reads_everything(person):
            raise NotAllowedError(ONLY_ALL)

    def record_export(self, person: Person, how: Entrance) -> None:
        """Record that the person is given an export."""
        with self.transaction() as tx:
            record_reading(tx, person, Content.EXPORT, how, None)

    def tile(self, path: TilePath, person: Person) -> bytes:
        """Return a tile that the newest recorded head covers.

        Raises `NoSuchTileError`, and `NotAllowedError` for entries that are not all the person's.
        """
        if path.level is None:
            self._require_everything(person)
        # A reader who follows the whole log must not take turns with those who write it.
        with self.reading(brief=True) as log:
            if path.level is None:
                proven_range(log, path.tile.start, path.tile.stop)
            return tile_content(log, path, log.signed_size())

    def verified(self) -> Report:
        """Return what held of the whole ledger; raises as `verify_database`.

        What was found wrong before is forgotten where all of it holds, and remembered where not.
        """
        store = self.checkpoints.store
        with (
            self.transaction.remembering(),
            self.transaction.database.reading() as connection,
        ):
            report = verify_database(
                connection,
                (head.checkpoint for head in store.all()),
                store.key,
                former=self.checkpoints.former_keys(),
            )
            self.transaction.on(connection).ledger.head()
        self.checkpoints.faults.forget()
        return report

    def differences(self) -> tuple[str, ...]:
        """Return the name of every row that the ledger says otherwise of; raises as `known`."""
        return self.compared().differing

    def compared(self) -> Comparison:
        """Hold every row against the ledger, and what lies beside it; raises as `known`."""
        with self.transaction.database.reading() as connection:
            tx = self.transaction.on(connection)
            beliefs = Beliefs(
                rows=tx.rows,
                activations=tx.activations,
                submission_keys=tx.submission_keys,
                earlier=tx.earlier,
            )
            found = compared(connection, beliefs, tx.known())
            beside = chain.from_iterable(one(tx) for one in self.beside)
            return replace(found, differing=tuple(sorted({*found.differing, *beside})))

    @contextmanager
    def reading(self, *, brief: bool = False) -> Generator[Ledger]:
        """Yield the ledger as it stands at one moment, without taking turns with writers."""
        with (
            self.transaction.remembering(),
            self.transaction.database.reading(brief=brief) as connection,
        ):
            yield self.transaction.on(connection).ledger
