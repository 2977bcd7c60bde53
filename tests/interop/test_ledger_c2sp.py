"""A verifier that shares nothing with our code reads what we export and serve: Go's own."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from brokers import NURSE
from callers import Caller, a_caller
from ledgers import EVENT, ORIGIN, Log, SeedSigner, a_log, checkpoint_of, run_verifier

from audit.format.entry import Entry
from audit.format.merkle.tiles import tiles_of
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.format.notes.verifier_key import VerifierKey
from audit.log.append.entry_writer import write_entry
from audit.log.checkpoint_store import CheckpointStore, KeptCheckpoint
from audit.log.serving.export import export
from audit.log.serving.receipts import issue_receipt
from broker.domain.roles import Role
from broker.wiring import Services

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
        keeper = CheckpointStore(kept_in, SeedSigner(1), ORIGIN)
        parts = sorted({1, (size + 1) // 2, size})
        kept = [keeper.keep(log.first(part)) for part in parts]
        export(log, kept, keeper.key, tmp_path / "export")
        receipts: list[Path] = []
        for index in sorted({0, size // 3, size - 1}):
            path = tmp_path / f"{index}.tlog-proof"
            path.write_bytes(issue_receipt(log, index, kept[-1]).to_bytes())
            receipts.append(path)
        return [tmp_path / "export", *receipts]

    return make


def answered(program: Path, *arguments: Path) -> tuple[int, str, str]:
    """What the other verifier returns, prints and complains of."""
    run = subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize(
    "size", [1, 2, 255, 256, 257, 513, pytest.param(70_000, marks=pytest.mark.long)]
)
def test_another_verifier_accepts_every_export_and_receipt(
    program: Path, exported: Callable[[int], list[Path]], size: int
) -> None:
    status, out, err = answered(program, *exported(size))

    assert (status, err) == (0, "")
    assert out.startswith(f"{ORIGIN}: {size} entries")


def grow(services: Services, size: int) -> None:
    with services.transaction() as tx:
        tx.append(*[EVENT] * (size - tx.ledger.head().size))


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
    sqlite_broker.checkpoints.keep()

    for tile in tiles_of(size):
        fetched(reader, f"tile/0/{tile.path}", tmp_path)
        fetched(reader, f"tile/entries/{tile.path}", tmp_path)
    for tile in tiles_of(size // 256):
        fetched(reader, f"tile/1/{tile.path}", tmp_path)

    status, out, err = answered(program, tmp_path)

    assert (status, err) == (0, "")
    assert f": {size} entries" in out


def changed(content: bytes) -> Iterator[bytes]:
    """The content with its first, middle or last byte changed."""
    for place in (0, len(content) // 2, len(content) - 1):
        yield content[:place] + bytes([content[place] ^ 0x40]) + content[place + 1 :]


def test_a_changed_byte_of_any_file_is_refused_by_both_verifiers(
    program: Path, exported: Callable[[int], list[Path]]
) -> None:
    folder, *receipts = exported(600)
    files = [path for path in folder.rglob("*") if path.is_file()]
    given = [word for path in receipts for word in ("--receipt", path)]
    for path in [*files, *receipts]:
        content = path.read_bytes()
        for other in changed(content):
            path.write_bytes(other)
            # What is ours alone, the other verifier does not read.
            if path.name not in {"manifest.json", "policy"}:
                assert answered(program, folder, *receipts)[0] == 1, path
            assert run_verifier("verify", folder, *given)[0] in {1, 3}, path
        path.write_bytes(content)

    assert answered(program, folder, *receipts)[0] == 0


SIZE = 600
PLACE = 300
OTHER = {**EVENT, "ref": "PRV-0000-0000"}


def edit(entries: list[Entry], place: int = PLACE) -> list[Entry]:
    entry = entries[place]
    other = write_entry({**entry.event, **OTHER}, entry.previous, entry.seq)
    return [*entries[:place], other, *entries[place + 1 :]]


def edit_last(entries: list[Entry]) -> list[Entry]:
    return edit(entries, SIZE - 1)


def edit_and_keep_the_hash(entries: list[Entry]) -> list[Entry]:
    forged = replace(edit(entries)[PLACE], leaf=entries[PLACE].leaf)
    return [*entries[:PLACE], forged, *entries[PLACE + 1 :]]


def remove(entries: list[Entry]) -> list[Entry]:
    return [*entries[:PLACE], *entries[PLACE + 1 :]]


def remove_and_fill_up(entries: list[Entry]) -> list[Entry]:
    return [*remove(entries), entries[-1]]


def swap(entries: list[Entry]) -> list[Entry]:
    pair = [entries[PLACE + 1], entries[PLACE]]
    return [*entries[:PLACE], *pair, *entries[PLACE + 2 :]]


def insert(entries: list[Entry]) -> list[Entry]:
    return [*entries[:PLACE], edit(entries)[PLACE], *entries[PLACE:]]


def repeat(entries: list[Entry]) -> list[Entry]:
    return [*entries[: PLACE + 1], *entries[PLACE:]]


def cut(entries: list[Entry]) -> list[Entry]:
    return entries[:-1]


def recompute(entries: list[Entry], place: int = PLACE) -> list[Entry]:
    log = Log(entries[:place])
    log.add(*[OTHER] * (SIZE - place))
    return log.entries


def recompute_all(entries: list[Entry]) -> list[Entry]:
    return recompute(entries, 1)


def signed(log: Log, *sizes: int, seed: int = 1) -> list[KeptCheckpoint]:
    heads = [checkpoint_of(log.first(size).entries) for size in sizes]
    return [
        KeptCheckpoint(checkpoint=head, note=sign_checkpoint(head, SeedSigner(seed)))
        for head in heads
    ]


@pytest.fixture(scope="module", name="honest")
def _honest() -> Log:
    return a_log(SIZE)


def refused_by_both(program: Path, folder: Path, policy: Path) -> bool:
    ours = run_verifier("verify", folder, "--policy", policy)
    return (answered(program, folder)[0], ours[0]) == (1, 1)


@pytest.fixture(name="policy")
def _policy(tmp_path: Path) -> Path:
    """What an outsider trusts: the log's own key and no other."""
    path = tmp_path / "mine"
    path.write_text(f"log {VerifierKey.of(ORIGIN, SeedSigner(1))}\nquorum none\n")
    return path


