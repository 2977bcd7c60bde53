"""How many entries each gateway has appended: none, in a log of before they were counted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "ledger_head", sa.Column("gateways", sa.Text, nullable=False, server_default="{}")
    )
