"""Marks of our own on idempotency keys, and on whom the reader of a page is told to ring."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0046"


def upgrade() -> None:
    op.add_column("submission_key", sa.Column("mac", sa.LargeBinary))
    op.add_column("portal_page", sa.Column("ring_mark", sa.LargeBinary))
