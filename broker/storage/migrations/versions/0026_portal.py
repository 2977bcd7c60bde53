"""Pages from which somebody without an account fetches a document."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "portal_page",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("ring_title", sa.String(200), nullable=False),
        sa.Column("ring_telephone", sa.String(40), nullable=False),
        sa.Column("ended", sa.String(16), nullable=True),
        sa.Column("content", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_portal_page"),
    )
    op.create_index("ix_portal_page_reference", "portal_page", ["reference"])
    op.create_index("ix_portal_page_expires_at", "portal_page", ["expires_at"])
    op.create_table(
        "portal_reader",
        sa.Column("page", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("page", "number", name="pk_portal_reader"),
    )
    op.create_table(
        "portal_ask",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("page", sa.String(64), nullable=False),
        sa.Column("reader", sa.Integer, nullable=False),
        sa.Column("box", sa.LargeBinary, nullable=False),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_portal_ask"),
    )
    op.create_index("ix_portal_ask_page", "portal_ask", ["page"])
    op.create_index("ix_portal_ask_asked_at", "portal_ask", ["asked_at"])
