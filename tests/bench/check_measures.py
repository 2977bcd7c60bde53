"""What looking at a whole database costs: as many disclosures as a region sends in years."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from brokers import Clock, a_broker
from measuring import Measure
from referrals import deliver
from sqlalchemy import Table, insert, select

from broker.domain.cases.earlier import Side
from broker.domain.cases.likeness import MarkKind
from broker.domain.references import Reference, new_reference, parse_reference
from broker.storage import tables
from broker.storage.rows.indexes.earlier import StoredMark, earlier_mark
from broker.storage.transaction import Transaction
from broker.wiring import Services

DISCLOSURES = 100_000
AT_ONCE = 500
_SET_BY_THE_LEDGER = frozenset({"id", "ts", "clock", "gw", "gw_seq", "n"})
_COPIED = (tables.case_field, tables.duty)
_MARKED_BY = {"received": Side.ENTERED, "sealed": Side.RECEIVED}

Rows = Sequence[Mapping[str, Any]]


def check_many_disclosures(folder: Path) -> Measure:
    """Measure `broker check` over 100,000 delivered disclosures, each row compared, in seconds."""
    services = a_broker(folder / "home", Clock(now=datetime.now(UTC)))
    many_of(services, deliver(services), DISCLOSURES)
    services.close()
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "broker", "check"],
        env={**os.environ, "BROKER_HOME": str(folder / "home")},
        capture_output=True,
        check=False,  # it complains that nothing serves
    )
    seconds = time.perf_counter() - began
    return Measure(
        name="check 100,000 disclosures, s",
        ratio=seconds,
        goal="<= 20",
        detail=f"{DISCLOSURES:,} disclosures, {seconds / DISCLOSURES * 1e6:.0f} us each",
    )


def many_of(services: Services, one: Reference, count: int) -> None:
    """Keep a delivered disclosure so many times over, each with rows and entries of its own."""
    with services.transaction() as tx:
        (row,) = _rows(tx, tables.disclosure, one)
        beside = {table: _rows(tx, table, one) for table in _COPIED}
        marks = _rows(tx, earlier_mark, one)
        said = [
            {name: value for name, value in entry.event.items() if name not in _SET_BY_THE_LEDGER}
            for entry in tx.about(one)
        ]
    for _ in range(count // AT_ONCE):
        names = [str(new_reference()) for _ in range(AT_ONCE)]
        with services.transaction() as tx:
            again = [{**row, "reference": name} for name in names]
            tx.connection.execute(insert(tables.disclosure), again)
            for table, rows in beside.items():
                copies = [{**held, "reference": name} for name in names for held in rows]
                tx.connection.execute(insert(table), copies)
            tx.append(*(_about(tx, event, name, marks) for name in names for event in said))


def _rows(tx: Transaction, table: Table, reference: Reference) -> Rows:
    query = select(table).where(table.c.reference == str(reference))
    return [dict(row) for row in tx.connection.execute(query).mappings()]


def _about(
    tx: Transaction, event: Mapping[str, object], name: str, marks: Rows
) -> Mapping[str, object]:
    """Return an event about another disclosure, and keep the marks that it vouches for."""
    about, reference = {**event, "ref": name}, parse_reference(name)
    if "row" in event:
        owed = tx.duties.as_stored(reference)
        about |= {"row": owed.name, "row_mac": owed.mac}
    if "marks_mac" in event:
        side = _MARKED_BY[str(event["type"])]
        rows = [row for row in marks if row["side"] == side]
        again = [StoredMark(digest=row["digest"], kind=MarkKind(row["kind"])) for row in rows]
        first = rows[0]
        about["marks_mac"] = tx.earlier.put(
            reference, first["case_id"], side, again, first["edition"]
        )
    return about


CHECK_MEASURES = (check_many_disclosures,)
