"""Documents about what somebody was told and agreed to, read once; every fault named."""

from typing import Annotated

from pydantic import Field

from broker.disclosures.afterwards.agreements import Said
from broker.domain.cases.agreements import AgreementKind, AgreementStatus, Giver, Scope
from broker.intake.documents import day_at, object_in
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
    """That what was agreed to in version `seen` is taken back; `giver` says which of two did."""

    seen: Version = 0
    giver: Annotated[Giver | None, Field(strict=False)] = None


def read_said(text: bytes) -> Said:
    """Return what somebody answered, or raise `FaultyDocumentError`."""
    model = validated(AgreementModel, object_in(text))
    given_on, expires_on = model.given_on, model.expires_on
    return Said(
        kind=model.kind,
        status=model.status,
        giver=model.giver,
        given_on=None if given_on is None else day_at("given_on", given_on),
        expires_on=None if expires_on is None else day_at("expires_on", expires_on),
        scope=Scope(recipients=tuple(model.recipients), purposes=tuple(model.purposes)),
        seen=model.seen,
    )


def read_withdrawal(text: bytes) -> tuple[int, Giver | None]:
    """Return the version that is taken back and by whom, or raise `FaultyDocumentError`."""
    model = validated(WithdrawalModel, object_in(text))
    return model.seen, model.giver
