"""Rows of encrypted fields, read and written inside the caller's transaction.

What is in a field, and which key opens it, `broker.storage.case_file` knows.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, bindparam, delete, select

from broker.domain.model import Disclosure
from broker.storage import tables
from broker.storage.statements import read, rows_of, write

_SOME = rows_of(tables.case_field, "reference").where(
    tables.case_field.c.name.in_(bindparam("names", expanding=True))
)


class CaseFields:
    """The encrypted fields of disclosures, each a ciphertext with the version of its sealing."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def put(self, disclosure: Disclosure, name: str, version: int, sealed: bytes) -> None:
        """Keep one encrypted field of a disclosure."""
        self.put_all(disclosure, version, {name: sealed})

    def put_all(self, disclosure: Disclosure, version: int, sealed: Mapping[str, bytes]) -> None:
        """Keep encrypted fields of a disclosure, by name, in one statement."""
        rows = [
            {
                "reference": str(disclosure.reference),
                "name": name,
                "case_id": disclosure.case,
                "version": version,
                "ciphertext": ciphertext,
            }
            for name, ciphertext in sealed.items()
        ]
        write(self._connection, tables.case_field, *rows)

    def find(self, disclosure: Disclosure, name: str) -> tuple[int, bytes] | None:
        """Return version and ciphertext of a field, or None where it was never kept or is gone."""
        which = {"reference": str(disclosure.reference), "name": name}
        found = read(self._connection, rows_of(tables.case_field, *which), which)
        return (found[0]["version"], found[0]["ciphertext"]) if found else None

    def some(
        self, disclosure: Disclosure, names: Collection[str]
    ) -> Mapping[str, tuple[int, bytes]]:
        """Return version and ciphertext of these fields, in one reading, as far as they stand."""
        which = {"reference": str(disclosure.reference), "names": list(names)}
        return {
            row.name: (row.version, row.ciphertext)
            for row in self._connection.execute(_SOME, which)
        }

    def names(self, disclosure: Disclosure) -> list[str]:
        """Return the names of the encrypted fields of a disclosure, in their order."""
        columns = tables.case_field.c
        query = select(columns.name).where(columns.reference == str(disclosure.reference))
        return list(self._connection.scalars(query.order_by(columns.name)))

    def drop(self, disclosure: Disclosure, name: str) -> bool:
        """Forget one encrypted field of a disclosure; say whether there was one."""
        dropped = self._connection.execute(
            delete(tables.case_field).where(
                tables.case_field.c.reference == str(disclosure.reference),
                tables.case_field.c.name == name,
            )
        )
        return dropped.rowcount == 1
