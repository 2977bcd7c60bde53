"""Notices to the regional Prevent team, as a body's lead decided about them."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0048"


def upgrade() -> None:
    op.create_table(
        "regional_notice",
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("happened_on", sa.String(10), nullable=False),
        sa.Column("panel", sa.String(16)),
        sa.Column("mailbox", sa.String(64)),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("decided_at", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.String(32)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_regional_notice"),
    )
    for column in ("agency", "about"):
        op.create_index(f"ix_regional_notice_{column}", "regional_notice", [column])
