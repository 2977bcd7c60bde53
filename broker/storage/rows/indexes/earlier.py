"""The two blind indexes, and what people said of what they found: digests, references, codes.

A mark is a keyed digest of one thing that is looked up, under one body. Nothing in it is about a
person to whoever has not the key. Each carries an authenticator of its own, so that no digest can
be put beside another reference. A call is believed only as the ledger says.
"""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    Named,
    String,
    Table,
    TypedColumns,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)

from broker.domain.cases.earlier import Call, Side
from broker.domain.cases.likeness import MarkKind
from broker.domain.references import Reference
from broker.domain.states import State
from broker.domain.times import day_text
from broker.storage.rows.believed import BelievedRows, Register, RowAsStored, framed
from broker.storage.rows.register import Stored
from broker.storage.tables import disclosure, metadata
from keys import AgencyId, CaseId, IndexKey, PersonId

_FORMAT: Final = b"disclosure-broker/earlier-mark/1"


class EarlierMarkColumns(TypedColumns):
    """Which references bear a digest; `edition` is that of the rules by which it was made."""

    digest: Named[bytes] = Column(LargeBinary(32), primary_key=True)
    reference: Named[str] = Column(String(16), primary_key=True, index=True)
    case_id: Named[str] = Column(String(64), index=True)
    kind: Named[str] = Column(String(8))
    side: Named[str] = Column(String(8))
    edition: Named[int] = Column(Integer)
    mac: Named[bytes] = Column(LargeBinary(32))


earlier_mark = Table("earlier_mark", metadata, EarlierMarkColumns)

_FORGET_SIDE: Final = delete(earlier_mark).where(
    earlier_mark.c.reference == bindparam("about"), earlier_mark.c.side == bindparam("of")
)
_BEARING: Final = select(earlier_mark).where(
    earlier_mark.c.digest.in_(bindparam("digests", expanding=True))
)


class EarlierCallColumns(TypedColumns):
    """That two references are about one person, or about two, and who says so for a body."""

    agency: Named[str] = Column(String(64), primary_key=True)
    first: Named[str] = Column(String(16), primary_key=True)
    second: Named[str] = Column(String(16), primary_key=True)
    call: Named[str] = Column(String(8))
    by: Named[str] = Column(String(64))
    on: Named[str] = Column(String(10))


earlier_call = Table("earlier_call", metadata, EarlierCallColumns)

CALLS: Final = Register(table=earlier_call)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMark:
    """A digest with how sure a match of it is."""

    digest: bytes
    kind: MarkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMark:
    """A reference that bears one of the digests that were looked up."""

    reference: str
    case: CaseId
    kind: MarkKind


