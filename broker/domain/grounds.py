"""What everything that a Caldicott Guardian says must rest on, and who may not say it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from broker.domain.errors import NotAllowedError, ReasonNeededError
from keys import PersonId

REQUESTER = "requester"
INDEPENDENT = "independent"
Relation = Literal["independent", "author", "subject", "relative", "line-report", "siro"]
RELATIONS: Mapping[str, str] = {
    "independent": "you have no part in it: none of the following holds",
    "author": "you wrote, changed or checked what is in it",
    "subject": "it is about you",
    "relative": "you are related to, or close to, somebody in it",
    "line-report": "you manage its sender, or they manage you",
    "siro": "you are the senior information risk owner, who is no Guardian",
}
"""What a Guardian may say of their relation to a disclosure; `requester` is found out."""

FEWEST_WORDS, FEWEST_CHARACTERS = 2, 12
"""How much a person's reason must be at least."""


def is_a_reason(reason: str) -> bool:
    """Say whether a person's reason is in words."""
    written = reason.split()
    return len(written) >= FEWEST_WORDS and len(" ".join(written)) >= FEWEST_CHARACTERS


def must_be_a_reason(reason: str) -> None:
    """Return if a person's reason is in words, else raise `NotAllowedError`."""
    if not is_a_reason(reason):
        raise NotAllowedError(
            f"A reason in words is needed: at least {FEWEST_WORDS} words and {FEWEST_CHARACTERS} "
            "characters, so that somebody who was not there understands it. Write it out."
        )


def must_say_why(reason: str | None, *, again: bool) -> None:
    """Return if a person may take a step with this reason, which only doing it `again` asks for.

    Raises `ReasonNeededError` without one, and `NotAllowedError` for one that is not in words.
    """
    if again and not (reason and reason.strip()):
        raise ReasonNeededError
    if reason:
        must_be_a_reason(reason)


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
        must_be_a_reason(self.reason)
        self.must_name_principles()

    def must_name_principles(self) -> None:
        """Return if the principles are there, else raise `NotAllowedError`."""
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
    """What a Guardian thinks of a decision afterwards, on its grounds: `concur` or `dissent`.

    `learning` is what others should learn of it, of the work and never of the person; or empty.
    """

    view: str
    learning: str = ""
