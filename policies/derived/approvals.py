"""Whether a second person decided, and whether that decision counts."""

from policies.facts import Facts
from policies.kinds import is_blank
from policies.registers import Registers


def approval(facts: Facts, _: Registers) -> str:
    """Say what the approval amounts to; nobody approves a disclosure they had a part in."""
    decision = facts.word("approval.decision")
    if decision == "none":
        return "none"
    approver = facts.values["approval.approver"]
    if (
        approver is None
        or approver == facts.word("requester.person")
        or facts.word("approval.relation") != "independent"
        or is_blank(facts.word("approval.reason"))
    ):
        return "does not count"
    if decision == "refuse":
        return "refused by someone independent"
    return "approved by someone independent"
