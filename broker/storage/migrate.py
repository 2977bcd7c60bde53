"""Bring a database to the newest tables (Alembic; one linear history in broker/migrations)."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


def upgrade(engine: Engine) -> None:
    """Apply every revision that the database has not seen, all in one transaction."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # A long ledger takes longer than a statement otherwise may.
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def revision(engine: Engine) -> tuple[str | None, str | None]:
    """Return the revision that the database is at, and the newest one."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision(), newest


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "broker.storage:migrations")
    config.set_main_option("path_separator", "os")
    return config
