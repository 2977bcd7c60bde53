"""What is asked of a database while something is done, as it was asked."""

import re
import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import event

from broker.wiring import Services

_VALUES = re.compile(r"[xX]?'(?:[^']|'')*'|\b\d+\b")
_LISTS = re.compile(r"IN \((?:[^()]|\([^()]*\))*\)")


def statements_of(services: Services) -> list[str]:
    """Return what is filled with each statement that is run from now on, values and all.

    Each beginning and end of a transaction is one.
    """
    made = list[str]()
    _hear(services, made.append)
    return made


def shapes_of(services: Services) -> list[str]:
    """Return what is filled with each statement that is run from now on, without its values.

    A list of values has one shape however long it is.
    """
    made = list[str]()
    _hear(services, lambda said: made.append(_LISTS.sub("IN (...)", _VALUES.sub("?", said))))
    return made


def _hear(services: Services, told: Callable[[str], None]) -> None:
    """Be told of each statement, whoever gives it to the driver."""
    engine = services.transaction.database.engine

    class Telling(psycopg.Cursor[Any]):
        def execute(self, query: Any, *given: Any, **named: Any) -> Any:
            told(str(query))
            return super().execute(query, *given, **named)

    def listen(connection: sqlite3.Connection | psycopg.Connection, _record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(told)
        else:
            connection.cursor_factory = Telling

    engine.dispose()
    event.listen(engine, "connect", listen)
