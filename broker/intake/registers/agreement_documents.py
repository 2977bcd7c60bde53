"""Documents about what somebody was told and agreed to, read once; every fault named."""

from datetime import date
from typing import Annotated

from pydantic import Field

from broker.disclosures.afterwards.agreements import Said
from broker.domain.cases.agreements import AgreementKind, AgreementStatus, Giver, Scope
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.times import written_day
from broker.intake.documents import object_in
from broker.intake.shapes import Day, Document, Identifier
from broker.intake.validation import validated

Version = Annotated[int, Field(ge=0, le=1_000_000)]
Codes = Annotated[list[Identifier], Field(max_length=20, default_factory=list)]


class AgreementModel(Document):
    """What somebody answered, in the place of version `seen` (0: of none)."""

    kind: Annotated[AgreementKind, Field(strict=False)]
    status: Annotated[AgreementStatus, Field(strict=False)]
    giver: Annotated[Giver, Field(strict=False)] = Giver.NOBODY
    given_on: Day | None = None
    expires_on: Day | None = None
    recipients: Codes
    purposes: Codes
    seen: Version = 0


class WithdrawalModel(Document):
    """That what was agreed to in version `seen` is taken back."""

    seen: Version = 0


def read_said(text: bytes) -> Said:
    """Return what somebody answered, or raise `FaultyDocumentError`."""
    model = validated(AgreementModel, object_in(text))
    return Said(
        kind=model.kind,
        status=model.status,
        giver=model.giver,
        given_on=_day("given_on", model.given_on),
        expires_on=_day("expires_on", model.expires_on),
        scope=Scope(recipients=tuple(model.recipients), purposes=tuple(model.purposes)),
        seen=model.seen,
    )


def read_seen(text: bytes) -> int:
    """Return the version that is taken back, or raise `FaultyDocumentError`."""
    return validated(WithdrawalModel, object_in(text)).seen


def _day(place: str, written: str | None) -> date | None:
    if written is None:
        return None
    day = written_day(written)
    if day is None:
        raise FaultyDocumentError((Fault(place=place, problem="is no day of the calendar"),))
    return day
