"""Copies of requests: each row a register's, so that nobody but us says who is asked what by when.

What makes two requests the same is a keyed digest in a table of its own: it goes with the case,
and nothing is decided by it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    Named,
    String,
    Table,
    TypedColumns,
    delete,
    insert,
    or_,
    select,
)

from broker.domain.model import MailboxId
from broker.domain.partner_requests.copies import (
    OWN_WORD,
    WAITS,
    AnswerKind,
    Copy,
    CopyName,
    CopyState,
    Lateness,
    UnknownCopyError,
)
from broker.domain.references import Reference, parse_reference
from broker.domain.times import day_of, day_text, moment_in, moment_of, moment_text, rfc3339
from broker.storage import tables
from broker.storage.rows.believed import BelievedRows, Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import AgencyId, CaseId, PersonId


class RequestCopyColumns(TypedColumns):
    """One body's copy of a request: codes and days."""

    id: Named[str] = Column(String(24), primary_key=True)
    request: Named[str] = Column(String(16), index=True)
    asking: Named[str] = Column(String(64), index=True)
    asker: Named[str] = Column(String(64))
    purpose: Named[str] = Column(String(32))
    answer_to: Named[str] = Column(String(64))
    function: Named[str] = Column(String(16))
    set_by: Named[str] = Column(String(64))
    asked: Named[str] = Column(String(64), index=True)
    mailbox: Named[str] = Column(String(64))
    disclosure: Named[str] = Column(String(16), index=True)
    state: Named[str] = Column(String(16))
    due_on: Named[str] = Column(String(10), index=True)
    wanted_until: Named[str | None] = Column(String(10), nullable=True)
    owner: Named[str | None] = Column(String(64), nullable=True)
    answer: Named[str | None] = Column(String(16), nullable=True)
    answer_disclosure: Named[str | None] = Column(String(16), nullable=True)
    answered_by: Named[str | None] = Column(String(64), nullable=True)
    answered_at: Named[str | None] = Column(String(32), nullable=True)
    lateness: Named[str] = Column(String(16))
    repeats: Named[str | None] = Column(String(24), nullable=True)
    created_at: Named[str] = Column(String(32))
    changed_at: Named[str] = Column(String(32))
    version: Named[int] = Column(Integer)


request_copy = Table("request_copy", metadata, RequestCopyColumns)


class RequestSamenessColumns(TypedColumns):
    """The keyed digest of whom and what a copy asks, by which a second one is found."""

    copy: Named[str] = Column(String(24), primary_key=True)
    disclosure: Named[str] = Column(String(16), ForeignKey("disclosure.reference"), index=True)
    digest: Named[bytes] = Column(LargeBinary(32), index=True)


request_sameness = Table("request_sameness", metadata, RequestSamenessColumns)


