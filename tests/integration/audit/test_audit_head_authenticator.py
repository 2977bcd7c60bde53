"""The log grows only by who holds its authenticator, and rests on no entry of anybody else."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from ledgers import GATEWAY, ORIGIN
from sqlalchemy import Connection, delete, insert, select, update

from audit.errors import BrokenLedgerError, ForeignGrowthError, ForeignRowsError
from audit.format.entry import Entry
from audit.log.append.chain import Event, Head
from audit.log.append.entry_writer import write_entry
from audit.log.known import REF, KnownLog
from audit.log.ledger import Ledger
from audit.log.tables import ledger_entry, ledger_head, stored_id

REFERENCE = "PRV-7Q4K-M2XH"
EVENT: Event = {"type": "expired", "ref": REFERENCE}
ERASED: Event = {**EVENT, "type": "erased", "case": "c-1", "by": "p-nobody", "why": "order"}


@dataclass(frozen=True)
class Held:
    key: bytes

    def digest(self, content: bytes, /) -> bytes:
        return hmac.digest(self.key, content, hashlib.sha256)


OURS, THEIRS = Held(b"ours"), Held(b"theirs")


@pytest.fixture(name="ours")
def _ours(connection: Connection, clock: Callable[[], datetime]) -> Ledger:
    ledger = Ledger(connection, clock, GATEWAY, authenticator=OURS)
    ledger.open_log(ORIGIN)
    ledger.append([EVENT])
    return ledger


def put_in(connection: Connection, event: Event, *, moving_the_head: bool) -> None:
    """Append as somebody who has the database, and no key."""
    stamped = {**event, "id": "019cf684-71e8-7000-8000-00000000abcd"}
    ledger = Ledger(connection, lambda: datetime(2026, 3, 17, tzinfo=UTC), GATEWAY)
    head = ledger.head()
    if moving_the_head:
        ledger.append([event])
        return
    entry = write_entry(
        {**stamped, "ts": head.last_moment, "gw": GATEWAY, "gw_seq": 9},
        head.previous_leaf,
        head.size,
    )
    connection.execute(insert(ledger_entry).values(row_of(entry)))


def known_about(log: Ledger) -> tuple[Entry, ...]:
    return KnownLog().at(log).about(REF, REFERENCE)


def row_of(entry: Entry) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "entry": entry.raw,
        "leaf": entry.leaf,
        "event_id": stored_id(entry.event_id),
        "reference": entry.reference,
    }


def test_it_grows_by_who_holds_the_authenticator(ours: Ledger) -> None:
    ours.append([EVENT, EVENT])

    assert ours.head().size == 4
    assert [entry.seq for entry in known_about(ours)] == [1, 2, 3]


def test_growth_by_somebody_else_is_refused_whatever_is_asked_next(
    connection: Connection, ours: Ledger
) -> None:
    put_in(connection, ERASED, moving_the_head=True)

    for asked in (ours.head, lambda: ours.append([EVENT]), lambda: known_about(ours)):
        with pytest.raises(ForeignGrowthError, match="broker ledger verify"):
            asked()


@pytest.mark.usefixtures("ours")
def test_the_authenticator_of_another_installation_does_not_count(
    connection: Connection, clock: Callable[[], datetime]
) -> None:
    other = Ledger(connection, clock, GATEWAY, authenticator=THEIRS)

    with pytest.raises(ForeignGrowthError):
        other.append([EVENT])


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"origin": "other.example/ledger"}, id="its name"),
        pytest.param({"size": 1}, id="its size"),
        pytest.param({"previous_leaf": bytes(32)}, id="its last leaf"),
        pytest.param({"last_moment": "2020-01-01T00:00:00.000000Z"}, id="its last moment"),
        pytest.param({"gateways": "{}"}, id="its counters"),
        pytest.param({"authenticator": None}, id="its authenticator taken away"),
        pytest.param({"authenticator": bytes(32)}, id="another authenticator"),
    ],
)
def test_a_head_of_which_one_part_was_changed_is_refused(
    connection: Connection, ours: Ledger, changes: dict[str, object]
) -> None:
    frontier = {"frontier": ours.head().frontier.to_bytes()[:32]} if "size" in changes else {}
    connection.execute(update(ledger_head).values(**changes, **frontier))

    with pytest.raises(ForeignGrowthError):
        ours.head()


def test_an_older_head_that_was_put_back_takes_nothing_in(
    connection: Connection, ours: Ledger
) -> None:
    older = connection.execute(select(ledger_head)).mappings().one()
    ours.append([EVENT])
    connection.execute(update(ledger_head).values(**older))

    with pytest.raises(ForeignRowsError):
        ours.append([EVENT])


def test_an_entry_behind_the_head_is_not_believed(connection: Connection, ours: Ledger) -> None:
    put_in(connection, ERASED, moving_the_head=False)

    assert ours.head().size == 2
    assert [entry.type for entry in known_about(ours)] == ["expired"]
    with pytest.raises(ForeignRowsError, match="behind the ledger's head"):
        ours.append([EVENT])


def test_an_entry_that_was_exchanged_is_not_believed(connection: Connection, ours: Ledger) -> None:
    connection.exec_driver_sql("DROP TRIGGER ledger_entry_no_update")
    connection.exec_driver_sql("DROP TRIGGER ledger_entry_no_delete")
    (first, second) = ours.entries()
    forged = write_entry({**second.event, **ERASED}, first.leaf, 1)
    connection.execute(delete(ledger_entry).where(ledger_entry.c.seq == 1))
    connection.execute(insert(ledger_entry).values(row_of(forged)))

    with pytest.raises(BrokenLedgerError, match="does not lead to this ledger's head"):
        known_about(ours)


@pytest.mark.usefixtures("ledger")
def test_a_log_of_before_is_authenticated_once(
    connection: Connection, clock: Callable[[], datetime]
) -> None:
    ours = Ledger(connection, clock, GATEWAY, authenticator=OURS)
    assert not ours.is_authenticated()
    with pytest.raises(ForeignGrowthError):
        ours.head()

    ours.authenticate()

    assert ours.is_authenticated()
    assert ours.append([EVENT])[0].seq == 1
    with pytest.raises(ForeignGrowthError):
        ours.authenticate()


def test_the_name_after_a_restore_is_authenticated_too(ours: Ledger) -> None:
    restored = {
        "type": "restored",
        "by": "p-one",
        "second": "p-two",
        "size": 9,
        "root": "00" * 32,
        "origin": f"{ORIGIN}/2",
        "vkey": f"{ORIGIN}/2+00000000+{'A' * 44}",
    }
    ours.restore_log(restored)

    assert ours.head().origin == f"{ORIGIN}/2"
    assert replace(ours.head(), origin=ORIGIN) != ours.head()


def test_each_part_of_a_head_stands_in_its_statement() -> None:
    head = Head(origin=ORIGIN)
    others = (replace(head, origin="other.example/ledger"), replace(head, last_moment="x"))

    assert len({changed.statement() for changed in (head, *others)}) == 3
