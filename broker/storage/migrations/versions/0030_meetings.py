"""Meetings of panels, whom they ask, and the packs that are read there."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("on_day", sa.String(10), nullable=False),
        sa.Column("chair", sa.String(64), nullable=False),
        sa.Column("home_area", sa.String(64), nullable=False),
        sa.Column("called_by", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
    )
    for column in ("case_id", "agency", "on_day"):
        op.create_index(f"ix_meeting_{column}", "meeting", [column])
    op.create_table(
        "attendee",
        sa.Column("meeting", sa.String(16), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("asked_as", sa.String(16), nullable=False),
        sa.Column("attends", sa.String(16), nullable=False),
        sa.Column("instead_of", sa.String(64)),
        sa.PrimaryKeyConstraint("meeting", "person", name="pk_attendee"),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name="fk_attendee_meeting"),
    )
    op.create_index("ix_attendee_person", "attendee", ["person"])
    op.create_table(
        "panel_pack",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("meeting", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("built_by", sa.String(64), nullable=False),
        sa.Column("built_at", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("approved_by", sa.String(64)),
        sa.Column("approved_at", sa.String(32)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_panel_pack"),
    )
    op.create_index("ix_panel_pack_meeting", "panel_pack", ["meeting"])
