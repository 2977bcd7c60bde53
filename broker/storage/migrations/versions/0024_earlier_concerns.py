"""The two blind indexes of earlier concerns, and what people said of their matches."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "earlier_mark",
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("digest", "reference", name="pk_earlier_mark"),
    )
    op.create_index("ix_earlier_mark_reference", "earlier_mark", ["reference"])
    op.create_index("ix_earlier_mark_case_id", "earlier_mark", ["case_id"])
    op.create_table(
        "earlier_call",
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("first", sa.String(16), nullable=False),
        sa.Column("second", sa.String(16), nullable=False),
        sa.Column("call", sa.String(8), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("agency", "first", "second", name="pk_earlier_call"),
    )
