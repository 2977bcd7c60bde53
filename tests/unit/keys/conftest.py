from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keys import CaseId, Keystore, ScryptCost


@pytest.fixture
def noon() -> datetime:
    return datetime(2026, 3, 16, 12, tzinfo=UTC)


@pytest.fixture
def case() -> CaseId:
    return CaseId("case-0001")


@pytest.fixture
def cheap() -> ScryptCost:
    return ScryptCost(n=2, r=1, p=1)


@pytest.fixture
def passphrase() -> str:
    return "made-up-words-for-tests-only"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keystore"


@pytest.fixture
def keystore(folder: Path, noon: datetime) -> Keystore:
    return Keystore.create(folder, None, now=noon)


@pytest.fixture
def locked(folder: Path, noon: datetime, passphrase: str, cheap: ScryptCost) -> Keystore:
    return Keystore.create(folder, passphrase, now=noon, cost=cheap)


@pytest.fixture
def bytes_on_disk(folder: Path) -> Callable[[], bytes]:
    return lambda: b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
