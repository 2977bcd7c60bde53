"""Rows of the directory from before the ledger named rows: two people look, then they count.

The ledger of then says who changed, verified or retired an entry and when, and not what stood in
it. So what it does say is compared, and two people read the rest: address, number, body.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audit.format.entry import Entry
from audit.log.known import TYPE
from broker.domain.errors import NotAllowedError
from broker.domain.model import Person
from broker.domain.times import day_text, moment_of, uk_day
from broker.ledger import events
from broker.storage.rows.believed import StoredRow
from broker.storage.rows.registers import AGENCIES, MAILBOXES
from broker.storage.transaction import Transaction, Transactions

_SHOWN = {AGENCIES: ("name", "kind"), MAILBOXES: ("title", "agency", "address", "telephone")}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsealedRow:
    """A row that does not count yet: its name, what people compare, and where the log differs."""

    name: str
    shown: Sequence[str]
    differs: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSealing:
    """Lets rows count that were there before; every method opens its own transaction."""

    transaction: Transactions

    def waiting(self) -> tuple[UnsealedRow, ...]:
        """Return the rows that do not count yet, bodies first; none in a new installation."""
        with self.transaction() as tx:
            return tuple(shown for shown, _ in _unsealed(tx))

    def seal(self, rows: Sequence[UnsealedRow], first: Person, second: Person) -> None:
        """Let the rows count, as two people saw them.

        Raises `NotAllowedError` where the two are one, or where a row is another by now.
        """
        if first.id == second.id:
            raise NotAllowedError("The two must be different people. Ask a second one.")
        with self.transaction() as tx:
            found = [*_unsealed(tx)]
            if [shown for shown, _ in found] != [*rows]:
                raise NotAllowedError("The rows have changed meanwhile. Look at them again.")
            read = (tx.rows.as_read(shown.name, row) for shown, row in found)
            tx.append(*(events.row_sealed(one, first.id, second.id) for one in read))


def _unsealed(tx: Transaction) -> Iterator[tuple[UnsealedRow, StoredRow]]:
    # The newest entry about each: the ledger of then named entries of the directory, no rows.
    entries = tx.known().about(TYPE, "directory.changed")
    newest = {str(entry.event["entry"]): entry for entry in entries}
    for register, columns in _SHOWN.items():
        for name, row in sorted(tx.rows.unnamed(register).items(), key=lambda one: one[0]):
            shown = UnsealedRow(
                name=name,
                shown=[str(row.columns[one]) for one in columns],
                differs=_difference(row, newest.get(name.partition("/")[2])),
            )
            yield shown, row


def _difference(row: StoredRow, newest: Entry | None) -> str | None:
    if newest is None:
        return "no entry of the ledger speaks of it"
    verified = (row.columns.get("verified_by"), row.columns.get("verified_on"))
    on = day_text(uk_day(moment_of(newest.moment)))
    was_verified = newest.event["what"] == "verified"
    said = (newest.event["by"], on) if was_verified else (None, None)
    return None if verified == said else "the ledger says otherwise of its verification"
