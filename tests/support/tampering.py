"""Hands in the database, past its triggers: what its administrator can do without any key."""

from functools import reduce

from ledgers import disarm
from sqlalchemy import Connection, delete, insert, select, update

from audit.format.entry import Entry
from audit.format.gateway_counters import Counters
from audit.format.merkle.tree import Frontier
from audit.log.append.entry_writer import write_entry
from audit.log.ledger import Ledger
from audit.log.tables import ledger_checkpoint, ledger_entry, ledger_head, stored_id
from broker.domain.references import Reference
from broker.wiring import Services


def lose_from(services: Services, size: int) -> None:
    """Put the ledger back to its first entries, as an old backup does."""
    with services.transaction.database.transaction() as connection:
        disarm(connection)
        connection.execute(delete(ledger_entry).where(ledger_entry.c.seq >= size))
        connection.execute(delete(ledger_checkpoint).where(ledger_checkpoint.c.size > size))
        _put_head_right(connection, _entries(services, size))
        # A backup holds the head that the gateway wrote at that time.
        _authenticate(services, connection)


def rewrite_from(services: Services, seq: int, *, holding_the_keys: bool = False) -> None:
    """Say that somebody else did what entry `seq` records, and recompute all that follows."""
    entries = _entries(services)
    for number in range(seq, len(entries)):
        event = dict(entries[number].event)
        if number == seq:
            event["by"] = "somebody-else"
        entries[number] = write_entry(event, entries[number - 1].leaf, number)
    with services.transaction.database.transaction() as connection:
        disarm(connection)
        connection.execute(delete(ledger_checkpoint).where(ledger_checkpoint.c.size > seq))
        for entry in entries[seq:]:
            changed = update(ledger_entry).where(ledger_entry.c.seq == entry.seq)
            connection.execute(changed.values(entry=entry.raw, leaf=entry.leaf))
        _put_head_right(connection, entries)
        if holding_the_keys:
            _authenticate(services, connection)


def say_another_did_it(services: Services, number: int) -> None:
    """Say in one entry of the nurse's that somebody else did what it records."""
    with services.transaction.database.transaction() as connection:
        disarm(connection)
        of_it = ledger_entry.c.seq == number
        raw = connection.scalar(select(ledger_entry.c.entry).where(of_it)) or b""
        changed = raw.replace(b'"by":"p-nurse"', b'"by":"p-other"')
        assert changed != raw
        connection.execute(update(ledger_entry).where(of_it).values(entry=changed))


def _authenticate(services: Services, connection: Connection) -> None:
    connection.execute(update(ledger_head).values(authenticator=None))
    services.transaction.on(connection).ledger.authenticate()


def _entries(services: Services, stop: int | None = None) -> list[Entry]:
    with services.transaction.database.reading() as connection:
        return list(services.transaction.on(connection).ledger.entries(0, stop))


def _put_head_right(connection: Connection, entries: list[Entry]) -> None:
    edge = Frontier().extend(entry.leaf for entry in entries)
    connection.execute(
        update(ledger_head).values(
            size=edge.size,
            previous_leaf=entries[-1].leaf,
            frontier=edge.to_bytes(),
            last_moment=entries[-1].moment,
            gateways=str(reduce(Counters.after, (one.gateway for one in entries), Counters())),
        )
    )


def grow(services: Services, event: dict[str, object]) -> None:
    """Append one entry as the database's administrator: head and all, but without a key."""
    with services.transaction.database.transaction() as connection:
        Ledger(connection, services.clock, "g-forged").append([event])


def put_behind_the_head(services: Services, event: dict[str, object]) -> None:
    with services.transaction.database.transaction() as connection:
        head = services.transaction.on(connection).ledger.head()
        stamp = {"id": "019cf684-71e8-7000-8000-00000000abcd", "ts": head.last_moment}
        entry = write_entry(
            {**event, **stamp, "gw": "g-forged", "gw_seq": 0}, head.previous_leaf, head.size
        )
        connection.execute(
            insert(ledger_entry).values(
                seq=entry.seq,
                entry=entry.raw,
                leaf=entry.leaf,
                event_id=stored_id(entry.event_id),
                reference=entry.reference,
            )
        )


def an_erasure(services: Services, reference: Reference) -> dict[str, object]:
    with services.transaction() as tx:
        case = tx.store.disclosure(reference).case
    return {"type": "erased", "ref": str(reference), "case": case, "by": "p-x", "why": "order"}
