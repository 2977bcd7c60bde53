"""What is told where the rules let no pack, or no copy of one, be read."""

from broker.domain.errors import BrokerError, Fault, WrongStateError
from broker.domain.judgement import Judgement
from broker.domain.references import Reference
from policies import Decision


class CannotBeBuiltError(BrokerError):
    """Raised where the rules refuse a panel's pack; carries what would make it lawful."""

    def __init__(self, judgement: Judgement, kept: Reference) -> None:
        """Keep what the rules say, and the reference of the refusal that was recorded."""
        self.references = (kept,)
        wanted = tuple(judgement.unkept.values()) or judgement.decision.lawful_if
        said = wanted or _because(judgement.decision)
        self.faults = tuple(Fault(place="pack", problem=one) for one in said)
        listed = "\n".join(f"- {one}" for one in said)
        super().__init__(
            f"The panel cannot read this as it stands. Nothing can be opened. It would be right "
            f"if:\n{listed}"
        )


class CopyClosedError(WrongStateError):
    """Raised where a copy does not open for somebody who is asked to its meeting."""

    @classmethod
    def by(cls, decision: Decision) -> "CopyClosedError":
        """Return what the rules say against opening it now."""
        said = decision.lawful_if or _because(decision)
        return cls(" ".join(("Your copy does not open now.", *said)))


def _because(decision: Decision) -> tuple[str, ...]:
    return tuple(
        finding.say for finding in decision.findings if finding.effect.value in {"refuse", "refer"}
    )
