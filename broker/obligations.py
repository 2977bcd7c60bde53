"""How each obligation of a decision is kept: by us, by the sender's word, or as a dated duty."""

from collections.abc import Mapping
from datetime import date, timedelta

from broker.model import Duty
from policies import Decision, Obligation

KEPT_BY_THE_BROKER: Mapping[str, str] = {
    "call-999": "every answer to the sender says it first",
    "withhold": "only released fields enter the pack",
    "seal": "every courier that cannot prove its connection gets a sealed pack",
    "label-opinion": "the pack marks what was reported as reported",
    "recipient-undertaking": "the directory holds the signed undertaking, or the rules refuse",
    "do-not-tell-the-person-yet": "the pack says so to the recipient",
    "do-not-tell-the-parents": "the pack says so to the recipient",
}
"""Obligations that hold before or at release, and what makes them hold."""

CONFIRMED_BY_THE_SENDER: Mapping[str, str] = {
    "redact-third-parties": (
        "Replace the names of other people by their role, then list redact-third-parties under "
        "questions.confirmed."
    ),
}
"""Obligations that only a person can keep; the pack's `questions.confirmed` says that they did."""

CONFIRM_RECEIPT = "confirm-receipt"
"""The broker's own duty for everything that it sends: ask whether the document opened."""

_DAYS_TO_ACT = {"call-999": 0, "tell-the-guardian": 1, "guardian-review": 3}
_DEFAULT_DAYS = 7
_CANNOT_BE_KEPT = (
    "The recipient cannot take sealed files and this installation has no portal. Agree on a "
    "mailbox that takes encrypted files and enter it in the directory."
)


def unkept(decision: Decision, confirmed: frozenset[str]) -> Mapping[str, str]:
    """Return the obligations that nobody can or did keep before release, with what would help.

    Where nothing is released, nothing waits for an obligation.
    """
    if not decision.release:
        return {}
    return {
        obligation.type: CONFIRMED_BY_THE_SENDER.get(obligation.type, _CANNOT_BE_KEPT)
        for obligation in decision.obligations
        if obligation.when != "after-release"
        and obligation.type not in KEPT_BY_THE_BROKER
        and not (obligation.type in CONFIRMED_BY_THE_SENDER and obligation.type in confirmed)
    }


def duties_of(decision: Decision, today: date) -> tuple[Duty, ...]:
    """Return what must be done after release, each with its day; nothing where nothing goes."""
    if not decision.release:
        return ()
    receipt = Duty(type=CONFIRM_RECEIPT, due_on=today + timedelta(days=1), done_on=None)
    return receipt, *(
        Duty(type=obligation.type, due_on=_due_on(obligation, today), done_on=None)
        for obligation in decision.obligations
        if obligation.when == "after-release"
    )


def _due_on(obligation: Obligation, today: date) -> date:
    for name in ("by", "tell-by"):
        by = obligation.properties.get(name)
        if isinstance(by, str):
            return date.fromisoformat(by)
    return today + timedelta(days=_DAYS_TO_ACT.get(obligation.type, _DEFAULT_DAYS))
