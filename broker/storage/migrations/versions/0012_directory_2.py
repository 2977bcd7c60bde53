"""What the directory says of bodies and mailboxes since facts/2, and a duty's calendar.

What stood there before asks no lead and has no function that opens an emergency, until somebody
enters it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    duty = sa.Column("sharing_duty_body", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("agency", duty)
    for column in (
        sa.Column("lead_check", sa.String(16), nullable=False, server_default="advisory"),
        sa.Column("check_purposes", sa.Text, nullable=False, server_default=""),
        sa.Column("completes", sa.String(16), nullable=False, server_default="practitioner"),
        sa.Column("pathway", sa.String(64)),
        sa.Column("guardian_body", sa.String(64)),
    ):
        op.add_column("agency", column)
    function = sa.Column("function", sa.String(32), nullable=False, server_default="other")
    op.add_column("mailbox", function)
    version = sa.Column("version", sa.Integer, nullable=False, server_default="1")
    op.add_column("mailbox", version)
    op.add_column("duty", sa.Column("calendar", sa.String(40)))
