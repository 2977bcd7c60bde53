"""What is kept about rules, policies and supervision: plain frozen values; days are the UK's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from typing import Final

from keys import AgencyId, PersonId


@unique
class ProposalState(StrEnum):
    """What became of a proposal of rules."""

    OPEN = "open"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


@unique
class Trigger(StrEnum):
    """Why rules are reviewed: each year, or since something else was changed or happened."""

    YEARLY = "yearly"
    DUTY_GUIDANCE = "duty-guidance"
    CHANNEL_GUIDANCE = "channel-guidance"
    NHS_GUIDANCE = "nhs-guidance"
    LAW = "law"
    INCIDENT = "incident"


TRIGGERS_IN_WORDS: Final[Mapping[Trigger, str]] = {
    Trigger.YEARLY: "The year is over",
    Trigger.DUTY_GUIDANCE: "New guidance on the Prevent duty",
    Trigger.CHANNEL_GUIDANCE: "New Channel guidance",
    Trigger.NHS_GUIDANCE: "New guidance of NHS England or the department",
    Trigger.LAW: "A change of law",
    Trigger.INCIDENT: "Something that happened",
}
"""Each trigger as people read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleProposal:
    """Rules that one person would put in force, and what that would have changed.

    `moves` counts recorded decisions by how they would fare; another person takes or withdraws it.
    """

    id: str
    rulebook: str
    bundle: bytes
    by: PersonId
    agency: AgencyId
    by_guardian: bool
    at: datetime
    until: date | None
    moves: Mapping[str, int]
    state: ProposalState
    settled_by: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReview:
    """A review of the rules in force: why, by whom, when the next is due, and on which papers.

    The papers are known by their SHA-256, None where there was none.
    """

    id: str
    rulebook: str
    by: PersonId
    on: date
    due_on: date
    trigger: Trigger
    equality_sha256: str | None
    dpia_sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocument:
    """A policy of a body, known by its SHA-256; `title` names a paper, never a person."""

    id: str
    agency: AgencyId
    title: str
    edition: str
    sha256: str
    signed_by: PersonId
    signed_on: date
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionNote:
    """What was said in supervision, prompt by prompt, and when they meet again."""

    id: str
    agency: AgencyId
    team: str | None
    by: PersonId
    on: date
    next_on: date
    words: Mapping[str, str]

    def __repr__(self) -> str:
        """Name the note, never what was said."""
        return f"SupervisionNote(id={self.id!r})"


PROMPTS: Final[Mapping[str, str]] = {
    "trust": "Agreement and trust: how do they stand with the people we help?",
    "watching": "Pressure to watch: is anybody asked to watch people rather than to help them?",
    "rights": "Rights and risk: where do they pull apart, and how was that weighed?",
    "mood": "The mood outside: what do the news and the neighbourhood do to the work?",
    "culture": "Culture and faith: where do they matter, for the person or for us?",
}
"""The five things that supervision talks about (SET 2.11), by the name of each answer."""
