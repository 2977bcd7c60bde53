"""Agreements of cases: what was answered is sealed under the key of its case."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agreement"),
    )
    op.create_index("ix_agreement_case_id", "agreement", ["case_id"])
