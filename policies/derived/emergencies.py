"""Who may get an emergency pack."""

from typing import Final

from policies.facts import Facts
from policies.registers import Registers

A_SAFEGUARDING_INBOX: Final = "a safeguarding inbox"
_WITH_SAFEGUARDING_TEAMS: Final = frozenset({"nhs", "local-authority"})


def recipient(facts: Facts, _: Registers) -> str:
    """Say whether an emergency pack may go to this recipient: the police, a safeguarding inbox."""
    kind = facts.word("recipient.kind")
    if kind == "police":
        return "police"
    inbox = facts.word("recipient.function") == "safeguarding-inbox"
    return A_SAFEGUARDING_INBOX if inbox and kind in _WITH_SAFEGUARDING_TEAMS else "none"
