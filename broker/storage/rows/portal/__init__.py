"""Pages that give a document to somebody without an account: what the portal itself may touch.

The portal's process has no key and no right to any other table. What a page holds opens with the
token of its address, a code that was told, and a half that the gateway gives once it has recorded
that somebody fetches it. So these rows need no entry that vouches for them.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Named,
    String,
    Table,
    TypedColumns,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from broker.domain.errors import RowDisagreesError
from broker.domain.portal.pages import MOST_TRIES, Page, PageEnd, PageForm, PageId, Ring
from broker.domain.references import MalformedReferenceError, Reference, parse_reference
from broker.domain.times import moment_of, rfc3339
from broker.storage.statements import Stored, read
from broker.storage.tables import metadata


class PortalPageColumns(TypedColumns):
    """One page for one disclosure; `content` is gone once it has ended."""

    id: Named[str] = Column(String(64), primary_key=True)
    reference: Named[str] = Column(String(16), index=True)
    form: Named[str] = Column(String(8))
    salt: Named[bytes] = Column(LargeBinary(16))
    tries: Named[int] = Column(Integer)
    created_at: Named[str] = Column(String(32))
    expires_at: Named[str] = Column(String(32), index=True)
    ring_title: Named[str] = Column(String(200))
    ring_telephone: Named[str] = Column(String(40))
    ring_mark: Named[bytes | None] = Column(LargeBinary, nullable=True)
    ended: Named[str | None] = Column(String(16), nullable=True)
    content: Named[bytes | None] = Column(LargeBinary, nullable=True)


portal_page = Table("portal_page", metadata, PortalPageColumns)


class PortalReaderColumns(TypedColumns):
    """The secret of one function that was told a code; it opens with token and code."""

    page: Named[str] = Column(String(64), primary_key=True)
    number: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    secret: Named[bytes] = Column(LargeBinary)


portal_reader = Table("portal_reader", metadata, PortalReaderColumns)


class PortalAskColumns(TypedColumns):
    """What a reader asks of the gateway, and its answer; both open with the reader's secret."""

    id: Named[str] = Column(String(64), primary_key=True)
    page: Named[str] = Column(String(64), index=True)
    reader: Named[int] = Column(Integer)
    box: Named[bytes] = Column(LargeBinary)
    asked_at: Named[str] = Column(String(32), index=True)
    answer: Named[bytes | None] = Column(LargeBinary, nullable=True)


portal_ask = Table("portal_ask", metadata, PortalAskColumns)

PORTAL_RIGHTS: Final = {
    "portal_page": "SELECT, UPDATE (tries)",
    "portal_reader": "SELECT",
    "portal_ask": "SELECT, INSERT",
}
"""What the portal's own role in PostgreSQL may do; nothing of any other table."""

