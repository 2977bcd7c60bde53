"""What is asked of a database while something is done, as it was asked."""

import re
import sqlite3
from typing import Any

from sqlalchemy import event

from broker.wiring import Services

_VALUES = re.compile(r"IN \((?:[^()]|\([^()]*\))*\)")


def statements_of(services: Services) -> list[str]:
    """Return what is filled with each statement that is run from now on, values and all.

    Each beginning and end of a transaction is one.
    """
    made, engine = list[str](), services.transaction.database.engine

    def listen(connection: sqlite3.Connection, _record: Any) -> None:
        connection.set_trace_callback(made.append)

    engine.dispose()
    event.listen(engine, "connect", listen)
    return made


def shapes_of(services: Services) -> list[str]:
    """Return what is filled with each statement that is run from now on, without its values.

    A list of values has one shape however long it is.
    """
    made = list[str]()

    def listen(*given: Any) -> None:
        made.append(_VALUES.sub("IN (...)", str(given[2])))

    event.listen(services.transaction.database.engine, "before_cursor_execute", listen)
    return made
