"""Documents about entries of the directory and reviews of the rules; every fault named."""

from typing import Annotated

from pydantic import ConfigDict, Field

from broker.domain.directory.backing import CallBack, NumberFrom
from broker.domain.oversight.records import Trigger
from broker.intake.documents import day_at, object_in
from broker.intake.shapes import Day, Document, Line
from broker.intake.validation import validated

Seen = Annotated[str, Field(min_length=1, max_length=128)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ServicesModel(Document):
    """A page of services as Open Referral UK has it; what we have no use for is passed over."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    contents: list[dict[str, object]]


class CallBackModel(Document):
    """A call that confirmed a contact; `seen` is what was shown of it."""

    number: Annotated[str, Field(min_length=1, max_length=40)]
    source: Annotated[NumberFrom, Field(strict=False)]
    spoke_to: Line
    seen: Seen


class RetirementModel(Document):
    """That nothing goes to a contact any more; `seen` is what was shown of it."""

    seen: Seen


class RuleReviewModel(Document):
    """A review of the rules: why, when the next is due, the digests of its papers."""

    trigger: Annotated[Trigger, Field(strict=False)]
    due_on: Day
    equality_sha256: Digest | None = None
    dpia_sha256: Digest | None = None


def read_call_back(text: bytes) -> tuple[CallBack, str]:
    """Return a call and what was shown, or raise `FaultyDocumentError`."""
    said = validated(CallBackModel, object_in(text))
    call = CallBack(number=said.number, source=said.source, spoke_to=said.spoke_to)
    return call, said.seen


def read_retirement(text: bytes) -> str:
    """Return what was shown of what is to be retired, or raise `FaultyDocumentError`."""
    return validated(RetirementModel, object_in(text)).seen


def read_rule_review(text: bytes) -> RuleReviewModel:
    """Return a review whose day is one of the calendar, or raise `FaultyDocumentError`."""
    said = validated(RuleReviewModel, object_in(text))
    day_at("due_on", said.due_on)
    return said
