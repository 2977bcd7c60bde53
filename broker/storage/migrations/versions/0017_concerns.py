"""What somebody asked their lead or manager to check, and what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "concern",
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("draft", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("noted_at", sa.String(32), nullable=False),
        sa.Column("why", sa.LargeBinary()),
        sa.Column("carried_on_at", sa.String(32)),
        sa.Column("told_late_on", sa.String(10)),
        sa.Column("closed_at", sa.String(32)),
        sa.Column("closed_as", sa.String(16)),
        sa.Column("look_back_on", sa.String(10)),
        sa.PrimaryKeyConstraint("reference", name="pk_concern"),
    )
    for column in ("case_id", "draft", "agency"):
        op.create_index(f"ix_concern_{column}", "concern", [column])
    op.create_table(
        "concern_check",
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("asked_of", sa.String(64), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("answered_by", sa.String(64)),
        sa.Column("answered_at", sa.String(32)),
        sa.Column("advice", sa.String(32)),
        sa.Column("also", sa.Text()),
        sa.Column("words", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("reference", "number", name="pk_concern_check"),
        sa.ForeignKeyConstraint(
            ["reference"], ["concern.reference"], name="fk_concern_check_reference"
        ),
    )
    op.create_index("ix_concern_check_asked_of", "concern_check", ["asked_of"])
