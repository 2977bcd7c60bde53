"""The shapes of requests to partners, of answers to them and of the steps between."""

from typing import Annotated, Literal

from pydantic import Field

from broker.domain.partner_requests.concerns import Outcome, Wrong
from broker.domain.partner_requests.notices import NoticeKind
from broker.domain.questions.follows import Changed
from broker.intake.shapes import Day, Document, Identifier, Line, Text
from policies import FIELDS


class AskModel(Document):
    """One question to one body: a field, why in a sentence, and for which days."""

    field: Line
    sentence: Annotated[str, Field(max_length=1000)]
    from_: Annotated[Day, Field(alias="from")]
    until: Day


class BodyAskedModel(Document):
    """One body that is asked: where, why it would hold the answers, its own questions."""

    mailbox: Identifier
    why: Annotated[str, Field(max_length=4000)]
    asks: Annotated[list[AskModel], Field(max_length=len(FIELDS))]


class DayModel(Document):
    """By when an answer is asked for, who set that in which function, and why it is so near."""

    on: Day
    set_by: Identifier
    function: Literal["chair", "coordinator"]
    why: Annotated[str, Field(max_length=4000)] = ""


class RequestModel(Document):
    """A request to partners about one person, version 1 (docs/formats/request.md)."""

    request: Literal["request/1"]
    purpose: Literal["police-screening", "panel-assessment"]
    answer_to: Identifier
    case: Identifier | None = None
    deadline: DayModel
    form: dict[str, str]
    questions: dict[str, object]
    bodies: Annotated[list[BodyAskedModel], Field(max_length=100)]


class StatementModel(Document):
    """Some sentences of an answer with where they come from."""

    known: Literal["seen", "told", "opinion"]
    source: Annotated[str, Field(max_length=200)]
    on: Day
    words: Annotated[str, Field(max_length=15_000)]


class FieldAnswerModel(Document):
    """What is said to one question."""

    field: Line
    share: Literal["all", "part", "no"]
    why: Annotated[str, Field(max_length=4000)]
    statements: Annotated[list[StatementModel], Field(max_length=50)] = []  # noqa: RUF012  # pydantic copies it


class RequestAnswerModel(Document):
    """The answer to one copy of a request, version 1 (docs/formats/request.md)."""

    answer: Literal["request-answer/1"]
    held: Literal["yes", "no", "cannot-say"]
    why: Annotated[str, Field(max_length=4000)] = ""
    person: dict[str, str] = {}  # noqa: RUF012  # pydantic copies it for each document
    rung: bool = False
    fields: Annotated[list[FieldAnswerModel], Field(max_length=len(FIELDS))] = []  # noqa: RUF012  # pydantic copies it
    questions: dict[str, object] = {}  # noqa: RUF012  # pydantic copies it
    preview: bool = False


class ChangeModel(Document):
    """Something has changed for somebody, version 1 (docs/formats/change.md)."""

    change: Literal["change/1"]
    what: Annotated[Changed, Field(strict=False)]
    statement: StatementModel
    to: Annotated[list[Line], Field(max_length=100)] = []  # noqa: RUF012  # pydantic copies it
    form: dict[str, str] = {}  # noqa: RUF012  # pydantic copies it
    questions: dict[str, object]
    preview: bool = False


class SharingConcernModel(Document):
    """What went wrong with sharing, and why whoever raises it says so."""

    wrong: Annotated[Wrong, Field(strict=False)]
    why: Text


class SharingOutcomeModel(Document):
    """How a concern about sharing ends, and why."""

    outcome: Annotated[Outcome, Field(strict=False)]
    why: Text


class NoticeModel(Document):
    """Which notice to the regional Prevent team is decided about."""

    kind: Annotated[NoticeKind, Field(strict=False)]
    told: bool


class ReturnModel(Document):
    """A copy that is sent back, and why."""

    reason: Literal["too-broad", "unclear", "no-purpose", "wrong-body"]
    why: Text


class PassModel(Document):
    """A copy that is passed to somebody else of the body."""

    to: Identifier
    why: Text


class TimeModel(Document):
    """A later day that is asked for."""

    until: Day
    why: Text


class SettleModel(Document):
    """Whether the later day that was asked for is granted."""

    granted: bool
