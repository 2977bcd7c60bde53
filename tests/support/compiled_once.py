"""Statements that are compiled once for all the databases of a process of tests.

A gateway has one engine, which compiles a statement when it is first asked and never again. A
process of tests has hundreds, one for each home, which would each compile the same statements.
"""

from typing import Any, ClassVar

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

MOST = 4_000
"""How many statements are kept: more than there are, since what is dropped is compiled anew."""


class _Alike:
    """A dialect for whose engines a statement that one of them has compiled is compiled."""

    statements: ClassVar[LRUCache[Any, Any]]

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine._compiled_cache = cls.statements

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


class SQLite(_Alike, SQLiteDialect_pysqlite):
    statements = LRUCache(MOST)
    supports_statement_cache = True


class PostgreSQL(_Alike, PGDialect_psycopg):
    statements = LRUCache(MOST)
    supports_statement_cache = True


def compile_once() -> None:
    """Have every engine that is made from now on share what the others have compiled."""
    registry.register("sqlite", __name__, SQLite.__name__)
    registry.register("postgresql.psycopg", __name__, PostgreSQL.__name__)
