"""What one process knew of the ledger serves the next, and nobody else writes it for us."""

from pathlib import Path
from typing import Final

import pytest
from referrals import submit

from audit.log.known import CASE, REF, TYPE, KnownLog
from broker.ledger import known_snapshot
from broker.ledger.known_snapshot import KnownSnapshot
from broker.wiring import Services, assemble

FEW: Final = 3


@pytest.fixture(autouse=True)
def _few_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_snapshot, "WORTH_KEEPING", FEW)


def learnt(services: Services) -> KnownLog:
    """Return what is known after reading the file that another process left."""
    services.known.learn(services.transaction)
    return services.known.load()


def test_what_is_kept_says_all_that_was_known(sqlite_broker: Services) -> None:
    reference = submit(sqlite_broker)
    object.__setattr__(sqlite_broker.transaction, "known_log", KnownLog())

    again = learnt(sqlite_broker)

    with sqlite_broker.transaction() as tx:
        here, there = tx.known(), again.at(tx.ledger)
        assert again.size == here.size
        assert there.about(REF, str(reference)) == here.about(REF, str(reference))
        case = tx.disclosure(reference).case
        assert there.about(CASE, case) == here.about(CASE, case)
        assert there.newest(TYPE, "policy.activate") == here.newest(TYPE, "policy.activate")
        name = "mailbox/northshire-prevent"
        assert there.row(name) == here.row(name)
        assert set(there.rows("agency")) == set(here.rows("agency"))


def test_the_next_process_goes_on_from_it(sqlite_broker: Services) -> None:
    object.__setattr__(sqlite_broker.transaction, "known_log", KnownLog())
    before = learnt(sqlite_broker).size
    reference = submit(sqlite_broker)

    following = assemble(sqlite_broker.settings, clock=sqlite_broker.clock)
    try:
        assert following.transaction.known_log.size == before
        with following.transaction() as tx:
            assert [entry.type for entry in tx.about(reference)] == ["received", "decided"]
    finally:
        following.close()


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_file_that_is_not_ours_is_done_without(sqlite_broker: Services) -> None:
    object.__setattr__(sqlite_broker.transaction, "known_log", KnownLog())
    learnt(sqlite_broker)
    path = sqlite_broker.home.known_log
    whole = path.read_bytes()

    for other in (b"", b"x", whole[:-1], whole[:32]):
        path.write_bytes(other)
        assert sqlite_broker.known.load().size == 0
    path.write_bytes(whole)
    damaged(path)
    assert sqlite_broker.known.load().size == 0
    path.unlink()
    assert sqlite_broker.known.load().size == 0
    path.mkdir()
    assert sqlite_broker.known.load().size == 0


def test_a_file_of_another_log_under_our_key_leads_to_nothing(
    sqlite_broker: Services, tmp_path: Path
) -> None:
    submit(sqlite_broker)
    with sqlite_broker.transaction() as tx:
        size = tx.known().size
    longer = KnownSnapshot(
        path=tmp_path / "known-log", authenticator=sqlite_broker.transaction.rows
    )
    index = KnownLog().index()
    index.extend([b'{"event":{"type":"alive"}}'] * (size + FEW), [bytes(32)] * (size + FEW))
    longer._write(index)

    with sqlite_broker.transaction() as tx:
        assert longer.load().at(tx.ledger).row("mailbox/northshire-prevent") is not None


def test_a_few_entries_more_are_not_worth_a_file(
    sqlite_broker: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_snapshot, "WORTH_KEEPING", 5_000)
    object.__setattr__(sqlite_broker.transaction, "known_log", KnownLog())

    learnt(sqlite_broker)

    assert not sqlite_broker.home.known_log.exists()
