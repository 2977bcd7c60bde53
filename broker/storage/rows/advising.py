"""What Guardians oversee by: cover and advice, believed as the ledger says; days of a body."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Named,
    String,
    Table,
    TypedColumns,
    select,
)

from broker.domain.guardians.advice import Advice, AdviceId, Adviser
from broker.domain.guardians.cover import Cover, CoverId
from broker.domain.model import Disclosure
from broker.domain.references import Reference, parse_reference
from broker.domain.times import day_of, day_text, moment_of, rfc3339, uk_day
from broker.storage.disclosures import readable
from broker.storage.rows.believed import Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import disclosure, metadata
from keys import AgencyId, PersonId


class CoverColumns(TypedColumns):
    """Which deputy is told in the place of which Guardian, from a day to another."""

    id: Named[str] = Column(String(64), primary_key=True)
    agency: Named[str] = Column(String(64), index=True)
    guardian: Named[str] = Column(String(64))
    deputy: Named[str] = Column(String(64))
    first_day: Named[str] = Column(String(10))
    last_day: Named[str] = Column(String(10))
    set_by: Named[str] = Column(String(64))
    set_at: Named[str] = Column(String(32))


cover = Table("cover", metadata, CoverColumns)


class AdviceColumns(TypedColumns):
    """What advice was asked about which disclosure, and whether it was given."""

    id: Named[str] = Column(String(64), primary_key=True)
    reference: Named[str] = Column(String(16), index=True)
    adviser: Named[str] = Column(String(16))
    agency: Named[str] = Column(String(64), index=True)
    asked_body: Named[str] = Column(String(64), index=True)
    asked_by: Named[str] = Column(String(64))
    asked_on: Named[str] = Column(String(10))
    due_on: Named[str] = Column(String(10))
    answered_by: Named[str | None] = Column(String(64), nullable=True)
    answered_on: Named[str | None] = Column(String(10), nullable=True)


advice = Table("advice", metadata, AdviceColumns)

COVERS: Final = Register(table=cover)
ADVICES: Final = Register(table=advice)


class AdviceRows:
    """Covers and advice, read and written inside the caller's transaction.

    Readers raise `RowDisagreesError` where a row is not the one that the ledger knows.
    """

    def __init__(self, rows: RegisterRows) -> None:
        """Write and believe by `rows`."""
        self._rows = rows

    def put_cover(self, found: Cover) -> RowMark:
        """Write a cover, and return what the event says of the row."""
        return self._rows.put(
            cover,
            {
                "id": found.id,
                "agency": found.agency,
                "guardian": found.guardian,
                "deputy": found.deputy,
                "first_day": found.first.isoformat(),
                "last_day": found.last.isoformat(),
                "set_by": found.set_by,
                "set_at": rfc3339(found.set_at),
            },
        )

    def covers_of(self, agency: AgencyId, since: date) -> tuple[Cover, ...]:
        """Return the covers of a body that end on a day or later, the first first."""
        conditions = (cover.c.agency == agency, cover.c.last_day >= since.isoformat())
        found = map(_cover, self._rows.find(cover, *conditions))
        return tuple(sorted(found, key=lambda one: (one.first, one.id)))

    def put_advice(self, found: Advice) -> RowMark:
        """Write a piece of advice, and return what the event says of the row."""
        return self._rows.put(
            advice,
            {
                "id": found.id,
                "reference": str(found.reference),
                "adviser": found.adviser.value,
                "agency": found.agency,
                "asked_body": found.asked_body,
                "asked_by": found.asked_by,
                "asked_on": found.asked_on.isoformat(),
                "due_on": found.due_on.isoformat(),
                "answered_by": found.answered_by,
                "answered_on": day_text(found.answered_on),
            },
        )

    def advice(self, id_: AdviceId) -> Advice | None:
        """Return a piece of advice, None where there is none."""
        row = self._rows.one(advice, id_)
        return None if row is None else _advice(row)

    def advice_about(self, reference: Reference) -> tuple[Advice, ...]:
        """Return what was asked about a disclosure, the first first."""
        return self._sorted(advice.c.reference == str(reference))

    def advice_of(self, agency: AgencyId) -> tuple[Advice, ...]:
        """Return what a body's Guardians asked, the first due first."""
        return self._sorted(advice.c.agency == agency)

    def advice_asked_of(self, body: AgencyId, adviser: Adviser) -> tuple[Advice, ...]:
        """Return what an adviser of a body was asked, the first due first."""
        return self._sorted(advice.c.asked_body == body, advice.c.adviser == adviser.value)

    def _sorted(self, *conditions: ColumnElement[bool]) -> tuple[Advice, ...]:
        found = map(_advice, self._rows.find(advice, *conditions))
        return tuple(sorted(found, key=lambda one: (one.due_on, one.id)))


def _cover(row: Mapping[str, Any]) -> Cover:
    return Cover(
        id=CoverId(row["id"]),
        agency=AgencyId(row["agency"]),
        guardian=PersonId(row["guardian"]),
        deputy=PersonId(row["deputy"]),
        first=date.fromisoformat(row["first_day"]),
        last=date.fromisoformat(row["last_day"]),
        set_by=PersonId(row["set_by"]),
        set_at=moment_of(row["set_at"]),
    )


def _advice(row: Mapping[str, Any]) -> Advice:
    answered_by = row["answered_by"]
    return Advice(
        id=AdviceId(row["id"]),
        reference=parse_reference(row["reference"]),
        adviser=Adviser(row["adviser"]),
        agency=AgencyId(row["agency"]),
        asked_body=AgencyId(row["asked_body"]),
        asked_by=PersonId(row["asked_by"]),
        asked_on=date.fromisoformat(row["asked_on"]),
        due_on=date.fromisoformat(row["due_on"]),
        answered_by=None if answered_by is None else PersonId(answered_by),
        answered_on=day_of(row["answered_on"]),
    )


def asked_between(
    connection: Connection, sender: AgencyId, first: date, last: date, *, limit: int
) -> tuple[Disclosure, ...]:
    """Return what an agency submitted from one day to another in London, the newest first.

    A row is what it says, whoever wrote it: compare it with the ledger.
    """
    columns = disclosure.c
    # A day too much on either side, since a moment is kept in UTC.
    query = (
        select(disclosure)
        .where(
            columns.sender == sender,
            columns.created_at >= (first - timedelta(days=1)).isoformat(),
            columns.created_at < (last + timedelta(days=2)).isoformat(),
        )
        .order_by(columns.created_at.desc())
        .limit(limit)
    )
    found = readable(connection.execute(query).mappings())
    return tuple(one for one in found if first <= uk_day(one.created_at) <= last)