class RequestCopies:
    """Copies of requests, read and written inside the caller's transaction.

    Readers raise `RowDisagreesError` where a row is not the one that the ledger knows.
    """

    def __init__(self, connection: Connection, rows: BelievedRows) -> None:
        """Believe what `rows` believe."""
        self._connection = connection
        self._rows = rows
        self._register = RegisterRows(connection, rows)

    def put(self, copy: Copy) -> RowMark:
        """Write a copy, and return what the event says of the row."""
        return self._register.put(request_copy, _columns(copy))

    def copy(self, name: CopyName, *, to_change: bool = False) -> Copy:
        """Return a copy, its row locked if it is to be changed; raises `UnknownCopyError`."""
        register = Register(table=request_copy)
        row = self._rows.find(register, str(name), to_change=to_change)
        if row is None:
            raise UnknownCopyError
        return _copy(row.columns)

    def of_request(self, request: Reference) -> tuple[Copy, ...]:
        """Return every copy of a request, by number."""
        found = self._found(request_copy.c.request == str(request), limit=None)
        return tuple(sorted(found, key=lambda copy: copy.name.number))

    def of_disclosure(self, disclosure: Reference) -> Copy | None:
        """Return the copy whose question a disclosure is, None where it is none."""
        return next(self._found(request_copy.c.disclosure == str(disclosure), limit=1), None)

    def waiting_at(
        self,
        agency: AgencyId,
        *,
        owner: PersonId | None,
        limit: int,
        due_by: date | None = None,
    ) -> tuple[Copy, ...]:
        """Return what waits for the answer of a body, or of one owner there, first due first.

        With `due_by`, only what is due by that day.
        """
        return tuple(self._found(*_at(agency, owner), _waits(), *_due_by(due_by), limit=limit))

    def waited_for_by(self, agency: AgencyId, due_by: date, *, limit: int) -> tuple[Copy, ...]:
        """Return what a body asked that is due by a day and unanswered, the first due first."""
        asked_by = request_copy.c.asking == agency
        return tuple(self._found(asked_by, _waits(), *_due_by(due_by), limit=limit))

    def answered_at(
        self, agency: AgencyId, *, owner: PersonId | None, limit: int
    ) -> tuple[Copy, ...]:
        """Return what a body, or one owner there, no longer has to answer, the newest first."""
        columns = request_copy.c
        query = (
            select(columns.id)
            .where(*_at(agency, owner), ~_waits())
            .order_by(columns.changed_at.desc())
            .limit(limit)
        )
        return tuple(self._by_names(self._connection.scalars(query).all()))

    def shared_nothing_at(self, agency: AgencyId, *, limit: int) -> tuple[Copy, ...]:
        """Return what a body answered without sharing anything, the newest first."""
        columns = request_copy.c
        own_word = columns.answer.in_([kind.value for kind in OWN_WORD])
        query = (
            select(columns.id)
            .where(columns.asked == agency, own_word)
            .order_by(columns.answered_at.desc(), columns.id)
            .limit(limit)
        )
        return tuple(self._by_names(self._connection.scalars(query).all()))

    def put_by(self, agency: AgencyId, *, limit: int) -> tuple[Copy, ...]:
        """Return the newest copies that a body put to others."""
        columns = request_copy.c
        query = (
            select(columns.id)
            .where(columns.asking == agency)
            .order_by(columns.created_at.desc(), columns.id)
            .limit(limit)
        )
        return tuple(self._by_names(self._connection.scalars(query).all()))

    def requests_between(self, agency: AgencyId, person: PersonId) -> tuple[str, ...]:
        """Return the requests that a body or a person put, or that a body was put: a hint."""
        columns = request_copy.c
        query = (
            select(columns.request)
            .where(
                or_(
                    columns.asking == agency,
                    columns.asked == agency,
                    columns.set_by == person,
                )
            )
            .distinct()
            .order_by(columns.request)
        )
        return tuple(self._connection.scalars(query))

    def waiting_due_by(self, day: date) -> tuple[CopyName, ...]:
        """Return the names of every unanswered copy that is due by a day, the first due first."""
        columns = request_copy.c
        query = (
            select(columns.id).where(_waits(), *_due_by(day)).order_by(columns.due_on, columns.id)
        )
        return tuple(map(CopyName.read, self._connection.scalars(query)))

    def note_sameness(self, copy: Copy, digest: bytes) -> None:
        """Keep by what a second copy that asks the same is found."""
        self._connection.execute(
            insert(request_sameness).values(
                copy=str(copy.name), disclosure=str(copy.disclosure), digest=digest
            )
        )

    def same_before(self, digest: bytes) -> str | None:
        """Return the name of the newest copy that asked the same, None where there is none."""
        query = (
            select(request_sameness.c.copy)
            .join(request_copy, request_copy.c.id == request_sameness.c.copy)
            .where(request_sameness.c.digest == digest)
            .order_by(request_copy.c.created_at.desc())
            .limit(1)
        )
        return self._connection.scalar(query)

    def forget(self, case: CaseId) -> None:
        """Forget by what copies of an erased case would be found to ask the same."""
        of_case = tables.disclosure.c.case_id == case
        references = select(tables.disclosure.c.reference).where(of_case)
        gone = request_sameness.c.disclosure.in_(references)
        self._connection.execute(delete(request_sameness).where(gone))

    def _found(self, *conditions: ColumnElement[bool], limit: int | None) -> Iterator[Copy]:
        columns = request_copy.c
        query = (
            select(columns.id)
            .where(*conditions)
            .order_by(columns.due_on, columns.created_at, columns.id)
            .limit(limit)
        )
        yield from self._by_names(self._connection.scalars(query).all())

    def _by_names(self, names: Iterable[str]) -> Iterator[Copy]:
        wanted = [*names]
        believed = self._rows.many(Register(table=request_copy), wanted)
        for name in wanted:
            row = believed.get(name)
            yield self.copy(CopyName.read(name)) if row is None else _copy(row.columns)


