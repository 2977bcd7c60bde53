"""What the routes of the API take and give, for the description that is made of them.

A route that is not named here takes no body and gives JSON; a test holds this against the routes.
"""

from collections.abc import Mapping
from typing import Final

from broker.intake import shapes
from broker.intake.case_documents import CaseFromModel
from broker.intake.machines import shapes as machine_shapes
from broker.intake.panels import PanelPackModel
from broker.intake.panels import meetings as meeting_shapes
from broker.intake.registers.agreement_documents import AgreementModel, WithdrawalModel
from broker.intake.registers.between_documents import (
    ClearanceModel,
    SharingAgreementModel,
    WorkerModel,
)
from broker.intake.registers.directory_documents import (
    CallBackModel,
    RetirementModel,
    RuleReviewModel,
    ServicesModel,
)
from broker.intake.requests import shapes as request_shapes

_COPY: Final = "POST /api/v1/requests/<reference>/copies/<int:number>"
_OF: Final = "POST /api/v1/disclosures/<reference>"
_CASE: Final = "POST /api/v1/cases/<reference>"
_REVIEW: Final = "POST /api/v1/reviews/<reference>"
_DIRECTORY: Final = "POST /api/v1/directory"
_SHARING: Final = "POST /api/v1/sharing-agreements"
_MEETINGS: Final = "POST /api/v1/meetings"
_MEETING: Final = f"{_MEETINGS}/<reference>"

BODIES: Final[Mapping[str, type[shapes.Document]]] = {
    "POST /access/v1/evaluation": machine_shapes.EvaluationModel,
    "POST /api/v1/judgements": shapes.PackModel,
    "POST /api/v1/disclosures": shapes.PackModel,
    f"{_OF}/handover": shapes.HandoverModel,
    f"{_OF}/acknowledgement": shapes.NothingModel,
    f"{_OF}/recall": shapes.NothingModel,
    f"{_OF}/arrival": shapes.NothingModel,
    f"{_OF}/resend": shapes.ResendModel,
    f"{_OF}/anew": shapes.AnewModel,
    f"{_OF}/fetch": shapes.HandoverModel,
    f"{_OF}/code": shapes.CodeModel,
    f"{_OF}/sent-by-hand": shapes.ReceiptModel,
    f"{_OF}/reply": shapes.ReplyModel,
    f"{_OF}/duties/<duty>": shapes.NothingModel,
    f"{_OF}/changes": request_shapes.ChangeModel,
    "POST /api/v1/regional-notices/<reference>": request_shapes.NoticeModel,
    "POST /api/v1/concerns/<reference>/check": shapes.CheckModel,
    "POST /api/v1/cases": shapes.CaseModel,
    "POST /api/v1/cases/from/<reference>": CaseFromModel,
    f"{_CASE}/agreements": AgreementModel,
    f"{_CASE}/agreements/<kind>/withdrawal": WithdrawalModel,
    f"{_CASE}/links": shapes.CaseLinkModel,
    f"{_CASE}/members": shapes.CaseMemberModel,
    f"{_CASE}/members/<person>/end": shapes.NothingModel,
    f"{_CASE}/stage": shapes.CaseStageModel,
    f"{_CASE}/close": shapes.CaseEndModel,
    "POST /api/v1/earlier/<reference>/<other>/call": shapes.EarlierCallModel,
    "POST /api/v1/memories/<reference>/keep": shapes.WhyModel,
    "POST /api/v1/memories/<reference>/end": shapes.NothingModel,
    _SHARING: SharingAgreementModel,
    f"{_SHARING}/<agreement>/confirmation": shapes.NothingModel,
    f"{_SHARING}/<agreement>/end": shapes.NothingModel,
    "POST /api/v1/workers": WorkerModel,
    _DIRECTORY: ServicesModel,
    f"{_DIRECTORY}/contacts/<mailbox>/call-back": CallBackModel,
    f"{_DIRECTORY}/contacts/<mailbox>/retirement": RetirementModel,
    f"{_DIRECTORY}/presets/<name>": shapes.NothingModel,
    "POST /api/v1/rule-reviews": RuleReviewModel,
    "POST /api/v1/clearances": ClearanceModel,
    f"{_REVIEW}/decision": shapes.AnswerModel,
    f"{_REVIEW}/question": shapes.QuestionModel,
    f"{_REVIEW}/opinion": shapes.OpinionModel,
    f"{_REVIEW}/advice": shapes.AdviceQuestionModel,
    "POST /api/v1/advice/<advice>/answer": shapes.AdviceAnswerModel,
    "POST /api/v1/cover": shapes.CoverModel,
    "POST /api/v1/request-judgements": request_shapes.RequestModel,
    "POST /api/v1/requests": request_shapes.RequestModel,
    f"{_COPY}/taking": shapes.NothingModel,
    f"{_COPY}/passing": request_shapes.PassModel,
    f"{_COPY}/return": request_shapes.ReturnModel,
    f"{_COPY}/extension": request_shapes.TimeModel,
    f"{_COPY}/extension/settlement": request_shapes.SettleModel,
    f"{_COPY}/answer": request_shapes.RequestAnswerModel,
    f"{_COPY}/look-back": shapes.OpinionModel,
    f"{_COPY}/withdrawal": shapes.NothingModel,
    f"{_COPY}/closing": shapes.NothingModel,
    f"{_COPY}/concern": request_shapes.SharingConcernModel,
    "POST /api/v1/sharing-concerns/<named>/outcome": request_shapes.SharingOutcomeModel,
    _MEETINGS: meeting_shapes.MeetingModel,
    f"{_MEETING}/asked": meeting_shapes.AskedModel,
    f"{_MEETING}/answer": meeting_shapes.ComesModel,
    f"{_MEETING}/delegate": meeting_shapes.DelegateModel,
    f"{_MEETING}/note": meeting_shapes.NotedModel,
    f"{_MEETING}/holding": shapes.NothingModel,
    f"{_MEETING}/closing": shapes.NothingModel,
    f"{_MEETING}/cancellation": shapes.NothingModel,
    f"{_MEETING}/pack-judgement": PanelPackModel,
    f"{_MEETING}/pack": PanelPackModel,
    f"{_MEETING}/pack/asking": shapes.NothingModel,
    f"{_MEETING}/pack/approval": meeting_shapes.SeenModel,
    f"{_MEETING}/pack/withdrawal": shapes.NothingModel,
}
"""The shape of the JSON that each route takes."""

