"""Whether what is remembered of a case is a child's, as it was known when its words went.

Rows of before stay empty, and so does every memory without a row: their words are gone, so nobody
can say any more. What is empty counts as a child's, which is the careful reading: it goes at the
end of a year in which no lead looked, so that no child is remembered for longer than the law of
their memory; an adult's is lost at worst before its time, a lead being told 30 days before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.add_column("memory_look", sa.Column("whose", sa.String(8)))
