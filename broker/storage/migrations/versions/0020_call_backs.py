"""Call-backs: who entered a contact, who rang whom about it, what was trusted before.

What stood there before was entered by nobody whose name is known, and stays as it was verified.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0015"


def upgrade() -> None:
    for column in (
        sa.Column("kept_as", sa.String(32)),
        sa.Column("hours", sa.String(200)),
        sa.Column("printed", sa.Integer),
        sa.Column("source", sa.String(200)),
        sa.Column("entered_by", sa.String(64)),
        sa.Column("entered_at", sa.String(32)),
        sa.Column("trusted_address", sa.String(254)),
        sa.Column("trusted_telephone", sa.String(40)),
        sa.Column("waits_until", sa.String(32)),
        sa.Column("rang", sa.String(40)),
        sa.Column("rang_from", sa.String(16)),
        sa.Column("spoke_to", sa.String(100)),
        sa.Column("retired_on", sa.String(10)),
    ):
        op.add_column("mailbox", column)
    op.add_column("agency", sa.Column("retired_on", sa.String(10)))
