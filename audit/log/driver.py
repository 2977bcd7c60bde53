"""The driver's own cursor on the caller's connection: for what every answer does to the ledger.

SQLAlchemy's Core spends as long on one small statement as the disk spends on making it durable.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Row: TypeAlias = Sequence[object]


class DriverCursor:
    """Statements with `?` for parameters, on SQLite and PostgreSQL alike.

    The driver's errors come out as SQLAlchemy's, so that callers need one kind of handling.
    """

    def __init__(self, connection: Connection) -> None:
        self._dialect = connection.dialect
        self._cursor = connection.connection.cursor()
        self._locking = " FOR UPDATE" if connection.dialect.name == "postgresql" else ""
        self._paramstyle = connection.dialect.paramstyle

    def row(self, statement: str, parameters: Row = ()) -> Row | None:
        """Return the first row; None where there is none."""
        return next(iter(self.rows(statement, parameters)), None)

    def locked_row(self, statement: str, parameters: Row = ()) -> Row | None:
        """Return the first row, locked until the transaction ends; None where there is none."""
        return self.row(statement + self._locking, parameters)

    def rows(self, statement: str, parameters: Row | Mapping[str, object] = ()) -> Sequence[Row]:
        """Return every row; a statement in the driver's own marks may have them named."""
        with self._translated(statement):
            self._cursor.execute(marked(statement, self._paramstyle), parameters)
            found: Sequence[Row] = self._cursor.fetchall()
            return found

    def change(self, statement: str, parameters: Row) -> int:
        """Run the statement and return how many rows it changed."""
        with self._translated(statement):
            self._cursor.execute(marked(statement, self._paramstyle), parameters)
            return self._cursor.rowcount

    def change_many(self, statement: str, rows: Sequence[Row]) -> None:
        """Run the statement once for each row of parameters."""
        with self._translated(statement):
            self._cursor.executemany(marked(statement, self._paramstyle), rows)

    @contextmanager
    def _translated(self, statement: str) -> Generator[None]:
        driver = self._dialect.loaded_dbapi
        try:
            yield
        except driver.Error as error:
            raise DBAPIError.instance(
                statement, None, error, driver.Error, hide_parameters=True, dialect=self._dialect
            ) from error


def as_stored(value: object) -> bytes:
    """Return a column's bytes, or those of the text that a hand in an SQLite file left there."""
    # What it says is for the verifier.
    return value if isinstance(value, bytes) else str(value).encode()


def marked(statement: str, paramstyle: str) -> str:
    """Return the statement with the driver's marks for `?`, by its PEP 249 parameter style."""
    return statement if paramstyle == "qmark" else statement.replace("?", "%s")