def _waits() -> ColumnElement[bool]:
    return request_copy.c.state.in_([state.value for state in WAITS])


def _due_by(day: date | None) -> tuple[ColumnElement[bool], ...]:
    return () if day is None else (request_copy.c.due_on <= day.isoformat(),)


def _at(agency: AgencyId, owner: PersonId | None) -> tuple[ColumnElement[bool], ...]:
    of_body: ColumnElement[bool] = request_copy.c.asked == agency
    return (of_body,) if owner is None else (of_body, request_copy.c.owner == owner)


def _columns(copy: Copy) -> dict[str, Any]:
    answered_at = copy.answered_at
    return {
        "id": str(copy.name),
        "request": str(copy.name.request),
        "asking": copy.asking,
        "asker": copy.asker,
        "purpose": copy.purpose,
        "answer_to": copy.answer_to,
        "function": copy.function,
        "set_by": copy.set_by,
        "asked": copy.asked,
        "mailbox": copy.mailbox,
        "disclosure": str(copy.disclosure),
        "state": copy.state.value,
        "due_on": day_text(copy.due_on),
        "wanted_until": day_text(copy.wanted_until),
        "owner": copy.owner,
        "answer": None if copy.answer is None else copy.answer.value,
        "answer_disclosure": None
        if copy.answer_disclosure is None
        else str(copy.answer_disclosure),
        "answered_by": copy.answered_by,
        "answered_at": moment_text(answered_at),
        "lateness": copy.lateness.value,
        "repeats": copy.repeats,
        "created_at": rfc3339(copy.created_at),
        "changed_at": rfc3339(copy.changed_at),
        "version": copy.version,
    }


def _copy(row: Mapping[str, Any]) -> Copy:
    return Copy(
        name=CopyName.read(row["id"]),
        asking=AgencyId(row["asking"]),
        asker=PersonId(row["asker"]),
        purpose=row["purpose"],
        answer_to=MailboxId(row["answer_to"]),
        function=row["function"],
        set_by=PersonId(row["set_by"]),
        asked=AgencyId(row["asked"]),
        mailbox=MailboxId(row["mailbox"]),
        disclosure=parse_reference(row["disclosure"]),
        state=CopyState(row["state"]),
        due_on=date.fromisoformat(row["due_on"]),
        wanted_until=day_of(row["wanted_until"]),
        owner=None if row["owner"] is None else PersonId(row["owner"]),
        answer=None if row["answer"] is None else AnswerKind(row["answer"]),
        answer_disclosure=None
        if row["answer_disclosure"] is None
        else parse_reference(row["answer_disclosure"]),
        answered_by=None if row["answered_by"] is None else PersonId(row["answered_by"]),
        answered_at=moment_in(row["answered_at"]),
        lateness=Lateness(row["lateness"]),
        repeats=row["repeats"],
        created_at=moment_of(row["created_at"]),
        changed_at=moment_of(row["changed_at"]),
        version=row["version"],
    )
