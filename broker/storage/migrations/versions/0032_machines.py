"""Machines of partners, their keys, where they are sent word, and which proofs were used."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("agency", sa.String(64), nullable=False, index=True),
        sa.Column("algorithm", sa.String(16), nullable=False),
        sa.Column("roles", sa.String(200), nullable=False),
        sa.Column("names_people", sa.Boolean, nullable=False),
        sa.Column("registered_by", sa.String(64), nullable=False),
        sa.Column("disabled_on", sa.String(10)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "client_key",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("client", sa.String(64), nullable=False, index=True),
        sa.Column("jwk", sa.Text, nullable=False),
        sa.Column("added_by", sa.String(64), nullable=False),
        sa.Column("added_on", sa.String(10), nullable=False),
        sa.Column("confirmed_by", sa.String(64)),
        sa.Column("removed_on", sa.String(10)),
    )
    op.create_table(
        "webhook",
        sa.Column("client", sa.String(64), primary_key=True),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("ended_on", sa.String(10)),
    )
    op.create_table(
        "webhook_turn",
        sa.Column("client", sa.String(64), primary_key=True),
        sa.Column("next_seq", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("next_at", sa.String(32), nullable=False),
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    op.create_table(
        "seen_proof",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("until", sa.Double, nullable=False, index=True),
    )
