"""What somebody typed and has not sent, and who may open it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("saved_on", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
    )
    op.create_index("ix_draft_owner", "draft", ["owner"])
    op.create_index("ix_draft_saved_on", "draft", ["saved_on"])
    op.create_table(
        "draft_member",
        sa.Column("draft", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("part", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("draft", "person", name="pk_draft_member"),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name="fk_draft_member_draft"),
    )
    op.create_index("ix_draft_member_person", "draft_member", ["person"])
