"""What somebody with one role in the database can write: every statement that the role may do.

Each edit is made over a whole table, or over one row where a key stands against that. The owner of
the tables takes it back, so that the next begins from what was there.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    Table,
    and_,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

INTRUDER = "p-intruder"
BODY = "northshire-police"
ADDRESS = "evil@attacker.example"
LONG_AGO = "2020-01-01T00:00:00.000000Z"

WHOSE = frozenset({"person", "requester", "owner", "by", "reader", "asker", "opened_by"})
WHICH_BODY = frozenset({"agency", "sender", "asking", "asked"})
STATES = frozenset({"state", "outcome", "step", "stage", "ended", "part", "form"})

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One statement of a hostile hand, and the rows that it is about as they were."""

    verb: str
    table: Table
    rows: Sequence[Row]
    values: Row

    def __str__(self) -> str:
        shown = {name: str(value)[:24] for name, value in self.values.items()}
        return f"{self.verb} {self.table.name} {shown}"


def rows_of(table: Table, owner: Engine) -> list[dict[str, Any]]:
    """Return every row of a table, by key."""
    with owner.connect() as connection:
        query = select(table).order_by(*table.primary_key.columns)
        return [dict(row) for row in connection.execute(query).mappings()]


def edits_of(table: Table, rows: Sequence[Row], verbs: Sequence[str]) -> Iterator[Edit]:
    """Yield what a role that may do `verbs` can do with the rows of a table."""
    if "UPDATE" in verbs:
        yield from _updates(table, rows)
    if "INSERT" in verbs:
        yield from _inserts(table, rows)
    if "DELETE" in verbs and rows:
        yield Edit(verb="DELETE", table=table, rows=rows, values={})


def _updates(table: Table, rows: Sequence[Row]) -> Iterator[Edit]:
    for column in table.columns:
        held = [row[column.name] for row in rows]
        for value in dict.fromkeys((*held[:1], *held[-1:], *_values(column, held))):
            differing = [row for row in rows if row[column.name] != value]
            about = differing[:1] if column.primary_key else differing
            if about:
                yield Edit(verb="UPDATE", table=table, rows=about, values={column.name: value})
    for row, other in ((rows[0], rows[-1]), (rows[-1], rows[0])) if len(rows) > 1 else ():
        # Everything but the key: one true row in the place of another.
        names = [one.name for one in table.columns if not one.primary_key]
        values = {name: other[name] for name in names if other[name] != row[name]}
        if values:
            yield Edit(verb="UPDATE", table=table, rows=[row], values=values)


def _values(column: Column[Any], held: Sequence[object]) -> Iterator[object]:
    name = column.name
    if column.nullable:
        yield None
    match column.type:
        case Boolean():
            yield from (True, False)
        case Integer():
            yield from (0, max((int(str(one or 0)) for one in held), default=0) + 1)
        case LargeBinary():
            yield bytes(32)
        case _ if name.endswith(("_at", "_on", "until", "_day")):
            yield from (LONG_AGO, LONG_AGO[:10])
        case _ if name in STATES:
            yield from ("decided", "permit", "sent", "send")
        case _:
            yield from (INTRUDER, BODY, ADDRESS)


def _inserts(table: Table, rows: Sequence[Row]) -> Iterator[Edit]:
    for row in (*rows[:1], *rows[-1:]):
        theirs = {name: INTRUDER for name in row if name in WHOSE}
        theirs |= {name: BODY for name in row if name in WHICH_BODY}
        fresh = {
            column.name: _fresh(column, row[column.name]) for column in table.primary_key.columns
        }
        for changed in (fresh, {**fresh, **theirs}, theirs):
            if changed:
                yield Edit(verb="INSERT", table=table, rows=[row], values={**row, **changed})


def _fresh(column: Column[Any], held: object) -> object:
    match column.type:
        case Integer():
            return int(str(held)) + 1_000
        case LargeBinary():
            return bytes(32)
        case _:
            return f"{str(held)[:-1]}0"


@contextmanager
def made(edit: Edit, role: Engine, owner: Engine) -> Generator[bool]:
    """Make an edit as the role and say whether the database let it; take it back afterwards."""
    try:
        with role.begin() as connection:
            changed = connection.execute(_statement(edit)).rowcount
    except DBAPIError:
        # A key, a length or a trigger stood against it.
        yield False
        return
    yield changed > 0
    with owner.begin() as connection:
        _take_back(edit, connection)


def _statement(edit: Edit) -> Any:
    match edit.verb:
        case "UPDATE":
            one_of_many = update(edit.table).values(**edit.values)
            return (
                one_of_many if len(edit.rows) > 1 else one_of_many.where(_is(edit, edit.rows[0]))
            )
        case "INSERT":
            return insert(edit.table).values(**edit.values)
        case _:
            return delete(edit.table)


def _is(edit: Edit, row: Row) -> Any:
    return and_(*(column == row[column.name] for column in edit.table.primary_key.columns))


def _take_back(edit: Edit, connection: Connection) -> None:
    match edit.verb:
        case "UPDATE":
            for row in edit.rows:
                back = {name: row[name] for name in edit.values}
                stands = _is(edit, {**row, **edit.values})
                connection.execute(update(edit.table).where(stands).values(**back))
        case "INSERT":
            connection.execute(delete(edit.table).where(_is(edit, edit.values)))
        case _:
            for row in edit.rows:
                if connection.execute(select(edit.table).where(_is(edit, row))).first() is None:
                    connection.execute(insert(edit.table).values(**row))
