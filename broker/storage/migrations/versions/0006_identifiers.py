"""Each event's identifier as the 16 bytes that it is, not as 36 characters of text."""

import sqlite3

import sqlalchemy as sa
from alembic import op

from audit.log.tables import stored_id, triggers

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    raw = op.get_bind().connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.create_function("stored_id", 1, stored_id, deterministic=True)
        rebuild()
        return
    # No trigger fires on this: it writes the rows anew without an UPDATE.
    op.execute(
        "ALTER TABLE ledger_entry ALTER COLUMN event_id TYPE bytea"
        " USING decode(replace(event_id, '-', ''), 'hex')"
    )


def rebuild() -> None:
    """Make the table anew: SQLite cannot change the type of a column."""
    op.create_table(
        "ledger_entry_new",
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
        sa.Column("event_id", sa.LargeBinary(16), nullable=False),
        sa.Column("reference", sa.String(16)),
        sa.PrimaryKeyConstraint("seq", name="pk_ledger_entry"),
        sa.UniqueConstraint("event_id", name="uq_ledger_entry_event_id"),
    )
    op.execute(
        "INSERT INTO ledger_entry_new (seq, entry, leaf, event_id, reference)"
        " SELECT seq, entry, leaf, stored_id(event_id), reference FROM ledger_entry ORDER BY seq"
    )
    op.drop_table("ledger_entry")
    op.rename_table("ledger_entry_new", "ledger_entry")
    op.create_index("ix_ledger_entry_reference", "ledger_entry", ["reference"])
    for statement in triggers("sqlite", ("ledger_entry",)):
        op.execute(statement)
