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
    if op.get_bind().dialect.name != "postgresql":
        return
    op.create_table(
        "seen_proof",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("until", sa.Double, nullable=False, index=True),
    )