WITH_FILES: Final = frozenset({"POST /api/v1/disclosures"})
"""The routes that take files beside their JSON, as parts of a form."""

TOKEN_ROUTE: Final = "POST /oauth/token"  # noqa: S105 - a route, not a secret
TOKEN_FORM: Final[Mapping[str, object]] = {
    "type": "object",
    "properties": {
        "grant_type": {"const": "client_credentials"},
        "client_assertion_type": {
            "const": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        },
        "client_assertion": {"type": "string", "minLength": 1},
        "client_id": {"type": "string"},
        "scope": {"type": "string"},
        "person": {"type": "string"},
    },
    "required": ["grant_type", "client_assertion_type", "client_assertion"],
    "additionalProperties": False,
}
"""What the token endpoint takes (RFC 6749, RFC 7523)."""

KEYED: Final = frozenset(
    {
        "POST /api/v1/disclosures",
        f"{_OF}/reply",
        f"{_REVIEW}/decision",
        f"{_REVIEW}/question",
        f"{_REVIEW}/opinion",
        "POST /api/v1/requests",
        f"{_COPY}/passing",
        f"{_COPY}/return",
        f"{_COPY}/extension",
        f"{_COPY}/extension/settlement",
        f"{_COPY}/answer",
        f"{_OF}/changes",
        "POST /api/v1/cases",
        "POST /api/v1/cases/from/<reference>",
        _MEETINGS,
        f"{_MEETING}/pack",
    }
)
"""The routes that take an `Idempotency-Key`; what the others do is done once by its nature."""

GIVEN: Final[Mapping[str, str]] = {
    "GET /api/v1/ledger/checkpoint": "text/plain",
    "GET /api/v1/ledger/receipts/<int:number>": "text/plain",
    "GET /api/v1/ledger/export": "application/zip",
    f"{_OF}/fetch": "application/pdf",
    "GET /ledger/checkpoint": "text/plain",
    "GET /ledger/log.vkey": "text/plain",
    "GET /ledger/tile/<path:path>": "application/octet-stream",
}
"""What else than JSON a route gives."""

CREATING: Final = frozenset(
    {
        "POST /api/v1/disclosures",
        "POST /api/v1/requests",
        "POST /api/v1/cases",
        "POST /api/v1/cases/from/<reference>",
        f"{_CASE}/agreements",
        f"{_OF}/changes",
        "POST /api/v1/rule-reviews",
        _SHARING,
        f"{_COPY}/concern",
        _MEETINGS,
        f"{_MEETING}/pack",
    }
)
"""The routes that answer 201 where they made something."""
