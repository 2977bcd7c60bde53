"""The tables of the database: which release they are of, and who may do what with them."""

from collections.abc import Generator
from contextlib import contextmanager

from broker.operations.installation import initialise
from broker.settings import Settings
from broker.storage.grants import grants, portal_grants
from broker.storage.revision import NEWEST, revision
from broker.wiring import Services

__all__ = ["grants", "portal_grants", "tables_of", "upgraded"]


def tables_of(services: Services) -> tuple[str | None, str]:
    """Return the revision that the tables are at, and that of this release."""
    with services.transaction.database.reading(brief=True) as connection:
        return revision(connection), NEWEST


@contextmanager
def upgraded(settings: Settings) -> Generator[Services]:
    """Bring the tables to this release and yield the services of it; raises as `initialise`."""
    services = initialise(settings)
    try:
        yield services
    finally:
        services.close()
