"""Cover by a deputy for named days, and advice that a Guardian asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "cover",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("guardian", sa.String(64), nullable=False),
        sa.Column("deputy", sa.String(64), nullable=False),
        sa.Column("first_day", sa.String(10), nullable=False),
        sa.Column("last_day", sa.String(10), nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("set_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cover"),
    )
    op.create_index("ix_cover_agency", "cover", ["agency"])
    op.create_table(
        "advice",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("adviser", sa.String(16), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("asked_body", sa.String(64), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_on", sa.String(10), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("answered_by", sa.String(64)),
        sa.Column("answered_on", sa.String(10)),
        sa.PrimaryKeyConstraint("id", name="pk_advice"),
    )
    for column in ("reference", "agency", "asked_body"):
        op.create_index(f"ix_advice_{column}", "advice", [column])
