"""A second door to "try it": AuthZEN Authorization API 1.0, with its Obligations profile (draft).

It judges a pack as `POST /api/v1/judgements` does, and keeps and sends nothing. An obligation that
the caller does not understand makes the answer a denial.
"""

from typing import Final

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import json_body
from broker.api.services import current_services
from broker.domain.judgement import Judgement
from broker.domain.times import uk_day
from broker.intake.machines.evaluations import Asked, read_evaluation
from policies import Outcome

authzen = Blueprint("authzen", __name__)

EVALUATION_PATH: Final = "/access/v1/evaluation"
_MAY: Final = frozenset({Outcome.PERMIT, Outcome.PERMIT_WITH_OBLIGATIONS})
_OURS: Final = "disclosure-broker"


@authzen.post(EVALUATION_PATH)
def evaluate() -> Response:
    """Say whether the caller may disclose a pack, and what that obliges to; nothing is kept."""
    services = current_services()
    vocabulary, today = services.rulebooks.in_force().vocabulary, uk_day(services.clock())
    asked = read_evaluation(json_body(), vocabulary, today)
    person = access.person()
    if asked.subject != person.id:
        return jsonify({"decision": False, "context": {"reason": "you-ask-for-yourself-alone"}})
    return jsonify(_answer(asked, services.disclosures.preview(asked.pack, person)))


@authzen.get("/.well-known/authzen-configuration")
def metadata() -> Response:
    """Say where evaluations are made, and of which type obligations are."""
    issuer = current_services().access.machines.access.origins.issuer
    return jsonify(
        {
            "policy_decision_point": issuer,
            "access_evaluation_endpoint": f"{issuer}{EVALUATION_PATH}",
            "supported_obligations": ["custom"],
        }
    )


def _answer(asked: Asked, judgement: Judgement) -> dict[str, object]:
    decision = judgement.decision
    owed = sorted({(obligation.type, obligation.when) for obligation in decision.obligations})
    strange = [type_ for type_, _ in owed if not _understands(asked, type_)]
    may = decision.outcome in _MAY and not strange
    context: dict[str, object] = {
        "outcome": decision.outcome.value,
        "obligations": [
            {
                "id": type_,
                "type": "custom",
                "properties": {"vendor": _OURS, "action": type_, "when": when},
            }
            for type_, when in owed
        ],
    }
    if strange:
        context |= {"reason": "obligations-not-understood", "not_understood": strange}
    return {"decision": may, "context": context}


def _understands(asked: Asked, obligation: str) -> bool:
    return asked.understood is None or obligation in asked.understood
