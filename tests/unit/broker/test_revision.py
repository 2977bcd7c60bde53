"""The newest revision that is named is the one that the migrations end with."""

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from broker.storage.revision import NEWEST, revision


def test_the_newest_revision_is_the_last_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", "broker.storage:migrations")
    config.set_main_option("path_separator", "os")

    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST


def test_a_database_without_tables_is_at_no_revision() -> None:
    with create_engine("sqlite://").connect() as connection:
        assert revision(connection) is None
