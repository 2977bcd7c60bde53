"""A Guardian's answer to a referral: the word that the rules judge by, and what is kept of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, get_args

from broker.disclosures.reviews import Review
from broker.domain.grounds import REQUESTER, Grounds
from broker.domain.judgement import Judgement
from broker.domain.model import Approval, Disclosure, Pack, Person
from broker.domain.states import State
from broker.domain.times import uk_day
from broker.guardian.left_out import left_out_of
from broker.guardian.public_interest import with_decider

Verdict = Literal["approve", "approve-reduced", "refuse"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
VERDICTS_IN_WORDS: Mapping[str, str] = {
    "approve": "It may go",
    "approve-reduced": "It may go without some of it",
    "refuse": "It may not go",
}
"""What a Guardian decides, as pages and commands say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Grounds):
    """What a Guardian answers: a verdict on its grounds, and fields to leave out.

    `left_out` names fields by identifier or label. `public_interest` is written where something
    goes against an adult's no. `seen` is the digest of what a preview showed to go: the answer
    counts for exactly that.
    """

    verdict: str
    left_out: Collection[str] = frozenset()
    public_interest: Mapping[str, str] = field(default_factory=dict[str, str])
    seen: str | None = None


def approval_of(answer: Answer, guardian: Person, disclosure: Disclosure, pack: Pack) -> Approval:
    """Return the word that the rules judge by; one's own request is found out."""
    is_own = guardian.id == disclosure.requester
    return Approval(
        approver=guardian.id,
        relation=REQUESTER if is_own else answer.relation,
        decision=answer.verdict,
        reason=answer.reason,
        left_out=left_out_of(pack, answer.verdict, answer.left_out),
    )


def review_of(answer: Answer, approval: Approval, now: datetime, replies: int) -> Review:
    """Return what is kept of an answer."""
    return Review(
        by=approval.approver,
        on=uk_day(now),
        verdict=answer.verdict,
        relation=approval.relation,
        principles=tuple(sorted(answer.principles)),
        reason=answer.reason,
        left_out=tuple(sorted(approval.left_out)),
        counts=True,
        replies=replies,
        public_interest=with_decider(
            answer.public_interest, f"{approval.approver}, Caldicott Guardian"
        ),
    )


def left_out_by(reviews: tuple[Review, ...]) -> frozenset[str]:
    """Return what the newest review took out."""
    return frozenset(reviews[-1].left_out) if reviews else frozenset()


def counts(judgement: Judgement) -> bool:
    """Say whether the word counted: whoever has a part in it leaves it to a deputy."""
    obliged = {obligation.type for obligation in judgement.decision.obligations}
    return "ask-a-deputy" not in obliged


def standing_after(disclosure: Disclosure, judgement: Judgement) -> Disclosure:
    """Return the disclosure as it stands once it was judged with an answer."""
    after = judgement.following(disclosure)
    if counts(judgement) and after.state is not State.REFERRED:
        return after
    return replace(after, state=State.REFERRED, due_on=disclosure.due_on)
