"""A tampering in the home of a demonstration, to be found: somebody edits the database by hand.

It does what an administrator of the database can do who has no key of the broker's: switches the
triggers off, changes a row, and switches them on again.
"""

import re
from typing import Final

from sqlalchemy import Connection

from audit.log.ledger import Ledger
from audit.log.tables import drop_triggers, triggers
from broker.operations.demo_home import MARKER, DemoError
from broker.wiring import Services

SOMEBODY_ELSE: Final = "p-somebody-else"
_BY: Final = re.compile(rb'"by":"[a-z0-9-]+"')
_LOOKED_AT: Final = 10_000


def tamper(services: Services) -> int:
    """Say of the newest pack that was taken in that somebody else sent it; return the entry.

    Raises `DemoError` in a home that no demonstration made, and where there is nothing to change.
    """
    if not (services.home.path / MARKER).exists():
        raise DemoError(
            "This home was made by no demonstration, so nothing was touched. Name one: "
            "BROKER_HOME=var/demo broker demo tamper"
        )
    with services.transaction.database.transaction() as connection:
        number, raw = _newest_received(services.transaction.on(connection).ledger)
        changed = _BY.sub(b'"by":"%s"' % SOMEBODY_ELSE.encode(), raw, count=1)
        _write_past_the_broker(connection, number, changed)
    return number


def _newest_received(ledger: Ledger) -> tuple[int, bytes]:
    for number, raw in reversed([*enumerate(ledger.raw_entries(0, _LOOKED_AT))]):
        if b'"type":"received"' in raw and SOMEBODY_ELSE.encode() not in raw:
            return number, raw
    raise DemoError("No pack was taken in here that could be tampered with. Run: make demo")


def _write_past_the_broker(connection: Connection, number: int, raw: bytes) -> None:
    for statement in drop_triggers(connection.dialect.name):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("UPDATE ledger_entry SET entry = ? WHERE seq = ?", (raw, number))
    for statement in triggers(connection.dialect.name):
        connection.exec_driver_sql(statement)
