"""Meetings of panels with whom they ask, and their packs: rows that count only as the ledger says.

People who are asked belong to the row of their meeting, so one entry vouches for all of them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    Named,
    String,
    Table,
    TypedColumns,
    insert,
    select,
    update,
)

from broker.domain.errors import ChangedMeanwhileError
from broker.domain.panels.meetings import AskedAs, Attendee, Attends, Meeting, MeetingState
from broker.domain.panels.packs import PackState, PanelPack
from broker.domain.references import Prefix, Reference, parse_reference
from broker.domain.times import moment_in, moment_of, moment_text, rfc3339
from broker.storage.rows.believed import BelievedRows, Register, RowAsStored, StoredRow
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import AgencyId, CaseId, PersonId


class MeetingColumns(TypedColumns):
    """Meetings: codes and days."""

    id: Named[str] = Column(String(16), primary_key=True)
    case_id: Named[str] = Column(String(64), index=True)
    agency: Named[str] = Column(String(64), index=True)
    on_day: Named[str] = Column(String(10), index=True)
    chair: Named[str] = Column(String(64))
    home_area: Named[str] = Column(String(64))
    called_by: Named[str] = Column(String(64))
    state: Named[str] = Column(String(16))
    version: Named[int] = Column(Integer)


meeting = Table("meeting", metadata, MeetingColumns)


class AttendeeColumns(TypedColumns):
    """Who is asked to a meeting; a row stays whatever they say."""

    meeting: Named[str] = Column(String(16), ForeignKey("meeting.id"), primary_key=True)
    person: Named[str] = Column(String(64), primary_key=True, index=True)
    number: Named[int] = Column(Integer)
    agency: Named[str] = Column(String(64))
    asked_as: Named[str] = Column(String(16))
    attends: Named[str] = Column(String(16))
    instead_of: Named[str | None] = Column(String(64), nullable=True)


attendee = Table("attendee", metadata, AttendeeColumns)


class PanelPackColumns(TypedColumns):
    """Packs of meetings: codes and moments."""

    id: Named[str] = Column(String(16), primary_key=True)
    meeting: Named[str] = Column(String(16), index=True)
    number: Named[int] = Column(Integer)
    built_by: Named[str] = Column(String(64))
    built_at: Named[str] = Column(String(32))
    state: Named[str] = Column(String(16))
    approved_by: Named[str | None] = Column(String(64), nullable=True)
    approved_at: Named[str | None] = Column(String(32), nullable=True)
    version: Named[int] = Column(Integer)


panel_pack = Table("panel_pack", metadata, PanelPackColumns)

MEETINGS: Final = Register(table=meeting, parts=(attendee,))
PACKS: Final = Register(table=panel_pack)

PANELS: Final = (MEETINGS, PACKS)
"""The registers of this wing."""


class MeetingRows:
    """Meetings and packs, read and written inside the caller's transaction.

    Readers raise `RowDisagreesError` where a row is not the one that the ledger knows.
    """

    def __init__(self, connection: Connection, rows: BelievedRows) -> None:
        """Believe what `rows` believe."""
        self._connection = connection
        self._rows = rows
        self._register = RegisterRows(connection, rows)

    def find(self, reference: Reference, *, to_change: bool = False) -> Meeting | None:
        """Return a meeting, its row locked if asked, None where there never was one."""
        row = self._rows.find(MEETINGS, str(reference), to_change=to_change)
        return None if row is None else _meeting(row)

    def asking(self, person: PersonId, *, limit: int) -> tuple[Meeting, ...]:
        """Return the meetings that somebody is asked to, the latest day first."""
        of_theirs = select(attendee.c.meeting).where(attendee.c.person == person)
        return self._latest(meeting.c.id.in_(of_theirs), limit)

    def of_agency(self, agency: AgencyId, *, limit: int) -> tuple[Meeting, ...]:
        """Return the meetings of a council's panel, the latest day first."""
        return self._latest(meeting.c.agency == agency, limit)

    def references_of(self, agency: AgencyId) -> tuple[str, ...]:
        """Return the references of the meetings of a council's panel: a hint, for lists alone."""
        query = select(meeting.c.id).where(meeting.c.agency == agency).order_by(meeting.c.id)
        return tuple(self._connection.scalars(query))

    def add(self, new: Meeting) -> RowAsStored:
        """Write a new meeting and return what its event says of the row."""
        self._rows.find(MEETINGS, str(new.reference), to_change=True)
        self._connection.execute(insert(meeting).values(id=str(new.reference), **_columns(new)))
        self._write_attendees(new)
        return self._rows.as_stored(MEETINGS, str(new.reference))

    def replace(self, after: Meeting) -> RowAsStored:
        """Write a meeting that was found to be changed over its version before.

        Raises `ChangedMeanwhileError` where another version stands there.
        """
        columns = meeting.c
        changed = self._connection.execute(
            update(meeting)
            .where(columns.id == str(after.reference), columns.version == after.version - 1)
            .values(**_columns(after))
        )
        if changed.rowcount != 1:
            raise ChangedMeanwhileError
        self._write_attendees(after)
        return self._rows.as_stored(MEETINGS, str(after.reference))

    def put_pack(self, found: PanelPack) -> RowMark:
        """Write a pack, and return what its event says of the row."""
        approved_at = found.approved_at
        return self._register.put(
            panel_pack,
            {
                "id": str(found.disclosure),
                "meeting": str(found.meeting),
                "number": found.number,
                "built_by": found.built_by,
                "built_at": rfc3339(found.built_at),
                "state": found.state.value,
                "approved_by": found.approved_by,
                "approved_at": moment_text(approved_at),
                "version": found.version,
            },
        )

    def packs_of(self, reference: Reference) -> tuple[PanelPack, ...]:
        """Return every pack of a meeting, the first first."""
        found = self._register.find(panel_pack, panel_pack.c.meeting == str(reference))
        return tuple(sorted(map(_pack, found), key=lambda one: one.number))

    def packs_in(self, *states: PackState) -> tuple[PanelPack, ...]:
        """Return every pack in one of `states`."""
        wanted = panel_pack.c.state.in_([state.value for state in states])
        return tuple(map(_pack, self._register.find(panel_pack, wanted)))

    def _write_attendees(self, of: Meeting) -> None:
        columns = attendee.c
        for one in of.attendees:
            key = {"meeting": str(of.reference), "person": one.person}
            changed = self._connection.execute(
                update(attendee)
                .where(columns.meeting == key["meeting"], columns.person == key["person"])
                .values(**_attendee(one))
            )
            if changed.rowcount == 0:
                self._connection.execute(insert(attendee).values(**key, **_attendee(one)))

    def _latest(self, condition: ColumnElement[bool], limit: int) -> tuple[Meeting, ...]:
        query = (
            select(meeting.c.id)
            .where(condition)
            .order_by(meeting.c.on_day.desc(), meeting.c.id)
            .limit(limit)
        )
        references = (
            parse_reference(id_, Prefix.MEETING) for id_ in self._connection.scalars(query).all()
        )
        found = (self.find(reference) for reference in references)
        return tuple(one for one in found if one is not None)


