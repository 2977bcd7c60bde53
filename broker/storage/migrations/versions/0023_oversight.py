"""Rules proposed and reviewed, policies of bodies, notes of supervision."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "rule_proposal",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("rulebook", sa.String(71), nullable=False),
        sa.Column("bundle", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("until", sa.String(10)),
        sa.Column("moves", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("settled_by", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_rule_proposal"),
    )
    op.create_table(
        "rule_review",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("rulebook", sa.String(71), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("on_day", sa.String(10), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("equality_sha256", sa.String(64)),
        sa.Column("dpia_sha256", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_rule_review"),
    )
    op.create_table(
        "policy_document",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("edition", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("signed_by", sa.String(64), nullable=False),
        sa.Column("signed_on", sa.String(10), nullable=False),
        sa.Column("review_on", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policy_document"),
    )
    op.create_table(
        "supervision_note",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("team", sa.String(64)),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("on_day", sa.String(10), nullable=False),
        sa.Column("next_on", sa.String(10), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_supervision_note"),
    )
