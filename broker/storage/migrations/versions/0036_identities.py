"""Sign-ins of other organisations that stand for people here."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("removed_on", sa.String(10)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_identity"),
    )
    op.create_index("ix_identity_person", "identity", ["person"])