def _columns(of: Meeting) -> dict[str, object]:
    return {
        "case_id": of.case,
        "agency": of.agency,
        "on_day": of.on.isoformat(),
        "chair": of.chair,
        "home_area": of.home_area,
        "called_by": of.called_by,
        "state": of.state.value,
        "version": of.version,
    }


def _attendee(one: Attendee) -> dict[str, object]:
    return {
        "number": one.number,
        "agency": one.agency,
        "asked_as": one.asked_as.value,
        "attends": one.attends.value,
        "instead_of": one.instead_of,
    }


def _meeting(row: StoredRow) -> Meeting:
    columns = row.columns
    attendees = map(_attendee_of, row.parts[attendee.name])
    return Meeting(
        reference=parse_reference(columns["id"], Prefix.MEETING),
        case=CaseId(columns["case_id"]),
        agency=AgencyId(columns["agency"]),
        on=date.fromisoformat(columns["on_day"]),
        chair=PersonId(columns["chair"]),
        home_area=AgencyId(columns["home_area"]),
        called_by=PersonId(columns["called_by"]),
        state=MeetingState(columns["state"]),
        attendees=tuple(sorted(attendees, key=lambda one: one.number)),
        version=columns["version"],
    )


def _attendee_of(row: Mapping[str, Any]) -> Attendee:
    instead_of = row["instead_of"]
    return Attendee(
        number=row["number"],
        person=PersonId(row["person"]),
        agency=AgencyId(row["agency"]),
        asked_as=AskedAs(row["asked_as"]),
        attends=Attends(row["attends"]),
        instead_of=None if instead_of is None else PersonId(instead_of),
    )


def _pack(row: Mapping[str, Any]) -> PanelPack:
    by, at = row["approved_by"], row["approved_at"]
    return PanelPack(
        disclosure=parse_reference(row["id"]),
        meeting=parse_reference(row["meeting"], Prefix.MEETING),
        number=row["number"],
        built_by=PersonId(row["built_by"]),
        built_at=moment_of(row["built_at"]),
        state=PackState(row["state"]),
        approved_by=None if by is None else PersonId(by),
        approved_at=moment_in(at),
        version=row["version"],
    )
