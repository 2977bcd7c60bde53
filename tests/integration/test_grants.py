"""With a role of its own the gateway works in PostgreSQL, and cannot change the ledger."""

from collections.abc import Generator
from datetime import date

import pytest
from brokers import Clock, a_broker, settings_for
from postgres import Cluster
from referrals import submit
from sqlalchemy import Engine, Table, create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from broker.domain.errors import StoreFaultError
from broker.domain.states import State
from broker.operations.housekeeping import housekeeping
from broker.retention.legal_holds import HoldRequest
from broker.storage.grants import RIGHTS, UnfitRoleError, all_tables, grants, portal_grants
from broker.wiring import Services, assemble
from keys import PersonId

pytestmark = pytest.mark.postgresql
ROLE = "broker_gateway"
ALL_TABLES = all_tables()


@pytest.fixture(scope="module", name="granted")
def _granted(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Generator[Services]:
    """A broker whose tables belong to somebody else; what tests try is refused or taken back."""
    home, clock, postgresql_url = tmp_path_factory.mktemp("granted"), Clock(), cluster.url(ROLE)
    cluster.sql(f"CREATE DATABASE {ROLE}")
    owner = a_broker(home, clock, postgresql_url)
    with owner.transaction.database.engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
        for statement in grants(ROLE):
            connection.execute(text(statement))
    owner.close()
    url = postgresql_url.replace("postgres@", f"{ROLE}@")
    services = assemble(settings_for(home, url), clock=clock)
    yield services
    services.close()
    cluster.sql(f"DROP DATABASE {ROLE} WITH (FORCE)")
    cluster.sql(f"DROP ROLE {ROLE}")


def test_the_gateway_works_with_a_role_of_its_own(granted: Services) -> None:
    reference = submit(granted)
    granted.dispatcher.dispatch()
    granted.checkpoints.keep()
    housekeeping(granted)

    with granted.transaction() as tx:
        assert tx.store.disclosure(reference).state is State.SENT


@pytest.mark.parametrize(
    ("name", "hostile", "ours"),
    [
        ("synchronous_commit", "off", "on"),
        ("default_transaction_read_only", "on", "off"),
        ("search_path", "pg_temp, nowhere", "public"),
        ("statement_timeout", "1", "2500ms"),
    ],
)
def test_what_its_role_says_of_its_own_sessions_changes_none_of_ours(
    granted: Services, name: str, hostile: str, ours: str
) -> None:
    """Every role may set how its next sessions begin, and so have commits wait for no disk."""
    engine = granted.transaction.database.engine
    with engine.begin() as connection:
        connection.execute(text(f"ALTER ROLE {ROLE} SET {name} = {hostile}"))
    engine.dispose()
    try:
        with granted.transaction() as tx:
            found = tx.connection.scalar(text(f"SHOW {name}"))
        submit(granted, f"key-{name}")
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER ROLE {ROLE} RESET {name}"))
    assert found == ours


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET reference = NULL",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "DELETE FROM ledger_checkpoint",
        "DELETE FROM ledger_head",
        "ALTER TABLE ledger_entry DISABLE TRIGGER USER",
        "DROP TABLE ledger_entry",
        "UPDATE alembic_version SET version_num = '0000'",
    ],
)
def test_its_role_cannot_change_the_ledger(granted: Services, statement: str) -> None:
    engine = granted.transaction.database.engine

    refused = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
    with refused, engine.begin() as connection:
        connection.execute(text(statement))


WRITES = {
    "INSERT": "INSERT INTO {table} SELECT * FROM {table}",
    "UPDATE": "UPDATE {table} SET {column} = {column}",
    "DELETE": "DELETE FROM {table}",
    "TRUNCATE": "TRUNCATE {table} CASCADE",
}


def may(services: Services, statement: str) -> bool:
    """Say whether the role may do it; what it did is taken back."""
    with services.transaction.database.engine.connect() as connection:
        try:
            connection.execute(text(statement))
        except DBAPIError as error:
            # What was let in may meet something else: a key, a trigger.
            return "permission denied" not in str(error.orig)
        finally:
            connection.rollback()
    return True


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_it_may_do_with_each_table_what_serving_needs_and_no_more(
    granted: Services, table: Table
) -> None:
    column = next(iter(table.columns)).name

    allowed = {
        verb
        for verb, statement in WRITES.items()
        if may(granted, statement.format(table=table.name, column=column))
    }

    assert allowed == set(RIGHTS[table.name].split(", ")) - {"SELECT"}
    assert may(granted, f"SELECT 1 FROM {table.name}")  # noqa: S608  # a table of ours


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE mailbox ADD COLUMN mine int",
        "SELECT setval('activation_id_seq', 7)",
        "DROP TRIGGER ledger_entry_append_only ON ledger_entry",
        "CREATE TRIGGER mine BEFORE INSERT ON outbox EXECUTE FUNCTION ledger_append_only()",
    ],
)
def test_it_may_lay_out_nothing(granted: Services, statement: str) -> None:
    engine = granted.transaction.database.engine

    refused = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
    with refused, engine.begin() as connection:
        connection.execute(text(statement))


def test_a_command_that_changes_a_register_says_whose_role_it_takes(granted: Services) -> None:
    with pytest.raises(StoreFaultError, match="URL of the tables' owner"):
        granted.retention.legal_holds.hold(
            submit(granted),
            PersonId("p-operator"),
            HoldRequest(owner=PersonId("p-court"), until=date(2027, 1, 1), why="A court asks."),
        )


def test_the_portal_s_role_touches_three_tables_and_no_key_column(granted: Services) -> None:
    role, owner = "broker_portal", _owner(granted)
    with owner.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role}"))
        for statement in portal_grants(role):
            connection.execute(text(statement))

    def allowed(statement: str) -> bool:
        try:
            with owner.connect() as connection:
                connection.execute(text(f"SET ROLE {role}"))
                connection.execute(text(statement))
        except ProgrammingError:
            return False
        return True

    try:
        assert allowed("UPDATE portal_page SET tries = tries + 1 WHERE tries < 5")
        assert allowed("SELECT content FROM portal_page")
        assert not allowed("UPDATE portal_page SET ended = NULL")
        assert not allowed("DELETE FROM portal_page")
        assert not allowed("UPDATE portal_ask SET answer = NULL")
        assert not allowed("DELETE FROM portal_reader")
        others = [one.name for one in ALL_TABLES if not one.name.startswith("portal_")]
        assert [name for name in others if allowed(f"SELECT 1 FROM {name}")] == []  # noqa: S608  # ours
    finally:
        with owner.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {role}"))
            connection.execute(text(f"DROP ROLE {role}"))
        owner.dispose()


def _owner(services: Services) -> Engine:
    """Return an engine of the role that owns the tables."""
    url = services.transaction.database.engine.url.set(username="postgres")
    return create_engine(url)


@pytest.mark.parametrize("role", ["", "Role", "1role", 'a"b', "a; DROP TABLE x", "a" * 64])
def test_a_name_that_would_have_to_be_quoted_is_refused(role: str) -> None:
    for granted_to in (grants, portal_grants):
        with pytest.raises(UnfitRoleError):
            granted_to(role)
