"""The ledger's tables, and the triggers that keep its rows as they were written.

What an entry says stands in `entry.entry` alone, as the bytes that were hashed. Every other
column can be derived from those bytes, and the verifier derives it.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Named,
    String,
    Table,
    Text,
    TypedColumns,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_BIG: Final = BigInteger().with_variant(Integer, "sqlite")


class HeadColumns(TypedColumns):
    """One row: how long the log is, and what the next entry needs."""

    id: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    origin: Named[str] = Column(String(400))
    size: Named[int] = Column(_BIG)
    previous_leaf: Named[bytes] = Column(LargeBinary(32))
    frontier: Named[bytes] = Column(LargeBinary)
    last_moment: Named[str] = Column(String(27))
    gateways: Named[str] = Column(Text, server_default="{}")
    authenticator: Named[bytes | None] = Column(LargeBinary(32), nullable=True)


# Room in the page lets PostgreSQL rewrite the row in place at every append.
ledger_head = Table(
    "ledger_head",
    metadata,
    HeadColumns,
    CheckConstraint("id = 1", name="one_row"),
    postgresql_with={"fillfactor": 10},
)


class EntryColumns(TypedColumns):
    """The entries; `seq` is the primary key, so a fork cannot even be stored."""

    seq: Named[int] = Column(_BIG, primary_key=True, autoincrement=False)
    entry: Named[bytes] = Column(LargeBinary)
    leaf: Named[bytes] = Column(LargeBinary(32))
    event_id: Named[bytes] = Column(LargeBinary(16), unique=True)
    reference: Named[str | None] = Column(String(16), nullable=True, index=True)


ledger_entry = Table("ledger_entry", metadata, EntryColumns)


class CheckpointColumns(TypedColumns):
    """Signed heads, one for each size that was published."""

    size: Named[int] = Column(_BIG, primary_key=True, autoincrement=False)
    note: Named[bytes] = Column(LargeBinary)


ledger_checkpoint = Table("ledger_checkpoint", metadata, CheckpointColumns)


class TileColumns(TypedColumns):
    """The tree's full tiles, each written in the transaction that filled it."""

    level: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    number: Named[int] = Column(_BIG, primary_key=True, autoincrement=False)
    hashes: Named[bytes] = Column(LargeBinary(8192))


# What is not full is built from rows when it is asked for, so nothing goes stale.
ledger_tile = Table(
    "ledger_tile",
    metadata,
    TileColumns,
    CheckConstraint("length(hashes) = 8192", name="full"),
)

APPEND_ONLY: Final = ("ledger_entry", "ledger_checkpoint", "ledger_tile")
"""The tables of which no row is ever changed or removed."""

_REFUSAL: Final = "the ledger is append-only"


def stored_id(event_id: str) -> bytes:
    """Return the 16 bytes that stand for an event's identifier in its column."""
    return bytes.fromhex(event_id.replace("-", ""))


def triggers(dialect_name: str, tables: Iterable[str] = APPEND_ONLY) -> tuple[str, ...]:
    """Return the statements that make the tables refuse UPDATE, DELETE and TRUNCATE.

    For `sqlite` and `postgresql`. This keeps accidents out; the signed checkpoints find the rest.
    """
    if dialect_name == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            for table in tables
            for verb in ("UPDATE", "DELETE")
        )
    function = (
        "CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    return (
        function,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
            for table in tables
        ),
    )


def drop_triggers(dialect_name: str, tables: Iterable[str] = APPEND_ONLY) -> tuple[str, ...]:
    """Return the statements that take those triggers away, as far as they are there."""
    if dialect_name == "sqlite":
        return tuple(
            f"DROP TRIGGER IF EXISTS {table}_no_{verb}"
            for table in tables
            for verb in ("update", "delete")
        )
    return tuple(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}" for table in tables)
