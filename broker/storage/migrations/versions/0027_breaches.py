"""Records of breaches and near misses; what was written in them is sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "breach",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("about", sa.String(16)),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.String(32), nullable=False),
        sa.Column("steps", sa.Text, nullable=False),
        sa.Column("closed_by", sa.String(64)),
        sa.Column("closed_at", sa.String(32)),
        sa.Column("words", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_breach"),
    )
    op.create_index("ix_breach_about", "breach", ["about"])
    op.create_index("ix_breach_agency", "breach", ["agency"])
