"""What a Guardian is given: a referral to be read, and where it stands by their word."""

from dataclasses import dataclass

from broker.delivery.ways_out import WayOut
from broker.disclosures.reviews import Review
from broker.disclosures.what_goes import WhatGoes
from broker.domain.model import Agency, Disclosure, Mailbox, Pack, Question
from broker.domain.references import Reference
from broker.domain.states import WAITING_FOR_A_GUARDIAN
from broker.packs.assembly import PackParts
from broker.packs.attachments.case_parts import AttachmentSummary
from keys import PersonId
from policies import Decision, Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A disclosure to be read by a Guardian: the pack, the rules with law, what was asked.

    `approved` is what would go by an independent approval, None where nobody can decide it (any
    more); `decided` what the decision that stands lets go. `against_a_no` says that an approval
    needs the record of public interest; `of_the_case` are the other disclosures of its case, of
    which `to_open` may be read by a Guardian; `is_repeat` says that its body has earlier concerns
    about the person; `way` is that on which it would leave.
    """

    disclosure: Disclosure
    pack: Pack
    mailbox: Mailbox
    recipient: Agency
    sender: Agency
    rulebook: Rulebook
    decision: Decision
    explanation: str
    questions: tuple[Question, ...]
    reviews: tuple[Review, ...]
    opinions: tuple[dict[str, object], ...]
    decided: WhatGoes
    approved: WhatGoes | None
    looks_back: bool
    attachments: tuple[AttachmentSummary, ...]
    against_a_no: bool
    of_the_case: tuple[Disclosure, ...]
    to_open: frozenset[Reference]
    is_repeat: bool
    way: WayOut | None = None

    @property
    def waits(self) -> bool:
        """Say whether a Guardian may still decide it."""
        return self.disclosure.state in WAITING_FOR_A_GUARDIAN

    def is_own_of(self, guardian: PersonId) -> bool:
        """Say whether a Guardian asked for it or decided it: another one looks back at it."""
        is_theirs = bool(self.reviews) and self.reviews[-1].by == guardian
        return is_theirs or self.disclosure.requester == guardian

    @property
    def only_an_answer_settles(self) -> tuple[str, ...]:
        """What nobody knows yet: no approval is offered before the sender has answered it."""
        return self.decision.questions if self.waits else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a disclosure stands by a Guardian's word: what goes and stays, whether it counts.

    `parts` is what would be printed, in a preview of something that goes.
    """

    disclosure: Disclosure
    what: WhatGoes
    counts: bool
    relation: str
    parts: PackParts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a Guardian may still decide about a referral, in codes and none of its words.

    `could_go` are the fields that an approval would let go; `questions` what only an answer
    settles, so that no approval is offered; `unread` the earlier concerns that a refusal waits
    for.
    """

    could_go: tuple[str, ...]
    against_a_no: bool
    questions: tuple[str, ...]
    unread: tuple[Reference, ...]
