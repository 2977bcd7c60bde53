"""The ledger below /ledger/, as any C2SP monitor reads it, on both databases."""

import pytest
from brokers import NURSE
from callers import Caller, a_caller, refusal_of
from gateways import gateway
from ledgers import EVENT, past_the_triggers

from audit.format.merkle.tiles import split_bundle
from audit.format.merkle.tree import Frontier, leaf_hash
from audit.format.notes.signed_checkpoint import open_checkpoint
from audit.format.notes.verifier_key import VerifierKey
from broker.domain.roles import Role
from broker.wiring import Services

SIGNED = 300


@pytest.fixture(name="auditor")
def _auditor(services: Services) -> Caller:
    """Reads a log of which 300 entries are signed, and 300 more are not."""
    auditor = a_caller(services, NURSE, Role.AUDITOR)
    grow(services, SIGNED)
    services.checkpoints.keep()
    grow(services, 2 * SIGNED)
    return auditor


def grow(services: Services, size: int) -> None:
    with services.transaction() as tx:
        tx.append(*[EVENT] * (size - tx.ledger.head().size))


def test_the_head_and_its_key_belong_together(services: Services, auditor: Caller) -> None:
    note, vkey = auditor.get("/ledger/checkpoint"), auditor.get("/ledger/log.vkey")

    for answer in (note, vkey):
        assert answer.content_type == "text/plain; charset=utf-8"
    assert note.headers["Cache-Control"] == "private, max-age=1"
    assert vkey.headers["Cache-Control"] == "no-store"
    key = VerifierKey.parse(vkey.get_data(as_text=True).removesuffix("\n"))
    assert open_checkpoint(note.get_data(), key) == services.checkpoints.keep().checkpoint


def test_tiles_and_bundles_hold_what_was_signed(auditor: Caller) -> None:
    entries: list[bytes] = []
    for path in ("entries/000", "entries/001.p/44"):
        entries += split_bundle(auditor.get(f"/ledger/tile/{path}").get_data())
    leaves = [leaf_hash(entry) for entry in entries]

    full, partial, above = (
        auditor.get(f"/ledger/tile/{path}") for path in ("0/000", "0/001.p/44", "1/000.p/1")
    )

    assert len(entries) == SIGNED
    assert full.get_data() == b"".join(leaves[:256])
    assert partial.get_data() == b"".join(leaves[256:])
    assert above.get_data() == Frontier().extend(leaves[:256]).root()
    for answer in (full, partial, above):
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("0/001.p/45", id="wider than signed"),
        pytest.param("0/001", id="full but not signed"),
        pytest.param("entries/001", id="bundle full but not signed"),
        pytest.param("0/002.p/1", id="empty"),
        pytest.param("1/000", id="not full above"),
        pytest.param("2/000.p/1", id="empty above"),
        pytest.param("0/x000", id="not ended"),
        pytest.param("0/x000/000", id="leading zeros"),
        pytest.param("00/000", id="level with a zero"),
        pytest.param("0/000.p/0", id="no width"),
        pytest.param("0/000.p/256", id="full width"),
        pytest.param("0/000.p/257", id="more than full width"),
        pytest.param("0/000/", id="slash at the end"),
        pytest.param("/0/000", id="slash before"),
        pytest.param("0//000", id="two slashes"),
        pytest.param("0/%D9%A0%D9%A0%D9%A0", id="digits of another script"),
        pytest.param("", id="nothing"),
        pytest.param("nonsense", id="nonsense"),
    ],
)
def test_nothing_else_is_there(auditor: Caller, path: str) -> None:
    answer = auditor.get(f"/ledger/tile/{path}")

    assert (answer.status_code, refusal_of(answer).slug) == (404, "not-found")
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_signed_later_is_served_later(services: Services, auditor: Caller) -> None:
    assert auditor.get("/ledger/tile/0/001").status_code == 404

    head = auditor.get("/ledger/checkpoint").get_data(as_text=True)

    assert head.splitlines()[1] == str(2 * SIGNED)
    assert auditor.get("/ledger/tile/0/001").status_code == 200
    assert auditor.get("/ledger/tile/0/001.p/44").status_code == 200
    with services.transaction() as tx:
        assert tx.ledger.signed_size() == 2 * SIGNED


@pytest.mark.parametrize("statement", ["ledger_tile", "ledger_entry WHERE seq = 270"])
def test_a_damaged_ledger_serves_no_half_of_a_tile(
    services: Services, auditor: Caller, statement: str
) -> None:
    past_the_triggers(services.transaction.database.engine, f"DELETE FROM {statement}")  # noqa: S608

    path = "0/000" if statement == "ledger_tile" else "entries/001.p/44"
    answer = auditor.get(f"/ledger/tile/{path}")

    assert (answer.status_code, refusal_of(answer).slug) == (503, "ledger-at-fault")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["checkpoint", "log.vkey", "tile/0/000", "tile/nonsense"])
def test_strangers_read_nothing_of_it(services: Services, path: str) -> None:
    stranger = gateway(services).test_client().get(f"/ledger/{path}")

    assert stranger.status_code == 401
