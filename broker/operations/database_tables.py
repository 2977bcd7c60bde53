"""The tables of the database: which release they are of, and who may do what with them."""

from broker.operations.installation import initialise
from broker.settings import Settings
from broker.storage.grants import grants
from broker.storage.migrate import revision
from broker.wiring import Services

__all__ = ["grants", "tables_of", "upgrade_tables"]


def tables_of(services: Services) -> tuple[str | None, str | None]:
    """Return the revision that the tables are at, and that of this release."""
    return revision(services.transaction.database.engine)


def upgrade_tables(settings: Settings) -> str | None:
    """Bring the tables to this release and return their revision; raises as `initialise`."""
    services = initialise(settings)
    try:
        at, _ = tables_of(services)
        return at
    finally:
        services.close()
