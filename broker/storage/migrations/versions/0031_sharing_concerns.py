"""Concerns about sharing: what went wrong with a request, and how that was settled."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "sharing_concern",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("copy", sa.String(24), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("wrong", sa.String(16), nullable=False),
        sa.Column("asking", sa.String(64), nullable=False),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("raised_for", sa.String(64), nullable=False),
        sa.Column("raised_by", sa.String(64), nullable=False),
        sa.Column("raised_at", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("closed_by", sa.String(64)),
        sa.Column("closed_at", sa.String(32)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sharing_concern"),
    )
    for column in ("copy", "asking", "asked"):
        op.create_index(f"ix_sharing_concern_{column}", "sharing_concern", [column])
