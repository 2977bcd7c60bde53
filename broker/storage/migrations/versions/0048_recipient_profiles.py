"""How contacts take documents, and the order of what waits to be sealed and sent."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "recipient_profile",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("sealed_as", sa.String(8), nullable=False),
        sa.Column("most_megabytes", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_recipient_profile"),
    )
    op.add_column(
        "outbox", sa.Column("waits", sa.Integer, nullable=False, server_default=sa.text("1"))
    )
    op.execute(
        "UPDATE outbox SET waits = 0 WHERE reference IN "
        "(SELECT reference FROM disclosure WHERE outcome = 'emergency')"
    )
    op.create_index("ix_outbox_turn", "outbox", ["waits", "attempts", "due_at", "id"])
