import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tokens import Tokens

from keys import CaseId, HardwareToken, Keystore, ScryptCost

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
PASSPHRASE = "made-up-words-for-tests-only"
CHEAP = ScryptCost(n=2, r=1, p=1)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def case() -> CaseId:
    return CaseId("case-0001")


@pytest.fixture
def cheap() -> ScryptCost:
    return CHEAP


@pytest.fixture
def passphrase() -> str:
    return PASSPHRASE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keystore"


# Making a keystore waits for the disk a dozen times; copying one does not.
@pytest.fixture(scope="session")
def plain_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates") / "plain"
    Keystore.create(folder, None, now=NOON)
    return folder


@pytest.fixture(scope="session")
def locked_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates") / "locked"
    Keystore.create(folder, PASSPHRASE, now=NOON, cost=CHEAP)
    return folder


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens.made(tmp_path_factory.mktemp("tokens"))


@pytest.fixture(scope="session")
def token_template(tmp_path_factory: pytest.TempPathFactory, tokens: Tokens) -> Path:
    folder = tmp_path_factory.mktemp("templates") / "token"
    Keystore.create(folder, tokens.first, now=NOON)
    return folder


@pytest.fixture(params=["file", "token"])
def protection(request: pytest.FixtureRequest) -> HardwareToken | None:
    """What keeps the root: a file beside the keystore, or a token. Both keep one contract."""
    if request.param == "file":
        return None
    tokens: Tokens = request.getfixturevalue("tokens")
    return tokens.first


@pytest.fixture
def keystore(
    folder: Path, protection: HardwareToken | None, request: pytest.FixtureRequest
) -> Keystore:
    template = "plain_template" if protection is None else "token_template"
    shutil.copytree(request.getfixturevalue(template), folder)
    return Keystore.open(folder, protection)


@pytest.fixture
def filed(folder: Path, plain_template: Path) -> Keystore:
    """A keystore whose root lies in a file beside it."""
    shutil.copytree(plain_template, folder)
    return Keystore.open(folder)


@pytest.fixture
def locked(folder: Path, locked_template: Path) -> Keystore:
    shutil.copytree(locked_template, folder)
    return Keystore.open(folder, PASSPHRASE)


@pytest.fixture
def bytes_on_disk(folder: Path) -> Callable[[], bytes]:
    return lambda: b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
