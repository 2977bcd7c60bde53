"""Which contacts take files as they were sent; empty where nobody said that they do."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.add_column("recipient_profile", sa.Column("takes_originals", sa.Boolean))
