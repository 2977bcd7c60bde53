from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from audit.chain import Chain, Head
from audit.checkpoint import Checkpoint
from audit.entry import Entry
from audit.ledger import Ledger
from audit.note import VerifierKey
from audit.tables import metadata, triggers
from audit.tree import Frontier

ORIGIN = "broker.example/ledger"


@dataclass(frozen=True, slots=True)
class SeedSigner:
    seed: int

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes([self.seed]) * 32)

    @property
    def public_key(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes, /) -> bytes:
        return self._private.sign(message)


@pytest.fixture(scope="session")
def origin() -> str:
    return ORIGIN


@pytest.fixture(scope="session")
def signer() -> SeedSigner:
    return SeedSigner(1)


@pytest.fixture(scope="session")
def stranger() -> SeedSigner:
    return SeedSigner(2)


@pytest.fixture(scope="session")
def key(signer: SeedSigner) -> VerifierKey:
    return VerifierKey.of(ORIGIN, signer)


@pytest.fixture
def noon() -> datetime:
    return datetime(2026, 3, 16, 12, tzinfo=UTC)


@pytest.fixture
def clock(noon: datetime) -> Callable[[], datetime]:
    seconds = count()
    return lambda: noon + timedelta(seconds=next(seconds))


@pytest.fixture
def entropy() -> Callable[[int], bytes]:
    numbers = count()
    return lambda size: next(numbers).to_bytes(size, "big")


@pytest.fixture
def chain(clock: Callable[[], datetime], entropy: Callable[[int], bytes]) -> Chain:
    return Chain(head=Head(origin=ORIGIN), clock=clock, entropy=entropy)


@pytest.fixture
def log_of(chain: Chain) -> Callable[[int], list[Entry]]:
    def make(size: int) -> list[Entry]:
        opening: Mapping[str, object] = {"type": "log.open", "origin": ORIGIN}
        others = [
            {"type": "expired", "ref": f"PRV-7Q4K-M2X{number % 10}"} for number in range(1, size)
        ]
        return [chain.add(event) for event in (opening, *others)]

    return make


@pytest.fixture
def checkpoint_of() -> Callable[[Iterable[Entry]], Checkpoint]:
    def make(entries: Iterable[Entry]) -> Checkpoint:
        frontier = Frontier().extend(entry.leaf for entry in entries)
        return Checkpoint(origin=ORIGIN, size=frontier.size, root=frontier.root())

    return make


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
    ledger = Ledger(connection, clock, entropy=entropy)
    ledger.open_log(ORIGIN)
    return ledger
