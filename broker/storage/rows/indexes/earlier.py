"""The two blind indexes, and what people said of what they found: digests, references, codes.

A mark is a keyed digest of one thing that is looked up, under one body. Nothing in it is about a
person to whoever has not the key. Each carries an authenticator of its own, so that no digest can
be put beside another reference. A call is believed only as the ledger says.
"""

import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias, cast

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
    select,
    union_all,
    update,
)

from broker.domain.cases.earlier import Call, Side
from broker.domain.cases.likeness import MarkKind
from broker.domain.concerns.concerns import Ending
from broker.domain.errors import RowDisagreesError
from broker.domain.references import Reference
from broker.domain.states import State
from broker.domain.times import day_text
from broker.storage.rows.believed import BelievedRows, Register, RowAsStored, framed
from broker.storage.rows.concerns import concern
from broker.storage.statements import Stored, bytes_in, write
from broker.storage.tables import disclosure, metadata
from keys import AgencyId, CaseId, IndexKey, PersonId

_FORMAT: Final = b"disclosure-broker/earlier-mark/1"
_SET_FORMAT: Final = b"disclosure-broker/earlier-marks-of-one/1"


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
_WORDS: Final = ("reference", "case_id", "kind", "side")
"""The columns that are words, in the order in which an authenticator is over them."""

