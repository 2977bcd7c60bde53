"""What the concern rests on."""

from typing import Final

from policies.facts import Facts
from policies.registers import Registers

_NEVER_A_GROUND: Final = frozenset(
    {"protected-characteristic", "lawful-belief", "dress-or-appearance"}
)


def grounds(facts: Facts, _: Registers) -> str:
    """Say whether the basis of the concern names anything that the person did or said."""
    basis = facts.words("concern.basis")
    if not basis:
        return "none"
    if basis <= _NEVER_A_GROUND:
        return "only belief, dress and protected traits"
    return "something the person did or said"
