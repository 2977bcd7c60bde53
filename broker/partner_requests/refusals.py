"""What is told where the rules let a question or an answer not go: which element is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from broker.domain.errors import BrokerError, Fault
from broker.domain.judgement import Judgement
from broker.domain.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What the rules refused: at which place of the document, what they say and ask for."""

    place: str
    because: tuple[str, ...]
    lawful_if: tuple[str, ...]

    @classmethod
    def of(cls, place: str, judgement: Judgement) -> "Refused":
        """Return what a refusing judgement says of a part of a document."""
        decision = judgement.decision
        stopping = [
            finding.say
            for finding in decision.findings
            if finding.effect.value in {"refuse", "refer"}
        ]
        wanted = tuple(judgement.unkept.values()) or decision.lawful_if
        return cls(place=place, because=tuple(stopping), lawful_if=tuple(wanted))


class CannotGoError(BrokerError):
    """Base of what the rules do not let go; carries what would make it lawful, by its place."""

    opening = "It cannot go"

    def __init__(self, refused: Sequence[Refused], kept: Sequence[Reference]) -> None:
        """Keep what was refused, and the references of the refusals that were recorded."""
        self.refused = tuple(refused)
        self.references = tuple(kept)
        self.faults = tuple(
            Fault(place=one.place, problem=words)
            for one in refused
            for words in (one.lawful_if or one.because)
        )
        listed = "\n".join(f"- {fault.place}: {fault.problem}" for fault in self.faults)
        super().__init__(f"{self.opening}. Nothing was sent. What would make it right:\n{listed}")


class CannotBeIssuedError(CannotGoError):
    """Raised where the rules refuse a question, which then reaches nobody."""

    opening = "This cannot be asked as it stands"


class CannotBeSharedError(CannotGoError):
    """Raised where the rules refuse an answer; the request goes on waiting."""

    opening = "This cannot be shared as it stands"
