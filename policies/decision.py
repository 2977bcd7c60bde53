"""The answer to one request, in the shape that partners and the ledger keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType

RuleId = NewType("RuleId", str)

Property = str | int | None | tuple[str, ...]


class Outcome(StrEnum):
    """What is to happen with the disclosure; match it exhaustively."""

    PERMIT = "permit"
    PERMIT_WITH_OBLIGATIONS = "permit-with-obligations"
    REFER = "refer"
    REFUSE = "refuse"
    EMERGENCY = "emergency"


class Status(StrEnum):
    """Whether one rule is satisfied."""

    MET = "met"
    NOT_MET = "not-met"
    NOT_APPLICABLE = "not-applicable"
    CANNOT_BE_JUDGED = "cannot-be-judged"


class Effect(StrEnum):
    """What one rule does to the outcome."""

    NONE = "none"
    REFUSE = "refuse"
    REFER = "refer"
    OBLIGES = "obliges"
    WAIVED = "waived"


class SettledBy(StrEnum):
    """What settles a referral: a Guardian's word, or only an answer that nobody has given yet."""

    A_WORD = "your-word"
    AN_ANSWER = "only-an-answer"


STOPS: Final = frozenset({Effect.REFUSE, Effect.REFER})


class Timing(StrEnum):
    """When an obligation falls due."""

    BEFORE_RELEASE = "before-release"
    AT_RELEASE = "at-release"
    AFTER_RELEASE = "after-release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says about one request; `rule` is `facts` when the facts are faulty."""

    rule: RuleId
    status: Status
    effect: Effect
    say: str
    lawful_if: tuple[str, ...] = ()
    law: tuple[str, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether the finding refuses or refers."""
        return self.effect in STOPS

    def document(self) -> dict[str, object]:
        """Return the finding as the decision document holds it."""
        return {
            "rule": self.rule,
            "status": self.status.value,
            "effect": self.effect.value,
            "say": self.say,
            "lawful_if": list(self.lawful_if),
            "law": list(self.law),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """A duty that travels with the answer, in the shape of the AuthZEN obligations profile.

    `rule` is the first rule that asks for it; a decision holds each type at most once.
    """

    rule: RuleId
    type: str
    when: Timing
    properties: Mapping[str, Property]

    @property
    def id(self) -> str:
        """The obligation's name within its decision."""
        return f"{self.rule}-{self.type}"

    def document(self) -> dict[str, object]:
        """Return the obligation as the decision document holds it."""
        return {
            "id": self.id,
            "type": self.type,
            "when": self.when.value,
            "properties": {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in self.properties.items()
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The whole answer; `release` and the keys of `withheld` are field identifiers.

    `settled_by` says of each rule that refers what settles it; it is no part of the document.
    """

    outcome: Outcome
    findings: tuple[Finding, ...]
    obligations: tuple[Obligation, ...]
    release: tuple[str, ...]
    withheld: Mapping[str, str]
    lawful_if: tuple[str, ...]
    version: str
    engine: str
    settled_by: Mapping[RuleId, SettledBy] = field(default_factory=dict[RuleId, SettledBy])

    @property
    def questions(self) -> tuple[str, ...]:
        """What nobody knows yet, in words: no approval answers it, only the sender does."""
        return tuple(
            text
            for finding in self.findings
            if self.settled_by.get(finding.rule) is SettledBy.AN_ANSWER
            for text in finding.lawful_if
        )

    def document(self) -> dict[str, object]:
        """Return the decision as JSON-ready values, in the form `decision/2`."""
        return {
            "contract": "decision/2",
            "outcome": self.outcome.value,
            "findings": [finding.document() for finding in self.findings],
            "obligations": [obligation.document() for obligation in self.obligations],
            "release": list(self.release),
            "withheld": dict(self.withheld),
            "lawful_if": list(self.lawful_if),
            "rulebook": {"version": self.version, "engine": self.engine},
        }