@pytest.mark.parametrize(
    "attack",
    [
        edit,
        edit_last,
        edit_and_keep_the_hash,
        remove,
        remove_and_fill_up,
        swap,
        insert,
        repeat,
        cut,
        recompute,
        recompute_all,
    ],
)
def test_other_entries_under_the_same_head_are_refused_by_both_verifiers(
    program: Path,
    honest: Log,
    policy: Path,
    tmp_path: Path,
    attack: Callable[[list[Entry]], list[Entry]],
) -> None:
    """The tiles and the manifest are made to fit the entries; the signature cannot be."""
    key = VerifierKey.of(ORIGIN, SeedSigner(1))
    forged = Log(attack(honest.entries))

    export(forged, signed(honest, SIZE), key, tmp_path / "export")

    assert refused_by_both(program, tmp_path / "export", policy)


def forked_now(honest: Log, fork: Log) -> tuple[Log, list[KeptCheckpoint]]:
    return honest, signed(fork, SIZE)


def forked_before(honest: Log, fork: Log) -> tuple[Log, list[KeptCheckpoint]]:
    return honest, [*signed(fork, PLACE + 1), *signed(honest, SIZE)]


def recomputed_with_the_key(honest: Log, fork: Log) -> tuple[Log, list[KeptCheckpoint]]:
    return fork, [*signed(honest, PLACE + 1), *signed(fork, SIZE)]


def recomputed_with_another_key(_: Log, fork: Log) -> tuple[Log, list[KeptCheckpoint]]:
    return fork, signed(fork, SIZE, seed=2)


def another_root(honest: Log, _: Log) -> tuple[Log, list[KeptCheckpoint]]:
    head = Checkpoint(origin=ORIGIN, size=SIZE, root=bytes(32))
    note = sign_checkpoint(head, SeedSigner(1))
    return honest, [KeptCheckpoint(checkpoint=head, note=note)]


@pytest.mark.parametrize(
    "attack",
    [
        forked_now,
        forked_before,
        recomputed_with_the_key,
        recomputed_with_another_key,
        another_root,
    ],
)
def test_heads_that_do_not_belong_to_the_entries_are_refused_by_both_verifiers(
    program: Path,
    honest: Log,
    policy: Path,
    tmp_path: Path,
    attack: Callable[[Log, Log], tuple[Log, list[KeptCheckpoint]]],
) -> None:
    key = VerifierKey.of(ORIGIN, SeedSigner(1))
    log, heads = attack(honest, Log(recompute(honest.entries)))

    export(log, heads, key, tmp_path / "export")

    assert refused_by_both(program, tmp_path / "export", policy)


def test_a_head_that_counts_more_than_the_export_is_refused_by_both_verifiers(
    program: Path, honest: Log, policy: Path, tmp_path: Path
) -> None:
    key = VerifierKey.of(ORIGIN, SeedSigner(1))
    export(honest.first(PLACE), signed(honest, PLACE), key, tmp_path / "export")
    assert answered(program, tmp_path / "export")[0] == 0

    held = signed(honest, SIZE)[0].note
    (tmp_path / "export" / "checkpoints" / f"{SIZE:020}").write_bytes(held)

    assert refused_by_both(program, tmp_path / "export", policy)


def test_what_the_holder_of_the_key_writes_anew_passes_where_nobody_holds_an_older_head(
    program: Path, honest: Log, policy: Path, tmp_path: Path
) -> None:
    """What a ledger cannot show by itself, and its documents say so."""
    key = VerifierKey.of(ORIGIN, SeedSigner(1))
    fork = Log(recompute_all(honest.entries))

    export(fork, signed(fork, SIZE), key, tmp_path / "export")

    assert answered(program, tmp_path / "export")[0] == 0
    assert run_verifier("verify", tmp_path / "export", "--policy", policy)[0] == 0
