"""What no Guardian can approve: what nobody knows yet."""

from broker.domain.errors import NotAllowedError
from broker.domain.model import Approval
from policies import Decision, Outcome


def must_be_known(approval: Approval, decision: Decision) -> None:
    """Return unless an approval would stand for an answer that nobody has given yet.

    `decision` is the one with the approval among the facts. Raises `NotAllowedError` with the
    questions; only the sender's answers settle them.
    """
    questions = decision.questions
    if approval.decision != "refuse" and decision.outcome is Outcome.REFER and questions:
        raise NotAllowedError(
            f"You cannot approve what nobody knows: {' '.join(questions)} Ask the sender, whose "
            "answers are judged anew, or refuse."
        )
