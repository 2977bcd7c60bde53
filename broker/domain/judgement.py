"""A decision on a pack, and what the sender is told: pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from broker.domain.deadlines import answer_due
from broker.domain.facts import NOBODY_LOOKED, Earlier
from broker.domain.model import Disclosure, Duty, Mailbox, Pack, Person
from broker.domain.obligations import unkept
from broker.domain.references import Reference
from broker.domain.states import State
from broker.domain.times import uk_day
from policies import Decision, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementRequest:
    """What is judged: a pack, the practitioner who sends it, and the moment.

    `about` is the disclosure that it is already, where it is judged again.
    """

    pack: Pack
    person: Person
    at: datetime
    about: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A decision on a pack, the facts it rests on, and what nobody can keep before release.

    `also_kept` are the obligations that this installation keeps and another may not.
    """

    asked: JudgementRequest
    facts: Mapping[str, object]
    decision: Decision
    unkept: Mapping[str, str]
    duties: tuple[Duty, ...]
    fingerprint: bytes
    mailbox: Mailbox
    earlier: Earlier = NOBODY_LOOKED
    also_kept: frozenset[str] = frozenset()

    @property
    def state(self) -> State:
        """Where the disclosure stands after this judgement."""
        match self.decision.outcome:
            case Outcome.REFUSE:
                return State.REFUSED
            case Outcome.REFER:
                return State.REFERRED
            case Outcome.PERMIT | Outcome.PERMIT_WITH_OBLIGATIONS | Outcome.EMERGENCY:
                return State.REFUSED if self.unkept else State.DECIDED

    @property
    def due_on(self) -> date | None:
        """By when a Guardian answers what is referred; None for anything else."""
        if self.state is not State.REFERRED:
            return None
        return answer_due(self.asked.pack.questions, uk_day(self.asked.at))

    def following(self, disclosure: Disclosure) -> Disclosure:
        """Return a disclosure that was judged before as it stands after this judgement."""
        return replace(
            disclosure,
            decision_number=disclosure.decision_number + 1,
            outcome=self.decision.outcome.value,
            state=self.state,
            due_on=self.due_on,
            rulebook=self.decision.version,
            changed_at=self.asked.at,
        )

    def document(self) -> dict[str, object]:
        """Return what the sender is told."""
        return answer_of(self.decision, self.asked.pack.confirmed, self.also_kept)


def answer_of(
    decision: Decision, confirmed: frozenset[str], also_kept: frozenset[str] = frozenset()
) -> dict[str, object]:
    """Return the decision document, or the refusal because an obligation cannot be kept; pure."""
    document = decision.document()
    held_by = unkept(decision, confirmed, also_kept)
    if not held_by:
        return document
    nothing_goes = "Nothing goes until every obligation can be kept."
    return {
        **document,
        "outcome": Outcome.REFUSE.value,
        "release": [],
        "withheld": dict.fromkeys((*decision.release, *decision.withheld), nothing_goes),
        "lawful_if": list(held_by.values()),
    }
