"""The hyphenated codes of the contract, of which people read words wherever nothing is typed."""

from enum import StrEnum

from values import the_rulebook

from broker.delivery.ways_out import Way
from broker.domain.partner_requests.copies import AnswerKind, Lateness
from broker.domain.partner_requests.notices import NoticeKind
from policies import Effect, Outcome, SettledBy, Status, Timing

ENUMS: tuple[type[StrEnum], ...] = (
    AnswerKind,
    Effect,
    Lateness,
    NoticeKind,
    Outcome,
    SettledBy,
    Status,
    Timing,
    Way,
)


def codes_of_the_contract() -> frozenset[str]:
    """Every value of these, and every word of the vocabulary, that has a hyphen.

    Not the names of duties, which people type: `broker done REFERENCE DUTY`.
    """
    rulebook = the_rulebook()
    words = {word for shape in rulebook.vocabulary.shapes.values() for word in shape.words}
    words -= set(rulebook.obligations)
    words |= {one.value for kind in ENUMS for one in kind}
    return frozenset(word for word in words if "-" in word)
