"""Copies of requests to partners, and by what a second one that asks the same is found."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "request_copy",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("request", sa.String(16), nullable=False),
        sa.Column("asking", sa.String(64), nullable=False),
        sa.Column("asker", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("answer_to", sa.String(64), nullable=False),
        sa.Column("function", sa.String(16), nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("mailbox", sa.String(64), nullable=False),
        sa.Column("disclosure", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("wanted_until", sa.String(10)),
        sa.Column("owner", sa.String(64)),
        sa.Column("answer", sa.String(16)),
        sa.Column("answer_disclosure", sa.String(16)),
        sa.Column("answered_by", sa.String(64)),
        sa.Column("answered_at", sa.String(32)),
        sa.Column("lateness", sa.String(16), nullable=False),
        sa.Column("repeats", sa.String(24)),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("changed_at", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_request_copy"),
    )
    for column in ("request", "asking", "asked", "disclosure", "due_on"):
        op.create_index(f"ix_request_copy_{column}", "request_copy", [column])
    op.create_table(
        "request_sameness",
        sa.Column("copy", sa.String(24), nullable=False),
        sa.Column("disclosure", sa.String(16), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("copy", name="pk_request_sameness"),
        sa.ForeignKeyConstraint(
            ["disclosure"],
            ["disclosure.reference"],
            name="fk_request_sameness_disclosure",
        ),
    )
    op.create_index("ix_request_sameness_disclosure", "request_sameness", ["disclosure"])
    op.create_index("ix_request_sameness_digest", "request_sameness", ["digest"])
