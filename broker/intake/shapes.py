"""The shapes of documents that the API takes: closed, strict, frozen."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from broker.domain.cases.earlier import Call
from broker.domain.cases.stages import CaseEnd, CaseKind, LinkKind, Stage
from broker.domain.concerns.concerns import Advice, Also
from broker.domain.directory.functions import Function
from broker.domain.grounds import Relation, View
from broker.domain.guardians.advice import Adviser
from broker.domain.roles import Role
from broker.guardian.answer import Verdict
from broker.guardian.public_interest import PARTS
from policies import FIELDS

MAX_ATTACHMENTS = 20

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]
CaseIdentifier = Annotated[str, Field(pattern=r"^c-[a-z0-9-]{1,62}$")]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Document(BaseModel):
    """What every document of the API has in common: closed, strict, frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AttachmentModel(Document):
    """What the sender says of an attachment; its content travels beside the pack."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    carries: Annotated[list[str], Field(min_length=1, max_length=len(FIELDS))]
    why: Text
    original: Literal["yes", "no"] = "no"


class PackModel(Document):
    """A referral pack, version 2 (docs/formats/pack.md)."""

    pack: Literal["referral-pack/2"]
    recipient: Identifier
    form: dict[str, str]
    questions: dict[str, object]
    attachments: Annotated[list[AttachmentModel], Field(max_length=MAX_ATTACHMENTS)] = []
    again: Text | None = None
    case: CaseIdentifier | None = None


class BasisModel(Document):
    """What an agency relies on for a purpose; the words are those of the facts contract."""

    article_6: Line
    article_9: Line
    schedule_1: Line
    power: Text


class AgencyModel(Document):
    """A body that sends or receives."""

    id: Identifier
    name: Line
    kind: Line
    in_united_kingdom: bool
    sharing_agreement_until: Day | None
    undertaking_signed: bool
    suitability_until: Day | None
    bases: dict[str, BasisModel]
    sharing_duty_body: bool
    check: Literal["before-sending", "advisory"]
    check_purposes: Annotated[list[Line], Field(max_length=20)]
    completes: Literal["practitioner", "lead", "either"]
    pathway: Identifier | None
    guardian_body: Identifier | None


class MailboxModel(Document):
    """Where an agency takes packs."""

    id: Identifier
    agency: Identifier
    title: Line
    address: Line
    type: Literal["role", "named-person", "personal-webmail", "portal"]
    accepts_encrypted: Literal["yes", "no", "unknown"]
    telephone: Annotated[str, Field(pattern=r"^[0-9+() -]{3,40}$")]
    function: Literal[
        "prevent-inbox",
        "safeguarding-inbox",
        "front-door-children",
        "front-door-adults",
        "early-help",
        "panel",
        "provider",
        "partner-lead",
        "court",
        "other",
    ]
    kept_as: Function | None = None
    hours: Line | None = None
    printed: Annotated[int, Field(ge=1990, le=2100)] | None = None
    source: Line | None = None


class DirectoryModel(Document):
    """Entries to add to the directory, version 2."""

    directory: Literal["directory/2"]
    agencies: list[AgencyModel]
    mailboxes: list[MailboxModel]


class HandoverModel(Document):
    """A request for the passphrase; a second one needs a reason."""

    reason: Text | None = None


class CodeModel(Document):
    """A request for the code of a page, for one function; a second one for it needs a reason."""

    function: Line
    reason: Text | None = None


class NothingModel(Document):
    """The body of a step that needs no word: empty, or an object without members."""


class SettlementModel(Document):
    """Answers to what nobody knew, by the place of the question, and words by field."""

    answers: dict[str, object] = {}
    form: dict[str, Text] = {}


class ReplyModel(SettlementModel):
    """A sender's reply to what the Guardian asked, with answers to what nobody knew."""

    reply: Text


class ResendModel(Document):
    """A sender's word that the same bytes are sent once more."""

    reason: Text


class AnewModel(Document):
    """A sender's word that what has ended is sent again: exactly what they have `seen`."""

    reason: Text | None = None
    seen: Line | None = None
    preview: bool = False


class ReceiptModel(Document):
    """By which way a sealed document was carried by hand, and the receipt for it."""

    by: Identifier
    receipt: Line


class GroundsModel(Document):
    """What everything that a Guardian says rests on, beside its reason."""

    relation: Relation
    principles: list[int]


class PublicInterestModel(Document):
    """What was weighed where something goes against an adult's no, part by part."""

    public_interest: Annotated[dict[Line, Text], Field(max_length=len(PARTS))] = {}


class AnswerModel(GroundsModel, PublicInterestModel):
    """A Guardian's answer to a referral."""

    verdict: Verdict
    reason: Text
    leave_out: Annotated[list[Line], Field(max_length=len(FIELDS))] = []
    preview: bool = False
    seen: Line | None = None


class QuestionModel(GroundsModel):
    """What a Guardian asks before deciding."""

    question: Text


class OpinionModel(GroundsModel):
    """What a Guardian thinks of a decision afterwards."""

    opinion: View
    reason: Text
    learning: Annotated[str, Field(max_length=4000)] = ""


class AdviceQuestionModel(Document):
    """What advice a Guardian asks, and of whom."""

    of: Annotated[Adviser, Field(strict=False)]
    question: Text


class AdviceAnswerModel(Document):
    """The answer to a question."""

    answer: Text


class CoverModel(Document):
    """Who is to cover for a Guardian, from a day to the end of another."""

    deputy: Identifier
    first: Day
    last: Day


class CheckModel(Document):
    """What somebody answers who checks a concern."""

    advice: Annotated[Advice, Field(strict=False)]
    also: Annotated[list[Annotated[Also, Field(strict=False)]], Field(max_length=len(Also))] = []
    reason: Text


class CaseModel(Document):
    """A case to be opened."""

    kind: Annotated[CaseKind, Field(strict=False)]


class CaseLinkModel(Document):
    """Another case, by itself or by a reference of its own, and why the two are linked."""

    other: Line
    kind: Annotated[LinkKind, Field(strict=False)]


class CaseMemberModel(Document):
    """Somebody who is to work on a case, and in which role."""

    person: Identifier
    role: Annotated[Role, Field(strict=False)]


class CaseStageModel(Document):
    """The stage to which a case comes."""

    stage: Annotated[Stage, Field(strict=False)]


class CaseEndModel(Document):
    """How a case ends."""

    end: Annotated[CaseEnd, Field(strict=False)]


class WhyModel(Document):
    """Why somebody keeps something on."""

    reason: Text


class EarlierCallModel(Document):
    """Whether two concerns are about one person."""

    call: Annotated[Call, Field(strict=False)]
