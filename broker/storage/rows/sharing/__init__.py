"""Concerns about sharing: rows that count only as the ledger's newest entry says."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, Named, String, Table, TypedColumns, or_

from broker.domain.partner_requests.concerns import Outcome, SharingConcern, Wrong
from broker.domain.partner_requests.copies import CopyName
from broker.domain.times import moment_in, moment_of, moment_text, rfc3339
from broker.storage.rows.believed import BelievedRows, Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import AgencyId, PersonId


class SharingConcernColumns(TypedColumns):
    """Concerns about sharing: codes and moments."""

    id: Named[str] = Column(String(32), primary_key=True)
    copy: Named[str] = Column(String(24), index=True)
    number: Named[int] = Column(Integer)
    wrong: Named[str] = Column(String(16))
    asking: Named[str] = Column(String(64), index=True)
    asked: Named[str] = Column(String(64), index=True)
    raised_for: Named[str] = Column(String(64))
    raised_by: Named[str] = Column(String(64))
    raised_at: Named[str] = Column(String(32))
    outcome: Named[str | None] = Column(String(16), nullable=True)
    closed_by: Named[str | None] = Column(String(64), nullable=True)
    closed_at: Named[str | None] = Column(String(32), nullable=True)
    version: Named[int] = Column(Integer)


sharing_concern = Table("sharing_concern", metadata, SharingConcernColumns)

SHARING: Final = (Register(table=sharing_concern),)
"""The registers of this wing."""


class SharingRows:
    """Concerns about sharing, inside the caller's transaction; raise `RowDisagreesError`."""

    def __init__(self, connection: Connection, rows: BelievedRows) -> None:
        """Believe what `rows` believe."""
        self._register = RegisterRows(connection, rows)

    def put(self, found: SharingConcern) -> RowMark:
        """Write a concern, and return what the event says of the row."""
        closed_at = found.closed_at
        return self._register.put(
            sharing_concern,
            {
                "id": found.name,
                "copy": str(found.copy),
                "number": found.number,
                "wrong": found.wrong.value,
                "asking": found.asking,
                "asked": found.asked,
                "raised_for": found.raised_for,
                "raised_by": found.raised_by,
                "raised_at": rfc3339(found.raised_at),
                "outcome": None if found.outcome is None else found.outcome.value,
                "closed_by": found.closed_by,
                "closed_at": moment_text(closed_at),
                "version": found.version,
            },
        )

    def find(self, name: str) -> SharingConcern | None:
        """Return a concern, None where there never was one."""
        row = self._register.one(sharing_concern, name)
        return None if row is None else _concern(row)

    def about(self, copy: CopyName) -> tuple[SharingConcern, ...]:
        """Return every concern about a copy, the first first."""
        found = self._register.find(sharing_concern, sharing_concern.c.copy == str(copy))
        return tuple(sorted(map(_concern, found), key=lambda one: one.number))

    def between(self, agency: AgencyId | None) -> tuple[SharingConcern, ...]:
        """Return the concerns of requests that a body put or was put, or all; the newest first."""
        columns = sharing_concern.c
        condition = (
            () if agency is None else (or_(columns.asking == agency, columns.asked == agency),)
        )
        found = map(_concern, self._register.find(sharing_concern, *condition))
        return tuple(sorted(found, key=lambda one: (one.raised_at, one.name), reverse=True))


def _concern(row: Mapping[str, Any]) -> SharingConcern:
    outcome, by, at = row["outcome"], row["closed_by"], row["closed_at"]
    return SharingConcern(
        copy=CopyName.read(row["copy"]),
        number=row["number"],
        wrong=Wrong(row["wrong"]),
        asking=AgencyId(row["asking"]),
        asked=AgencyId(row["asked"]),
        raised_for=AgencyId(row["raised_for"]),
        raised_by=PersonId(row["raised_by"]),
        raised_at=moment_of(row["raised_at"]),
        outcome=None if outcome is None else Outcome(outcome),
        closed_by=None if by is None else PersonId(by),
        closed_at=moment_in(at),
        version=row["version"],
    )
