"""That a lead looked at what is remembered of a case, and why it is kept on."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "memory_look",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("on_day", sa.String(10), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("why", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_memory_look"),
    )
