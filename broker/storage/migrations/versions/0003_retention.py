"""When somebody last looked at what is kept, and for whom a case must be kept beyond its time."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("disclosure", sa.Column("reviewed_on", sa.String(10)))
    op.create_table(
        "legal_hold",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sa.Column("set_at", sa.String(32), nullable=False),
        sa.Column("lifted_at", sa.String(32)),
        sa.PrimaryKeyConstraint("case_id", "owner", name="pk_legal_hold"),
    )