class EarlierRows:
    """Marks and calls, read and written inside the caller's transaction."""

    def __init__(self, connection: Connection, key: IndexKey, rows: BelievedRows) -> None:
        """Believe of the marks what `key` authenticates, and of the calls what `rows` believe."""
        self._connection = connection
        self._key = key
        self._rows = rows

    def put(
        self,
        reference: Reference,
        case: CaseId,
        side: Side,
        marks: Iterable[StoredMark],
        edition: int,
    ) -> None:
        """Write the marks of a reference on one side, in place of those that are there."""
        which = {"about": str(reference), "of": side.value}
        self._connection.execute(_FORGET_SIDE, which)
        rows = [
            self._row(str(reference), case, side, mark, edition)
            for mark in sorted(marks, key=lambda one: one.digest)
        ]
        if rows:
            self._connection.execute(insert(earlier_mark), rows)

    def bearing(self, digests: Iterable[bytes]) -> tuple[FoundMark, ...]:
        """Return every reference that bears one of the digests; what is not ours is left out."""
        rows = self._connection.execute(_BEARING, {"digests": sorted(digests)}).mappings()
        return tuple(_found(row) for row in rows if self._is_ours(row))

    def of(self, reference: Reference, side: Side) -> tuple[StoredMark, ...]:
        """Return the marks of a reference on one side."""
        columns = earlier_mark.c
        query = select(earlier_mark).where(
            columns.reference == str(reference), columns.side == side.value
        )
        rows = self._connection.execute(query).mappings()
        return tuple(
            StoredMark(digest=bytes(row["digest"]), kind=MarkKind(row["kind"]))
            for row in rows
            if self._is_ours(row)
        )

    def outdated(self, edition: int, *, after: str, limit: int) -> tuple[str, ...]:
        """Return disclosures after one, in order, that no mark of this edition stands for."""
        columns = disclosure.c
        is_marked = exists().where(
            earlier_mark.c.reference == columns.reference, earlier_mark.c.edition == edition
        )
        query = (
            select(columns.reference)
            .where(columns.reference > after, ~is_marked)
            .order_by(columns.reference)
            .limit(limit)
        )
        return tuple(self._connection.scalars(query))

    def forget(self, case: CaseId) -> None:
        """Take away every mark of a case."""
        self._connection.execute(delete(earlier_mark).where(earlier_mark.c.case_id == case))

    def remembers(self, case: CaseId) -> bool:
        """Say whether there is any mark of a case."""
        query = select(earlier_mark.c.case_id).where(earlier_mark.c.case_id == case).limit(1)
        return self._connection.execute(query).first() is not None

    def cases_without_words(self) -> tuple[CaseId, ...]:
        """Return the cases that are remembered although their words were erased."""
        is_erased = disclosure.c.state == State.ERASED.value
        query = (
            select(earlier_mark.c.case_id)
            .join(disclosure, disclosure.c.case_id == earlier_mark.c.case_id)
            .where(is_erased)
            .distinct()
            .order_by(earlier_mark.c.case_id)
        )
        return tuple(map(CaseId, self._connection.scalars(query)))

    def call_on(self, agency: AgencyId, one: str, other: str) -> Call | None:
        """Return what a body says of two references; raises `RowDisagreesError`."""
        row = self._rows.find(CALLS, agency, *sorted((one, other)))
        return None if row is None else Call(row.columns["call"])

    def put_call(
        self, agency: AgencyId, pair: tuple[str, str], call: Call, by: PersonId, on: date
    ) -> RowAsStored:
        """Write what a body says of two references, and return what its event says of the row.

        Raises `RowDisagreesError` where what stands there is not to be believed.
        """
        first, second = sorted(pair)
        columns = earlier_call.c
        said = {"call": call.value, "by": by, "on": day_text(on)}
        if self._rows.find(CALLS, agency, first, second, to_change=True) is None:
            values = {"agency": agency, "first": first, "second": second, **said}
            self._connection.execute(insert(earlier_call).values(values))
        else:
            is_it = (columns.agency == agency, columns.first == first, columns.second == second)
            self._connection.execute(update(earlier_call).where(*is_it).values(said))
        return self._rows.as_stored(CALLS, agency, first, second)

    def _row(
        self, reference: str, case: CaseId, side: Side, mark: StoredMark, edition: int
    ) -> dict[str, object]:
        row = {
            "digest": mark.digest,
            "reference": reference,
            "case_id": case,
            "kind": mark.kind.value,
            "side": side.value,
        }
        return {**row, "edition": edition, "mac": self._mac(row)}

    def _is_ours(self, row: Stored) -> bool:
        return hmac.compare_digest(bytes(row["mac"]), self._mac(row))

    def _mac(self, row: Stored) -> bytes:
        return self._key.digest(framed((_FORMAT, bytes(row["digest"]), *_words(row))))


def _words(row: Stored) -> Iterator[bytes]:
    for name in ("reference", "case_id", "kind", "side"):
        yield str(row[name]).encode()


def _found(row: Stored) -> FoundMark:
    return FoundMark(
        reference=str(row["reference"]),
        case=CaseId(row["case_id"]),
        kind=MarkKind(row["kind"]),
    )
