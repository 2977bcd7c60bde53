"""Cases, who may work on them, and which others they know."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "case_record",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.String(32), nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("stage_since", sa.String(32), nullable=False),
        sa.Column("closed_as", sa.String(32)),
        sa.Column("closed_by", sa.String(32)),
        sa.Column("retention_class", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_record"),
    )
    op.create_index("ix_case_record_agency", "case_record", ["agency"])
    op.create_table(
        "case_member",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32)),
        sa.Column("added_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person", name="pk_case_member"),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name="fk_case_member_case_id"),
    )
    op.create_index("ix_case_member_person", "case_member", ["person"])
    op.create_table(
        "case_link",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("other", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "other", name="pk_case_link"),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name="fk_case_link_case_id"),
    )
    op.create_index("ix_case_link_other", "case_link", ["other"])