_COMPARED: Final = select(
    earlier_mark.c.digest, *(earlier_mark.c[name] for name in _WORDS), earlier_mark.c.mac
)
_Compared: TypeAlias = tuple[bytes, str, str, str, str, object]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMarks:
    """The names of marks that are not as entries say, and the references that no entry marks.

    The latter's marks an earlier release made, or somebody copied where none was vouched for yet.
    """

    differing: frozenset[str]
    unvouched: frozenset[str]


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
    ) -> str:
        """Write the marks of a reference on one side, in place of those that are there.

        Returns what the event that is recorded with them says of them, of none too.
        """
        which = {"about": str(reference), "of": side.value}
        self._connection.execute(_FORGET_SIDE, which)
        rows = [
            self._row(str(reference), case, side, mark, edition)
            for mark in sorted(marks, key=lambda one: one.digest)
        ]
        write(self._connection, earlier_mark, *rows)
        return self._mac_of(str(reference), side.value, [row["mac"] for row in rows])

    def bearing(self, digests: Iterable[bytes]) -> tuple[FoundMark, ...]:
        """Return every reference that bears one of the digests; what is not ours is left out."""
        rows = self._connection.execute(_BEARING, {"digests": sorted(digests)}).mappings()
        return tuple(_found(row) for row in rows if self._is_ours(row))

    def of(
        self, reference: Reference, side: Side, marks_mac: str | None
    ) -> tuple[StoredMark, ...]:
        """Return the marks of a reference on one side, of which its entries say `marks_mac`.

        Raises `RowDisagreesError` where one is gone; one that is not ours is left out.
        """
        columns, which = earlier_mark.c, (str(reference), side.value)
        query = select(earlier_mark).where(columns.reference == which[0], columns.side == which[1])
        rows = list(filter(self._is_ours, self._connection.execute(query).mappings()))
        if not self._are_said(*which, [bytes_in(row["mac"]) for row in rows], marks_mac):
            raise RowDisagreesError(name_of_marks(*which))
        return tuple(
            StoredMark(digest=bytes_in(row["digest"]), kind=MarkKind(row["kind"])) for row in rows
        )

    def compared(
        self, said: Mapping[str, Mapping[Side, str]], forgotten: Collection[str]
    ) -> ComparedMarks:
        """Hold the marks of every reference on each side against what entries say of them.

        `said` is by reference; nothing is marked any more of the cases that are `forgotten`.
        """
        macs, unfit = defaultdict[tuple[str, str], list[bytes]](list), set[tuple[str, str]]()
        # Tuples: a mapping for each row takes half as long again, and there are several of each.
        for some in self._connection.execute(_COMPARED).partitions(1_000):
            for row in some:
                digest, reference, case, kind, side, mac = cast("_Compared", row)
                which, stored = (reference, side), bytes_in(mac)
                macs[which].append(stored)
                ours = self._mac_of_one(digest, (reference, case, kind, side))
                if case in forgotten or not hmac.compare_digest(stored, ours):
                    unfit.add(which)
        expected = {
            (name, side.value): mac for name, of in said.items() for side, mac in of.items()
        }
        for which in macs.keys() | expected.keys():
            if not self._are_said(*which, macs.get(which, ()), expected.get(which)):
                unfit.add(which)
        return ComparedMarks(
            differing=frozenset(name_of_marks(*which) for which in unfit),
            unvouched=frozenset(name for name, _ in macs.keys() - expected.keys() - unfit),
        )

    def marked(self, *, after: str, limit: int) -> tuple[str, ...]:
        """Return references after one, in order, that bear any mark."""
        columns = earlier_mark.c
        query = select(columns.reference).where(columns.reference > after).distinct()
        found = self._connection.scalars(query.order_by(columns.reference).limit(limit))
        return tuple(found)

    def are_vouched_for(self, reference: Reference, said: Collection[Side]) -> bool:
        """Say whether entries speak of every side on which a reference bears marks."""
        columns = earlier_mark.c
        query = select(columns.side).where(columns.reference == str(reference)).distinct()
        return {*self._connection.scalars(query)} <= {side.value for side in said}

    def outdated(self, edition: int, *, after: str, limit: int) -> tuple[str, ...]:
        """Return references after one, in order, that no mark of this edition stands for.

        Of disclosures, and of the concerns that nobody sent.
        """
        was_sent = concern.c.closed_as == Ending.SENT.value
        names = union_all(
            select(disclosure.c.reference),
            select(concern.c.reference).where(concern.c.closed_as.is_(None) | ~was_sent),
        ).subquery()
        is_marked = exists().where(
            earlier_mark.c.reference == names.c.reference, earlier_mark.c.edition == edition
        )
        query = (
            select(names.c.reference)
            .where(names.c.reference > after, ~is_marked)
            .order_by(names.c.reference)
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
            write(self._connection, earlier_call, values)
        else:
            is_it = (columns.agency == agency, columns.first == first, columns.second == second)
            self._connection.execute(update(earlier_call).where(*is_it).values(said))
        return self._rows.as_stored(CALLS, agency, first, second)

    def _row(
        self, reference: str, case: CaseId, side: Side, mark: StoredMark, edition: int
    ) -> dict[str, Any]:
        row = {
            "digest": mark.digest,
            "reference": reference,
            "case_id": case,
            "kind": mark.kind.value,
            "side": side.value,
        }
        return {**row, "edition": edition, "mac": self._mac(row)}

    def _are_said(
        self, reference: str, side: str, macs: Collection[bytes], marks_mac: str | None
    ) -> bool:
        """Say whether marks are those that an entry vouches for; of none, an earlier release's."""
        if marks_mac is None:
            return True
        return hmac.compare_digest(self._mac_of(reference, side, macs), marks_mac)

    def _mac_of(self, reference: str, side: str, macs: Iterable[bytes]) -> str:
        pieces = (_SET_FORMAT, reference.encode(), side.encode(), *sorted(macs))
        return self._key.digest(framed(pieces)).hex()

    def _is_ours(self, row: Stored) -> bool:
        return hmac.compare_digest(bytes_in(row["mac"]), self._mac(row))

    def _mac(self, row: Stored) -> bytes:
        return self._mac_of_one(row["digest"], [row[name] for name in _WORDS])

    def _mac_of_one(self, digest: object, words: Iterable[object]) -> bytes:
        return self._key.digest(
            framed([_FORMAT, bytes_in(digest), *[str(word).encode() for word in words]])
        )


def name_of_marks(reference: str, side: str) -> str:
    """Return what is said where the marks of a reference on one side are not as recorded."""
    return f"{earlier_mark.name}/{reference}/{side}"


def _found(row: Stored) -> FoundMark:
    return FoundMark(
        reference=str(row["reference"]),
        case=CaseId(row["case_id"]),
        kind=MarkKind(row["kind"]),
    )
