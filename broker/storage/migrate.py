"""Bring a database to the newest tables (Alembic; one linear history in broker/migrations)."""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from broker.host_faults import fault_of


def upgrade(engine: Engine) -> None:
    """Apply every revision that the database has not seen, all in one transaction.

    Raises `StoreUnavailableError`.
    """
    # Loaded here alone, since it is slow to load.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    on_sqlite = engine.dialect.name == "sqlite" and engine.url.database
    config = Config()
    config.set_main_option("script_location", "broker.storage:migrations")
    config.set_main_option("path_separator", "os")
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                # A long ledger takes longer than a statement otherwise may.
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as error:
        raise fault_of(error, Path(str(engine.url.database)) if on_sqlite else None) from error