_PAGE = tuple(column for column in portal_page.c if column.name != "content")
_OF_ONE: Final = (
    select(*_PAGE).where(portal_page.c.reference == bindparam("reference")).with_for_update()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Something that a reader asks of the gateway, sealed with the reader's secret."""

    id: str
    page: PageId
    reader: int
    box: bytes


class PageRows:
    """Pages, read and written inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    # What the gateway does

    def put(self, page: Page, content: bytes, now: datetime) -> None:
        """Keep a new page with what it gives, sealed."""
        self._connection.execute(
            insert(portal_page).values(
                id=page.id,
                reference=str(page.reference),
                form=page.form.value,
                salt=page.salt,
                tries=page.tries,
                created_at=rfc3339(now),
                expires_at=rfc3339(page.expires_at),
                ring_title=page.ring.title,
                ring_telephone=page.ring.telephone,
                ring_mark=page.ring_mark,
                ended=None,
                content=content,
            )
        )

    def of(self, reference: Reference) -> Page | None:
        """Return the page of a disclosure, its row locked, None where it has none.

        Raises `RowDisagreesError` where somebody put another in beside it.
        """
        found = self.all_of(reference)
        if len(found) > 1:
            raise RowDisagreesError(f"portal_page/{reference}")
        return found[0] if found else None

    def all_of(self, reference: Reference) -> tuple[Page, ...]:
        """Return each page that a row gives a disclosure, locked; the broker makes one."""
        rows = read(self._connection, _OF_ONE, {"reference": str(reference)})
        return tuple(map(_page, rows))

    def standing_for(self, references: Collection[Reference]) -> frozenset[Reference]:
        """Return those of some disclosures that have a page; nothing is locked."""
        named = {str(one): one for one in references}
        query = select(portal_page.c.reference).where(portal_page.c.reference.in_(named))
        found = self._connection.execute(query).scalars()
        return frozenset(named[one] for one in found)

    def put_reader(self, page: PageId, number: int, secret: bytes) -> None:
        """Keep the secret of a reader, in the place of an earlier one of this number."""
        reader = portal_reader.c
        which = (reader.page == page) & (reader.number == number)
        self._connection.execute(delete(portal_reader).where(which))
        self._connection.execute(
            insert(portal_reader).values(page=page, number=number, secret=secret)
        )

    def unlock(self, page: PageId) -> None:
        """Count wrong codes from nothing again: its sender has rung."""
        self._set(portal_page.c.id == page, tries=0)

    def stand_until(self, reference: Reference, moment: datetime) -> None:
        """Have the page of a disclosure, where it has one, stand until a moment."""
        self._set(portal_page.c.reference == str(reference), expires_at=rfc3339(moment))

    def end(self, page: PageId, why: PageEnd) -> None:
        """Take away what a page gives, and whatever opens it; that it was there stays."""
        self._set(portal_page.c.id == page, ended=why.value, content=None)
        for table in (portal_reader, portal_ask):
            self._connection.execute(delete(table).where(table.c.page == page))

    def forget(self, reference: Reference) -> None:
        """Forget that there was a page for a disclosure."""
        of_page = select(portal_page.c.id).where(portal_page.c.reference == str(reference))
        for table in (portal_reader, portal_ask):
            self._connection.execute(delete(table).where(table.c.page.in_(of_page)))
        self._connection.execute(
            delete(portal_page).where(portal_page.c.reference == str(reference))
        )

    def over_at(self, now: datetime) -> Iterator[Page]:
        """Yield the pages whose days have ended and that still give something.

        A row that no release wrote keeps no other from its end.
        """
        columns = portal_page.c
        over = columns.expires_at <= rfc3339(now)
        query = select(*_PAGE).where(over, columns.ended.is_(None)).order_by(columns.expires_at)
        for row in self._connection.execute(query).mappings().all():
            with suppress(ValueError, MalformedReferenceError):
                yield _page(row)

    def waiting(self) -> Iterator[Ask]:
        """Yield what readers ask and nobody has answered, the oldest first."""
        columns = portal_ask.c
        query = (
            select(columns.id, columns.page, columns.reader, columns.box)
            .where(columns.answer.is_(None))
            .order_by(columns.asked_at, columns.id)
        )
        for row in self._connection.execute(query).all():
            yield Ask(id=row.id, page=PageId(row.page), reader=row.reader, box=row.box)

    def find_to_answer(self, ask: Ask) -> bool:
        """Lock what was asked, and say whether nobody has answered it since."""
        query = (
            select(portal_ask.c.id)
            .where(portal_ask.c.id == ask.id, portal_ask.c.answer.is_(None))
            .with_for_update()
        )
        return self._connection.scalar(query) is not None

    def answer(self, ask: Ask, answer: bytes) -> None:
        """Keep the answer to what was asked."""
        self._connection.execute(
            update(portal_ask).where(portal_ask.c.id == ask.id).values(answer=answer)
        )

    def sweep(self, asked_before: datetime) -> None:
        """Forget what was asked before a moment, answered or not."""
        old = portal_ask.c.asked_at < rfc3339(asked_before)
        self._connection.execute(delete(portal_ask).where(old))

    # What the portal does

    def find(self, page: PageId) -> Page | None:
        """Return a page, None where there is none."""
        query = select(*_PAGE).where(portal_page.c.id == page)
        found = self._connection.execute(query).mappings().one_or_none()
        return None if found is None else _page(found)

    def take_try(self, page: PageId) -> bool:
        """Count a code before it is tried; say whether it may be tried at all."""
        columns = portal_page.c
        may = (columns.id == page) & (columns.tries < MOST_TRIES) & columns.ended.is_(None)
        return self._set(may, tries=columns.tries + 1) == 1

    def give_try_back(self, page: PageId) -> None:
        """Count the code that was right for nothing."""
        columns = portal_page.c
        self._set((columns.id == page) & (columns.tries > 0), tries=columns.tries - 1)

    def readers(self, page: PageId) -> tuple[tuple[int, bytes], ...]:
        """Return number and sealed secret of each reader of a page."""
        query = (
            select(portal_reader.c.number, portal_reader.c.secret)
            .where(portal_reader.c.page == page)
            .order_by(portal_reader.c.number)
        )
        return tuple((row.number, row.secret) for row in self._connection.execute(query))

    def asked_since(self, page: PageId, moment: datetime) -> int:
        """Return how much was asked on a page since a moment."""
        columns = portal_ask.c
        which = (columns.page == page) & (columns.asked_at > rfc3339(moment))
        query = select(func.count()).select_from(portal_ask).where(which)
        return self._connection.scalar(query) or 0

    def ask(self, ask: Ask, now: datetime) -> None:
        """Ask something of the gateway, once: what was asked under this name already stays."""
        known = select(portal_ask.c.id).where(portal_ask.c.id == ask.id)
        if self._connection.scalar(known) is None:
            self._connection.execute(
                insert(portal_ask).values(
                    id=ask.id,
                    page=ask.page,
                    reader=ask.reader,
                    box=ask.box,
                    asked_at=rfc3339(now),
                    answer=None,
                )
            )

    def answer_to(self, name: str) -> bytes | None:
        """Return what the gateway answered, None where it has not yet."""
        return self._connection.scalar(select(portal_ask.c.answer).where(portal_ask.c.id == name))

    def content(self, page: PageId) -> bytes | None:
        """Return what a page gives, sealed, None once it has ended."""
        return self._connection.scalar(
            select(portal_page.c.content).where(
                portal_page.c.id == page, portal_page.c.ended.is_(None)
            )
        )

    def _set(self, which: ColumnElement[bool], **values: object) -> int:
        change = update(portal_page).where(which).values(**values)
        return self._connection.execute(change).rowcount


def _page(row: Stored) -> Page:
    return Page(
        id=PageId(row["id"]),
        reference=parse_reference(row["reference"]),
        form=PageForm(row["form"]),
        salt=row["salt"],
        tries=row["tries"],
        expires_at=moment_of(row["expires_at"]),
        ring=Ring(title=row["ring_title"], telephone=row["ring_telephone"]),
        ring_mark=row["ring_mark"] or b"",
        ended=None if row["ended"] is None else PageEnd(row["ended"]),
    )
