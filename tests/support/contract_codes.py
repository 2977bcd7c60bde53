"""The codes of contract and broker, of which people read words wherever none is typed."""

import re
from enum import StrEnum
from functools import cache
from typing import Final

from values import the_rulebook

from broker.delivery.ways_out import Way
from broker.domain.partner_requests.copies import AnswerKind, Lateness
from broker.domain.partner_requests.notices import NoticeKind
from broker.domain.roles import Role
from broker.domain.states import State
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


RELATION: Final = "line-report"
"""What is typed behind `--relation` and listed with its meaning."""

_CODE = re.compile(r"(?<![\w.@=-])[a-z_]+(?:[-.][a-z0-9_]+)+(?![\w@=-]|\.\w)")


@cache
def codes_of_people() -> frozenset[str]:
    """Return what stands in data for what people read in words: never on a page.

    The codes of the contract, duties, purposes, roles, states, and fields of the form.
    """
    rulebook = the_rulebook()
    said = {*rulebook.obligations, *rulebook.registers.purposes, *Role, *State}
    hyphenated = {str(code) for code in said if "-" in code}
    return codes_of_the_contract() | hyphenated | frozenset(rulebook.registers.field_order)


def codes_in(text: str) -> list[str]:
    """Return the codes that stand in a text for people, in order, each once.

    >>> codes_in("It is not-met: see individual.address.")
    ['individual.address', 'not-met']
    """
    return sorted(set(_CODE.findall(text)) & codes_of_people())


def codes_printed(text: str) -> list[str]:
    """Return the codes in what a command prints that stand there for nobody to type.

    What is typed stands in a command line, behind an option, or in brackets behind its words.

    >>> codes_printed("Not-met. Address (individual.address): not-met, --as police-lead")
    ['not-met']
    """
    typed = r"(?m)^.*\bbroker .*$|--\S+ \S+|\S*/\S*|(?<=\()[a-z_]+(?:[-.][a-z0-9_]+)+(?=[,)])"
    return [one for one in codes_in(re.sub(typed, "", text)) if one != RELATION]
