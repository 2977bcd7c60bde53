"""Which release the tables of a database are of, told without loading what brings them there."""

from sqlalchemy import Connection, inspect

NEWEST = "0052"
"""The last of the revisions in broker/storage/migrations/versions; each new one is named here."""

_TABLE = "alembic_version"


def revision(connection: Connection) -> str | None:
    """Return the revision that the tables are at; None where there are none."""
    if not inspect(connection).has_table(_TABLE):
        return None
    found: str | None = connection.exec_driver_sql(
        f"SELECT version_num FROM {_TABLE}"  # noqa: S608  # a name of our own
    ).scalar()
    return found
