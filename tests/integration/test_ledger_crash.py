"""Kill -9 at every step of an append, a signature and an export; both databases."""

from pathlib import Path

import pytest
from children import Children
from crash_child import RETRIED
from ledgers import EVENT, run_verifier
from referrals import assert_ledger_verifies

from broker.wiring import Services

FULL = 256
"""How many entries fill a tile."""


@pytest.fixture(name="children")
def _children(services: Services) -> Children:
    """Processes that find a ledger which the next entry fills a tile of."""
    with services.transaction() as tx:
        tx.append(*[EVENT] * (FULL - 1 - tx.ledger.head().size))
    return Children(services)


def head_size(services: Services) -> int:
    with services.transaction() as tx:
        return tx.ledger.head().size


@pytest.mark.parametrize(
    ("stop", "recorded"),
    [
        ("before-the-transaction", 0),
        ("with-the-head-locked", 0),
        ("after-ledger_entry", 0),
        ("after-ledger_tile", 0),
        ("after-ledger_head", 0),
        ("before-commit-of-expired", 0),
        ("after-commit-of-expired", 1),
    ],
)
def test_an_append_that_is_killed_is_whole_or_never_was_and_is_recorded_once_when_retried(
    services: Services, children: Children, stop: str, recorded: int
) -> None:
    services.checkpoints.keep()

    children.killed_at(stop, "append")

    assert head_size(services) == FULL - 1 + recorded
    assert_ledger_verifies(services)
    assert children.finished("append") == f"({FULL - 1},)"
    with services.transaction() as tx:
        known = [entry.seq for entry in tx.ledger.entries() if entry.event_id == RETRIED["id"]]
        assert (known, tx.ledger.head().size) == ([FULL - 1], FULL)
        assert len(list(tx.ledger.tiles(0, 0, 2))) == 1
    assert_ledger_verifies(services)


@pytest.mark.parametrize(
    ("stop", "kept"),
    [
        ("while-signing", 0),
        ("while-keeping-a-head", 0),
        ("with-a-head-kept", 1),
        ("with-a-head-recorded", 1),
    ],
)
def test_a_signature_that_is_killed_leaves_the_head_of_before_or_the_new_one_whole(
    services: Services, children: Children, stop: str, kept: int
) -> None:
    before = services.checkpoints.keep()
    children.finished("append")

    children.killed_at(stop, "keep")

    newest = services.checkpoints.store.newest()
    assert newest is not None
    assert (newest == before) == (kept == 0)
    services.checkpoints.check_growth()
    again = services.checkpoints.keep()
    assert again.checkpoint.size == FULL
    assert kept == 0 or again == newest
    with services.transaction() as tx:
        assert dict(tx.ledger.checkpoints())[FULL] == again.note
    assert_ledger_verifies(services)


@pytest.mark.parametrize(
    ("stop", "exported"),
    [
        ("while-writing-the-export", False),
        ("before-the-export-appears", False),
        ("after-the-export-appeared", True),
    ],
)
def test_an_export_that_is_killed_is_whole_or_not_there(
    services: Services, children: Children, tmp_path: Path, stop: str, *, exported: bool
) -> None:
    services.checkpoints.keep()

    children.killed_at(stop, "export")

    assert (tmp_path / "export").exists() == exported
    if not exported:
        children.finished("export")
    assert run_verifier("verify", tmp_path / "export")[0] == 0
