"""The schema at head is what the tables say, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError

import audit.tables
from broker import tables
from broker.errors import NotInitialisedError
from broker.migrate import revision, upgrade
from broker.wiring import Services, assemble


def test_the_schema_at_head_equals_the_tables(made: Services) -> None:
    everything = MetaData(naming_convention=tables.NAMING)
    for metadata in (tables.metadata, audit.tables.metadata):
        for table in metadata.tables.values():
            table.to_metadata(everything)

    with made.transaction.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, everything)

    assert differences == []


def test_upgrading_again_changes_nothing(made: Services) -> None:
    engine = made.transaction.database.engine
    upgrade(engine)

    at, newest = revision(engine)

    assert at == newest


def test_tables_of_another_release_are_not_worked_with(made: Services) -> None:
    with made.transaction.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    with pytest.raises(NotInitialisedError, match="broker db upgrade"):
        assemble(made.settings)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_entry SET seq = seq + 10", "DELETE FROM ledger_entry"],
    ids=["update", "delete"],
)
def test_the_ledger_refuses_to_be_changed(made: Services, statement: str) -> None:
    engine = made.transaction.database.engine

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
