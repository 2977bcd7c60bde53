"""Documents about agreements between bodies, workers and clearances; every fault named."""

from typing import Annotated

from pydantic import Field

from broker.domain.directory.vetting import Clearance, ClearanceKind, DbsLevel, Worker
from broker.domain.model import Person
from broker.intake.documents import day_at, object_in
from broker.intake.shapes import Day, Document, Identifier, Line
from broker.intake.validation import validated
from broker.registers.bodies.sharing import Signed
from keys import AgencyId, PersonId


class SharingAgreementModel(Document):
    """What two bodies signed; `sha256` is that of the paper, which is kept elsewhere."""

    with_body: Identifier
    title: Line
    purposes: Annotated[list[Line], Field(min_length=1, max_length=40)]
    names_prevent: bool
    legal_basis: Annotated[str, Field(min_length=1, max_length=300)]
    limits: Annotated[str, Field(max_length=500)]
    signed_on: Day
    review_on: Day
    ends_on: Day
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    owner: Identifier


class WorkerModel(Document):
    """What was checked of a named worker of a provider."""

    id: Identifier
    provider: Identifier
    dbs: Annotated[DbsLevel, Field(strict=False)]
    dbs_on: Day
    dbs_review_on: Day
    suitable_on: Day
    undertaking_on: Day
    registered_with: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    registered_until: Day | None = None


class ClearanceModel(Document):
    """A clearance that somebody saw."""

    person: Identifier
    kind: Annotated[ClearanceKind, Field(strict=False)]
    until: Day


def read_sharing(text: bytes) -> Signed:
    """Return what two bodies signed, or raise `FaultyDocumentError`."""
    model = validated(SharingAgreementModel, object_in(text))
    return Signed(
        other=AgencyId(model.with_body),
        title=model.title,
        purposes=tuple(model.purposes),
        names_prevent=model.names_prevent,
        legal_basis=model.legal_basis,
        limits=model.limits,
        signed_on=day_at("signed_on", model.signed_on),
        review_on=day_at("review_on", model.review_on),
        ends_on=day_at("ends_on", model.ends_on),
        sha256=model.sha256,
        owner=PersonId(model.owner),
    )


def read_worker(text: bytes, by: Person) -> Worker:
    """Return what somebody checked of a worker, or raise `FaultyDocumentError`."""
    model = validated(WorkerModel, object_in(text))
    until = model.registered_until
    return Worker(
        id=model.id,
        agency=AgencyId(model.provider),
        dbs=model.dbs,
        dbs_on=day_at("dbs_on", model.dbs_on),
        dbs_review_on=day_at("dbs_review_on", model.dbs_review_on),
        suitable_on=day_at("suitable_on", model.suitable_on),
        suitable_by=by.id,
        undertaking_on=day_at("undertaking_on", model.undertaking_on),
        registered_with=model.registered_with,
        registered_until=None if until is None else day_at("registered_until", until),
        entered_by=by.id,
    )


def read_clearance(text: bytes, by: Person) -> Clearance:
    """Return a clearance that somebody saw, or raise `FaultyDocumentError`."""
    model = validated(ClearanceModel, object_in(text))
    return Clearance(
        person=PersonId(model.person),
        agency=by.agency,
        kind=model.kind,
        until=day_at("until", model.until),
        seen_by=by.id,
    )
