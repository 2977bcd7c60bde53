"""By when somebody must act on a disclosure; what waits for a Guardian already is due at once."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("disclosure", sa.Column("due_on", sa.String(10)))
    op.execute("UPDATE disclosure SET due_on = substr(created_at, 1, 10) WHERE state = 'referred'")
    op.create_index("ix_duty_done_on", "duty", ["done_on"])
