"""What the concern rests on, and whether there were others before it."""

from typing import Final

from policies.facts import Facts
from policies.registers import Registers

_NEVER_A_GROUND: Final = frozenset(
    {"protected-characteristic", "lawful-belief", "dress-or-appearance"}
)


def earlier(facts: Facts, _: Registers) -> str:
    """Say whether there are earlier concerns about the person; how many is never read."""
    return "yes" if facts.values["earlier.concerns"] else "no"


def grounds(facts: Facts, _: Registers) -> str:
    """Say whether the basis of the concern names anything that the person did or said."""
    basis = facts.words("concern.basis")
    if not basis:
        return "none"
    if basis <= _NEVER_A_GROUND:
        return "only belief, dress and protected traits"
    return "something the person did or said"
