"""What is stored, for looking through it: numbers that anybody with the database can change."""

from sqlalchemy import Connection, func, select

from audit.log.tables import ledger_entry


def stored_size(connection: Connection) -> int:
    """Return how many entries are stored, whatever the head counts."""
    newest = connection.scalar(select(func.max(ledger_entry.c.seq)))
    return 0 if newest is None else newest + 1


def numbers_about(connection: Connection, reference: str) -> tuple[int, ...]:
    """Return the numbers of what a column says is about a disclosure, oldest first."""
    column = ledger_entry.c
    query = select(column.seq).where(column.reference == reference).order_by(column.seq)
    return tuple(connection.scalars(query))
