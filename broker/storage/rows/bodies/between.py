"""Agreements to share, workers and clearances: each row is believed only as the ledger says."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Boolean, Column, Named, String, Table, Text, TypedColumns

from broker.domain.directory.sharing import Pair, SharingAgreement
from broker.domain.directory.vetting import Clearance, ClearanceKind, DbsLevel, Worker
from broker.domain.times import day_of, day_text
from broker.storage.rows.believed import Register
from broker.storage.rows.register import RegisterRows, RowMark
from broker.storage.tables import metadata
from keys import AgencyId, PersonId


class SharingAgreementColumns(TypedColumns):
    """Agreements between two bodies; the paper itself is kept elsewhere."""

    id: Named[str] = Column(String(64), primary_key=True)
    first: Named[str] = Column(String(64))
    second: Named[str] = Column(String(64))
    title: Named[str] = Column(String(200))
    purposes: Named[str] = Column(Text)
    names_prevent: Named[bool] = Column(Boolean)
    legal_basis: Named[str] = Column(String(300))
    limits: Named[str] = Column(String(500))
    signed_on: Named[str] = Column(String(10))
    review_on: Named[str] = Column(String(10))
    ends_on: Named[str] = Column(String(10))
    sha256: Named[str] = Column(String(64))
    owner: Named[str] = Column(String(64))
    entered_by: Named[str] = Column(String(64))
    confirmed_by: Named[str | None] = Column(String(64), nullable=True)
    ended_on: Named[str | None] = Column(String(10), nullable=True)


sharing_agreement = Table("sharing_agreement", metadata, SharingAgreementColumns)


class ProviderWorkerColumns(TypedColumns):
    """Named workers of providers, by opaque identifier, and what was checked of them."""

    id: Named[str] = Column(String(64), primary_key=True)
    agency: Named[str] = Column(String(64), index=True)
    dbs: Named[str] = Column(String(32))
    dbs_on: Named[str] = Column(String(10))
    dbs_review_on: Named[str] = Column(String(10))
    suitable_on: Named[str] = Column(String(10))
    suitable_by: Named[str] = Column(String(64))
    undertaking_on: Named[str] = Column(String(10))
    registered_with: Named[str | None] = Column(String(100), nullable=True)
    registered_until: Named[str | None] = Column(String(10), nullable=True)
    entered_by: Named[str] = Column(String(64))


provider_worker = Table("provider_worker", metadata, ProviderWorkerColumns)


class ClearanceColumns(TypedColumns):
    """Clearances that somebody saw, one of each kind for a person."""

    id: Named[str] = Column(String(128), primary_key=True)
    person: Named[str] = Column(String(64))
    agency: Named[str] = Column(String(64), index=True)
    kind: Named[str] = Column(String(16))
    until: Named[str] = Column(String(10))
    seen_by: Named[str] = Column(String(64))


clearance = Table("clearance", metadata, ClearanceColumns)

BETWEEN: Final = tuple(
    Register(table=table) for table in (sharing_agreement, provider_worker, clearance)
)
"""The registers of what holds between bodies."""


class BetweenRows:
    """What holds between bodies; readers raise `RowDisagreesError`."""

    def __init__(self, rows: RegisterRows) -> None:
        """Read and write by the registers' rows."""
        self._rows = rows

    def agreement(self, id_: str) -> SharingAgreement | None:
        """Return an agreement, None where there is none."""
        row = self._rows.one(sharing_agreement, id_)
        return None if row is None else _agreement(row)

    def agreements(self, agency: AgencyId) -> tuple[SharingAgreement, ...]:
        """Return every agreement of a body, with whomever, by its name."""
        columns = sharing_agreement.c
        is_party = (columns.first == agency) | (columns.second == agency)
        return tuple(map(_agreement, self._rows.find(sharing_agreement, is_party)))

    def of_pair(self, pair: Pair) -> tuple[SharingAgreement, ...]:
        """Return every agreement of two bodies."""
        found = self._rows.having(sharing_agreement, first=pair.first, second=pair.second)
        return tuple(map(_agreement, found))

    def put_agreement(self, new: SharingAgreement) -> RowMark:
        """Write an agreement, and return what its event says of the row."""
        values = {
            "id": new.id,
            "first": new.pair.first,
            "second": new.pair.second,
            "title": new.title,
            "purposes": json.dumps(list(new.purposes)),
            "names_prevent": new.names_prevent,
            "legal_basis": new.legal_basis,
            "limits": new.limits,
            "signed_on": new.signed_on.isoformat(),
            "review_on": new.review_on.isoformat(),
            "ends_on": new.ends_on.isoformat(),
            "sha256": new.sha256,
            "owner": new.owner,
            "entered_by": new.entered_by,
            "confirmed_by": new.confirmed_by,
            "ended_on": day_text(new.ended_on),
        }
        return self._rows.put(sharing_agreement, values)

    def worker(self, id_: str) -> Worker | None:
        """Return a worker, None where there is none."""
        row = self._rows.one(provider_worker, id_)
        return None if row is None else _worker(row)

    def workers(self, agency: AgencyId | None = None) -> tuple[Worker, ...]:
        """Return the workers of a provider, or of every one."""
        of = {} if agency is None else {"agency": agency}
        return tuple(map(_worker, self._rows.having(provider_worker, **of)))

    def put_worker(self, new: Worker) -> RowMark:
        """Write what was checked of a worker, and return what its event says of the row."""
        values = {
            "id": new.id,
            "agency": new.agency,
            "dbs": new.dbs.value,
            "dbs_on": new.dbs_on.isoformat(),
            "dbs_review_on": new.dbs_review_on.isoformat(),
            "suitable_on": new.suitable_on.isoformat(),
            "suitable_by": new.suitable_by,
            "undertaking_on": new.undertaking_on.isoformat(),
            "registered_with": new.registered_with,
            "registered_until": day_text(new.registered_until),
            "entered_by": new.entered_by,
        }
        return self._rows.put(provider_worker, values)

    def clearances(self, agency: AgencyId) -> tuple[Clearance, ...]:
        """Return the clearances of the people of a body."""
        return tuple(map(_clearance, self._rows.find(clearance, clearance.c.agency == agency)))

    def put_clearance(self, new: Clearance) -> RowMark:
        """Write that a clearance was seen, and return what its event says of the row."""
        values = {
            "id": new.id,
            "person": new.person,
            "agency": new.agency,
            "kind": new.kind.value,
            "until": new.until.isoformat(),
            "seen_by": new.seen_by,
        }
        return self._rows.put(clearance, values)


