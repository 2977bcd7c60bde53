"""Agreements between bodies, named workers of providers, clearances of people."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0036"


def upgrade() -> None:
    op.create_table(
        "sharing_agreement",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("first", sa.String(64), nullable=False),
        sa.Column("second", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("purposes", sa.Text, nullable=False),
        sa.Column("names_prevent", sa.Boolean, nullable=False),
        sa.Column("legal_basis", sa.String(300), nullable=False),
        sa.Column("limits", sa.String(500), nullable=False),
        sa.Column("signed_on", sa.String(10), nullable=False),
        sa.Column("review_on", sa.String(10), nullable=False),
        sa.Column("ends_on", sa.String(10), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("confirmed_by", sa.String(64)),
        sa.Column("ended_on", sa.String(10)),
        sa.PrimaryKeyConstraint("id", name="pk_sharing_agreement"),
    )
    op.create_table(
        "provider_worker",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("dbs", sa.String(32), nullable=False),
        sa.Column("dbs_on", sa.String(10), nullable=False),
        sa.Column("dbs_review_on", sa.String(10), nullable=False),
        sa.Column("suitable_on", sa.String(10), nullable=False),
        sa.Column("suitable_by", sa.String(64), nullable=False),
        sa.Column("undertaking_on", sa.String(10), nullable=False),
        sa.Column("registered_with", sa.String(100)),
        sa.Column("registered_until", sa.String(10)),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_provider_worker"),
    )
    op.create_index("ix_provider_worker_agency", "provider_worker", ["agency"])
    op.create_table(
        "clearance",
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sa.Column("seen_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clearance"),
    )
    op.create_index("ix_clearance_agency", "clearance", ["agency"])
