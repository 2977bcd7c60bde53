"""What shows that the ledger's head was written by this installation."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("ledger_head", sa.Column("authenticator", sa.LargeBinary(32)))