def _agreement(row: Mapping[str, Any]) -> SharingAgreement:
    confirmed_by = row["confirmed_by"]
    return SharingAgreement(
        id=row["id"],
        pair=Pair(first=AgencyId(row["first"]), second=AgencyId(row["second"])),
        title=row["title"],
        purposes=tuple(json.loads(row["purposes"])),
        names_prevent=bool(row["names_prevent"]),
        legal_basis=row["legal_basis"],
        limits=row["limits"],
        signed_on=date.fromisoformat(row["signed_on"]),
        review_on=date.fromisoformat(row["review_on"]),
        ends_on=date.fromisoformat(row["ends_on"]),
        sha256=row["sha256"],
        owner=PersonId(row["owner"]),
        entered_by=PersonId(row["entered_by"]),
        confirmed_by=None if confirmed_by is None else PersonId(confirmed_by),
        ended_on=day_of(row["ended_on"]),
    )


def _worker(row: Mapping[str, Any]) -> Worker:
    return Worker(
        id=row["id"],
        agency=AgencyId(row["agency"]),
        dbs=DbsLevel(row["dbs"]),
        dbs_on=date.fromisoformat(row["dbs_on"]),
        dbs_review_on=date.fromisoformat(row["dbs_review_on"]),
        suitable_on=date.fromisoformat(row["suitable_on"]),
        suitable_by=PersonId(row["suitable_by"]),
        undertaking_on=date.fromisoformat(row["undertaking_on"]),
        registered_with=row["registered_with"],
        registered_until=day_of(row["registered_until"]),
        entered_by=PersonId(row["entered_by"]),
    )


def _clearance(row: Mapping[str, Any]) -> Clearance:
    return Clearance(
        person=PersonId(row["person"]),
        agency=AgencyId(row["agency"]),
        kind=ClearanceKind(row["kind"]),
        until=date.fromisoformat(row["until"]),
        seen_by=PersonId(row["seen_by"]),
    )
