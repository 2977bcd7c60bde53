"""Buckets of calls, which on SQLite have a file of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0007"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.create_table(
        "bucket",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("full_at", sa.Double, nullable=False, index=True),
        prefixes=["UNLOGGED"],
    )
