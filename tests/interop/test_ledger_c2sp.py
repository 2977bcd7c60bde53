"""A verifier that shares nothing with our code reads what we export and serve: Go's own."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from brokers import NURSE
from callers import Caller, a_caller
from ledgers import EVENT, ORIGIN, SeedSigner, a_log

from audit.export import export
from audit.keeper import CheckpointKeeper
from audit.prove import prove
from audit.tiles import tiles_of
from broker.wiring import Services
from keys import Role

GO = Path(os.environ.get("GO", shutil.which("go") or "/usr/lib/go-1.19/bin/go"))
LIBRARIES = Path(os.environ.get("GOPATH", "/usr/share/gocode"))
HOW = "apt-get install golang-go golang-golang-x-mod-dev"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not GO.exists() or not (LIBRARIES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"Go or its sumdb library is missing: {HOW}")
        pytest.skip(f"GO IS MISSING, SO NO OTHER VERIFIER READ AN EXPORT: {HOW}")
    folder = tmp_path_factory.mktemp("go")
    environment = {
        "PATH": os.environ["PATH"],
        "GO111MODULE": "off",
        "GOPATH": str(LIBRARIES),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
        "HOME": str(folder),
    }
    source = str(Path(__file__).parent / "c2sp" / "main.go")
    command = [str(GO), "build", "-o", str(folder / "verifier"), source]
    subprocess.run(command, check=True, env=environment, timeout=300)
    return folder / "verifier"


@pytest.fixture
def exported(tmp_path: Path) -> Callable[[int], list[Path]]:
    """Export a log of some size; returns the folder and a few receipts."""

    def make(size: int) -> list[Path]:
        log = a_log(size)
        kept_in = tmp_path / "kept"
        kept_in.mkdir()
        keeper = CheckpointKeeper(kept_in, SeedSigner(1), ORIGIN)
        parts = sorted({1, (size + 1) // 2, size})
        kept = [keeper.keep(log.first(part)) for part in parts]
        export(log, kept, keeper.key, tmp_path / "export")
        receipts: list[Path] = []
        for index in sorted({0, size // 3, size - 1}):
            path = tmp_path / f"{index}.tlog-proof"
            path.write_bytes(prove(log, index, kept[-1]).to_bytes())
            receipts.append(path)
        return [tmp_path / "export", *receipts]

    return make


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 700])
def test_another_verifier_accepts_every_export_and_receipt(
    program: Path, exported: Callable[[int], list[Path]], size: int
) -> None:
    run = subprocess.run(
        [program, *exported(size)], capture_output=True, text=True, check=False, timeout=60
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith(f"{ORIGIN}: {size} entries")


def grow(made: Services, size: int) -> None:
    with made.transaction() as tx:
        tx.record(*[EVENT] * (size - tx.ledger.head().size))


def fetched(reader: Caller, path: str, folder: Path) -> None:
    answer = reader.get(f"/ledger/{path}")
    assert answer.status_code == 200, path
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(answer.get_data())


@pytest.mark.parametrize("size", [255, 256, 257, 513])
def test_another_verifier_accepts_a_log_as_it_is_served(
    program: Path, tmp_path: Path, sqlite_broker: Services, size: int
) -> None:
    reader = a_caller(sqlite_broker, NURSE, Role.AUDITOR)
    grow(sqlite_broker, size)
    for path in ("log.vkey", "checkpoint"):
        fetched(reader, path, tmp_path)
    # Meanwhile the log goes on, and what is partial under that head may have become full.
    grow(sqlite_broker, size + 300)
    sqlite_broker.keep_checkpoint()

    for tile in tiles_of(size):
        fetched(reader, f"tile/0/{tile.path}", tmp_path)
        fetched(reader, f"tile/entries/{tile.path}", tmp_path)
    for tile in tiles_of(size // 256):
        fetched(reader, f"tile/1/{tile.path}", tmp_path)

    run = subprocess.run(
        [program, tmp_path], capture_output=True, text=True, check=False, timeout=60
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert f": {size} entries" in run.stdout


@pytest.mark.parametrize(
    "name", ["checkpoint", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"]
)
def test_another_verifier_refuses_a_changed_byte(
    program: Path, exported: Callable[[int], list[Path]], name: str
) -> None:
    folder, *receipts = exported(300)
    changed = bytearray((folder / name).read_bytes())
    changed[30] ^= 1
    (folder / name).write_bytes(changed)

    run = subprocess.run(
        [program, folder, *receipts], capture_output=True, text=True, check=False, timeout=60
    )

    assert run.returncode == 1
