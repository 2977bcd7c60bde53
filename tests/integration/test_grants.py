"""With a role of its own the gateway works in PostgreSQL, and cannot change the ledger."""

from collections.abc import Generator
from pathlib import Path

import pytest
from brokers import Clock, a_broker, settings_for
from postgres import Cluster
from referrals import submit
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from broker.domain.states import State
from broker.operations.housekeeping import housekeeping
from broker.storage.grants import UnfitRoleError, grants
from broker.wiring import Services, assemble

pytestmark = pytest.mark.postgresql
ROLE = "broker_gateway"


@pytest.fixture(name="granted")
def _granted(
    tmp_path: Path, clock: Clock, cluster: Cluster, postgresql_url: str
) -> Generator[Services]:
    """A broker whose tables belong to somebody else."""
    owner = a_broker(tmp_path / "home", clock, postgresql_url)
    with owner.transaction.database.engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
        for statement in grants(ROLE):
            connection.execute(text(statement))
    owner.close()
    url = postgresql_url.replace("postgres@", f"{ROLE}@")
    services = assemble(settings_for(tmp_path / "home", url), clock=clock)
    yield services
    services.close()
    cluster.sql(f"REASSIGN OWNED BY {ROLE} TO postgres")
    with owner.transaction.database.engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {ROLE}"))
    owner.close()
    cluster.sql(f"DROP ROLE {ROLE}")


def test_the_gateway_works_with_a_role_of_its_own(granted: Services) -> None:
    reference = submit(granted)
    granted.dispatcher.dispatch()
    granted.checkpoints.keep()
    housekeeping(granted)

    with granted.transaction() as tx:
        assert tx.store.disclosure(reference).state is State.SENT


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


@pytest.mark.parametrize("role", ["", "Role", "1role", 'a"b', "a; DROP TABLE x", "a" * 64])
def test_a_name_that_would_have_to_be_quoted_is_refused(role: str) -> None:
    with pytest.raises(UnfitRoleError):
        grants(role)
