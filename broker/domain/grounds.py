"""What everything that a Caldicott Guardian says must rest on, and who may not say it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from broker.domain.errors import NotAllowedError
from keys import PersonId

REQUESTER = "requester"
INDEPENDENT = "independent"
Relation = Literal["independent", "author", "subject", "relative", "line-report", "siro"]
RELATIONS: tuple[str, ...] = get_args(Relation)
"""What a Guardian may say of their relation to a disclosure; `requester` is found out."""

View = Literal["concur", "dissent"]
VIEWS: tuple[str, ...] = get_args(View)
"""What a Guardian may think of a decision afterwards."""

PRINCIPLES = {
    1: "Justify every purpose.",
    2: "Use information only when it is necessary.",
    3: "Use no more than the purpose needs.",
    4: "Only those who need to know see it.",
    5: "Everyone knows their duties.",
    6: "Keep to the law.",
    7: "The duty to share can matter as much as the duty to protect.",
    8: "Tell people what is done with what is known of them.",
}
"""The Caldicott Principles of 2020 by number, in short; a Guardian names those they rest on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """A Guardian's reason in words, their relation to the disclosure, and principle numbers."""

    reason: str
    relation: str
    principles: frozenset[int]

    def must_be_written(self) -> None:
        """Return if reason and principles are there, else raise `NotAllowedError`."""
        if not self.reason.strip():
            raise NotAllowedError("A Guardian gives a reason in words. Write one.")
        if not self.principles or self.principles - PRINCIPLES.keys():
            raise NotAllowedError(
                "A Guardian names the Caldicott Principles that this rests on. "
                "Give their numbers, 1 to 8."
            )

    def must_be_independent(self, guardian: PersonId, barred: Collection[str | None]) -> None:
        """Return if the Guardian has no part in it, else raise `NotAllowedError` (rule R23)."""
        if guardian in barred or self.relation != INDEPENDENT:
            raise NotAllowedError(
                "Whoever has a part in a disclosure does not review it. Ask a deputy Guardian."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion(Grounds):
    """What a Guardian thinks of a decision afterwards, on its grounds: `concur` or `dissent`."""

    view: str
