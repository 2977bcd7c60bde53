"""Test letters of contacts: what became of each newest one."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0034"


def upgrade() -> None:
    op.create_table(
        "contact_trial",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("sent_by", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.String(32), nullable=False),
        sa.Column("end", sa.String(16), nullable=False),
        sa.Column("ended_on", sa.String(10)),
        sa.Column("programme", sa.String(16)),
        sa.Column("filters", sa.String(100), nullable=False),
        sa.Column("words", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_trial"),
    )
