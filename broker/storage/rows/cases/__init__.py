"""Cases with their members and links: rows that count only as the ledger's newest entry says.

Members and links belong to the row of their case, so one entry vouches for all of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    Named,
    Select,
    String,
    Table,
    TypedColumns,
    select,
    update,
)

from broker.domain.cases.cases import Case, CaseLink, CaseMember
from broker.domain.cases.stages import CaseEnd, CaseKind, LinkKind, Stage
from broker.domain.errors import ChangedMeanwhileError
from broker.domain.roles import Role
from broker.domain.times import moment_in, moment_of, moment_text, rfc3339
from broker.storage.rows.believed import BelievedRows, Register, RowAsStored, StoredRow
from broker.storage.statements import write
from broker.storage.tables import disclosure, metadata
from keys import AgencyId, CaseId, PersonId


class CaseColumns(TypedColumns):
    """Cases: codes and moments, the identifier being the name of their key in the keystore."""

    id: Named[str] = Column(String(64), primary_key=True)
    kind: Named[str] = Column(String(16))
    agency: Named[str] = Column(String(64), index=True)
    opened_at: Named[str] = Column(String(32))
    opened_by: Named[str] = Column(String(64))
    stage: Named[str] = Column(String(16))
    stage_since: Named[str] = Column(String(32))
    closed_as: Named[str | None] = Column(String(32), nullable=True)
    closed_by: Named[str | None] = Column(String(32), nullable=True)
    retention_class: Named[str] = Column(String(40))
    version: Named[int] = Column(Integer)


case_record = Table("case_record", metadata, CaseColumns)


class CaseMemberColumns(TypedColumns):
    """Who may work on a case; a row stays when they no longer may."""

    case_id: Named[str] = Column(String(64), ForeignKey("case_record.id"), primary_key=True)
    person: Named[str] = Column(String(64), primary_key=True, index=True)
    agency: Named[str] = Column(String(64))
    role: Named[str] = Column(String(32))
    since: Named[str] = Column(String(32))
    until: Named[str | None] = Column(String(32), nullable=True)
    added_by: Named[str] = Column(String(64))


case_member = Table("case_member", metadata, CaseMemberColumns)


class CaseLinkColumns(TypedColumns):
    """Which other cases a case knows."""

    case_id: Named[str] = Column(String(64), ForeignKey("case_record.id"), primary_key=True)
    other: Named[str] = Column(String(64), primary_key=True, index=True)
    kind: Named[str] = Column(String(16))
    by: Named[str] = Column(String(64))
    at: Named[str] = Column(String(32))


case_link = Table("case_link", metadata, CaseLinkColumns)

CASES: Final = Register(table=case_record, parts=(case_member, case_link))


class CaseRows:
    """Cases, read and written inside the caller's transaction.

    Readers raise `RowDisagreesError` where a row is not the one that the ledger knows.
    """

    def __init__(self, connection: Connection, rows: BelievedRows) -> None:
        """Believe what `rows` believe."""
        self._connection = connection
        self._rows = rows

    def find(self, case: CaseId, *, to_change: bool = False) -> Case | None:
        """Return a case, its row locked if asked, None where there never was one."""
        row = self._rows.find(CASES, case, to_change=to_change)
        return None if row is None else _case(row)

    def of_person(self, person: PersonId, *, limit: int) -> tuple[Case, ...]:
        """Return the newest cases that somebody is a member of, the newest first."""
        query = (
            select(case_record.c.id)
            .join(case_member, case_member.c.case_id == case_record.c.id)
            .where(case_member.c.person == person, case_member.c.until.is_(None))
        )
        return self._newest(query, limit)

    def of_agency(self, agency: AgencyId, *, limit: int) -> tuple[Case, ...]:
        """Return the newest cases of a body, the newest first."""
        return self._newest(select(case_record.c.id).where(case_record.c.agency == agency), limit)

    def knowing(self, case: CaseId) -> tuple[Case, ...]:
        """Return the cases that are linked to this one from their side."""
        query = select(case_link.c.case_id).where(case_link.c.other == case)
        return self._found(self._connection.scalars(query.order_by(case_link.c.case_id)).all())

    def kinds(self) -> dict[CaseId, CaseKind]:
        """Return the kind of every case: a hint, for lists alone."""
        rows = self._connection.execute(select(case_record.c.id, case_record.c.kind))
        return {CaseId(row.id): CaseKind(row.kind) for row in rows}

    def ended_for(self, person: PersonId) -> frozenset[CaseId]:
        """Return the cases that somebody is no longer a member of: a hint, for lists alone."""
        query = select(case_member.c.case_id).where(
            case_member.c.person == person, case_member.c.until.is_not(None)
        )
        return frozenset(map(CaseId, self._connection.scalars(query)))

    def members_of(self, agency: AgencyId) -> frozenset[PersonId]:
        """Return who is a member of any case for a body: a hint, for lists alone."""
        query = select(case_member.c.person).where(case_member.c.agency == agency).distinct()
        return frozenset(map(PersonId, self._connection.scalars(query)))

    def unopened(self) -> tuple[CaseId, ...]:
        """Return the cases of disclosures that have no row, as an earlier release left them."""
        columns = disclosure.c
        query = (
            select(columns.case_id)
            .outerjoin(case_record, case_record.c.id == columns.case_id)
            .where(case_record.c.id.is_(None))
            .distinct()
            .order_by(columns.case_id)
        )
        return tuple(map(CaseId, self._connection.scalars(query)))

    def add(self, case: Case) -> RowAsStored:
        """Write a new case and return what its event says of the row.

        Raises `RowDisagreesError` where the ledger knows one of this name.
        """
        self._rows.find(CASES, case.id, to_change=True, is_new=True)
        write(self._connection, case_record, {"id": case.id, **_columns(case)})
        members = (
            {"case_id": case.id, "person": one.person, **_member(one)} for one in case.members
        )
        write(self._connection, case_member, *members)
        links = ({"case_id": case.id, "other": one.other, **_link(one)} for one in case.links)
        write(self._connection, case_link, *links)
        return self._rows.as_stored(CASES, case.id)

    def replace(self, case: Case) -> RowAsStored:
        """Write a case that was found to be changed over its version before.

        Raises `ChangedMeanwhileError` where another version stands there.
        """
        columns = case_record.c
        is_before = (columns.id == case.id, columns.version == case.version - 1)
        changed = self._connection.execute(
            update(case_record).where(*is_before).values(**_columns(case))
        )
        if changed.rowcount != 1:
            raise ChangedMeanwhileError
        self._write_parts(case)
        return self._rows.as_stored(CASES, case.id)

    def _write_parts(self, case: Case) -> None:
        for member in case.members:
            self._put(case_member, {"case_id": case.id, "person": member.person}, _member(member))
        for link in case.links:
            self._put(case_link, {"case_id": case.id, "other": link.other}, _link(link))

    def _put(self, table: Table, key: Mapping[str, str], values: Mapping[str, object]) -> None:
        where = [table.c[name] == value for name, value in key.items()]
        changed = self._connection.execute(update(table).where(*where).values(**values))
        if changed.rowcount == 0:
            write(self._connection, table, {**key, **values})

    def _newest(self, query: Select[Any], limit: int) -> tuple[Case, ...]:
        newest = query.order_by(case_record.c.opened_at.desc(), case_record.c.id).limit(limit)
        return self._found(self._connection.scalars(newest).all())

    def _found(self, cases: Iterable[str]) -> tuple[Case, ...]:
        found = (self.find(CaseId(case)) for case in cases)
        return tuple(case for case in found if case is not None)


def _columns(case: Case) -> dict[str, object]:
    return {
        "kind": case.kind.value,
        "agency": case.agency,
        "opened_at": rfc3339(case.opened_at),
        "opened_by": case.opened_by,
        "stage": case.stage.value,
        "stage_since": rfc3339(case.stage_since),
        "closed_as": None if case.closed_as is None else case.closed_as.value,
        "closed_by": None if case.closed_by is None else case.closed_by.value,
        "retention_class": case.retention_class,
        "version": case.version,
    }


def _member(member: CaseMember) -> dict[str, object]:
    return {
        "agency": member.agency,
        "role": member.role.value,
        "since": rfc3339(member.since),
        "until": moment_text(member.until),
        "added_by": member.added_by,
    }


def _link(link: CaseLink) -> dict[str, object]:
    return {"kind": link.kind.value, "by": link.by, "at": rfc3339(link.at)}


def _case(row: StoredRow) -> Case:
    columns = row.columns
    return Case(
        id=CaseId(columns["id"]),
        kind=CaseKind(columns["kind"]),
        agency=AgencyId(columns["agency"]),
        opened_at=moment_of(columns["opened_at"]),
        opened_by=PersonId(columns["opened_by"]),
        stage=Stage(columns["stage"]),
        stage_since=moment_of(columns["stage_since"]),
        closed_as=None if columns["closed_as"] is None else CaseEnd(columns["closed_as"]),
        closed_by=None if columns["closed_by"] is None else Role(columns["closed_by"]),
        retention_class=columns["retention_class"],
        members=tuple(sorted(map(_member_of, row.parts[case_member.name]), key=_by_day)),
        links=tuple(
            sorted(map(_link_of, row.parts[case_link.name]), key=lambda one: (one.at, one.other))
        ),
        version=columns["version"],
    )


def _by_day(member: CaseMember) -> tuple[object, ...]:
    return (member.since, member.person)


def _member_of(row: Mapping[str, Any]) -> CaseMember:
    return CaseMember(
        person=PersonId(row["person"]),
        agency=AgencyId(row["agency"]),
        role=Role(row["role"]),
        since=moment_of(row["since"]),
        until=moment_in(row["until"]),
        added_by=PersonId(row["added_by"]),
    )


def _link_of(row: Mapping[str, Any]) -> CaseLink:
    return CaseLink(
        other=CaseId(row["other"]),
        kind=LinkKind(row["kind"]),
        by=PersonId(row["by"]),
        at=moment_of(row["at"]),
    )
