"""The periods that bodies set for kinds of case."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "retention_class",
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("delivered", sa.Integer, nullable=False),
        sa.Column("undelivered", sa.Integer, nullable=False),
        sa.Column("memory", sa.Integer, nullable=False),
        sa.Column("basis", sa.String(200), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("review_on", sa.String(10), nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("second", sa.String(64)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("agency", "kind", name="pk_retention_class"),
    )
