"""The full tiles of the ledger's tree, and those that a log of before has filled already."""

import sqlalchemy as sa
from alembic import op

from audit.log.append.tile_writer import fill_tiles
from audit.log.driver import DriverCursor
from audit.log.tables import triggers

revision = "0004"
down_revision = "0003"

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "ledger_tile",
        sa.Column("level", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(8192), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name="pk_ledger_tile"),
        sa.CheckConstraint("length(hashes) = 8192", name="ck_ledger_tile_full"),
    )
    connection = op.get_bind()
    for statement in triggers(connection.dialect.name, ("ledger_tile",)):
        op.execute(statement)
    entries = connection.scalar(sa.text("SELECT count(*) FROM ledger_entry"))
    fill_tiles(DriverCursor(connection), 0, entries or 0)
