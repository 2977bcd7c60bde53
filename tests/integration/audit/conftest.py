import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import pytest
from chain_fixtures import chain, clock, entropy, key, noon, signer, stranger
from ledgers import GATEWAY, ORIGIN, Log, SeedSigner, a_log, words
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from audit.format.notes.verifier_key import VerifierKey
from audit.log.checkpoint_store import CheckpointStore, KeptCheckpoint
from audit.log.ledger import Ledger
from audit.log.serving.export import export
from audit.log.tables import metadata, triggers

__all__ = ["chain", "clock", "entropy", "key", "noon", "signer", "stranger"]


@pytest.fixture
def connection() -> Iterable[Connection]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        metadata.create_all(connection)
        for statement in triggers("sqlite"):
            connection.exec_driver_sql(statement)
        yield connection
    engine.dispose()


@pytest.fixture
def ledger(
    connection: Connection,
    clock: Callable[[], datetime],
    entropy: Callable[[int], bytes],
) -> Ledger:
    ledger = Ledger(connection, clock, GATEWAY, entropy=entropy, words=words)
    ledger.open_log(ORIGIN)
    return ledger


@pytest.fixture(scope="session")
def exported_log() -> Log:
    return a_log(600)


@pytest.fixture(scope="session")
def exported_heads(
    tmp_path_factory: pytest.TempPathFactory, signer: SeedSigner, exported_log: Log
) -> list[KeptCheckpoint]:
    checkpoint_store = CheckpointStore(tmp_path_factory.mktemp("kept"), signer, ORIGIN)
    return [checkpoint_store.keep(exported_log.first(size)) for size in (300, 600)]


@pytest.fixture(scope="session")
def exported(
    tmp_path_factory: pytest.TempPathFactory,
    exported_log: Log,
    exported_heads: list[KeptCheckpoint],
    key: VerifierKey,
) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "export"
    export(exported_log, exported_heads, key, folder)
    return folder


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    """A copy of the export of 600 entries, to be attacked."""
    return shutil.copytree(exported, tmp_path / "export")
