"""What the gateway's own role in PostgreSQL may do: add to the ledger, never change it.

The tables belong to another role, which runs `broker init` and `broker db upgrade`. The gateway's
role can then neither edit a row of the ledger nor switch off the triggers that refuse it. This
keeps accidents and a broken gateway out; against the owner there are the signed checkpoints.
"""

import re
from collections.abc import Iterator

from sqlalchemy import Table

from audit.log.tables import APPEND_ONLY
from audit.log.tables import metadata as ledger
from broker.domain.errors import BrokerError
from broker.storage.rows.buckets import metadata as buckets
from broker.storage.tables import metadata as gateway


class UnfitRoleError(BrokerError):
    """Raised when the name of a role would have to be quoted."""

    def __init__(self) -> None:
        """Say what a name looks like."""
        super().__init__(
            "The name of the role must be 1 to 63 of a-z, 0-9 and _, and not begin with a digit."
        )


_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def grants(role: str) -> tuple[str, ...]:
    """Return the statements that give `role` what the gateway needs, and no more.

    Raises `UnfitRoleError`.
    """
    if not _ROLE.fullmatch(role):
        raise UnfitRoleError
    tables = (*gateway.sorted_tables, *buckets.sorted_tables, *ledger.sorted_tables)
    return (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}, PUBLIC",
        f"GRANT SELECT ON alembic_version TO {role}",
        *(f"GRANT {_rights(table)} ON {table.name} TO {role}" for table in tables),
        *(f"GRANT USAGE ON SEQUENCE {name} TO {role}" for name in _sequences(tables)),
    )


def _rights(table: Table) -> str:
    if table.name in APPEND_ONLY:
        return "SELECT, INSERT"
    if table.metadata is ledger:
        return "SELECT, INSERT, UPDATE"
    return "SELECT, INSERT, UPDATE, DELETE"


def _sequences(tables: tuple[Table, ...]) -> Iterator[str]:
    for table in tables:
        column = table.autoincrement_column
        if column is not None and column.autoincrement is True:
            yield f"{table.name}_{column.name}_seq"
