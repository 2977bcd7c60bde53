"""Tell a decision in plain words; the Guardian also reads every rule, with its law."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain
from typing import assert_never

from policies.decision import Decision, Effect, Finding, Outcome, Status
from policies.reading.rulebook import Rulebook


class Audience(StrEnum):
    """Who reads the explanation."""

    REQUESTER = "requester"
    GUARDIAN = "guardian"


def explain(
    decision: Decision, rulebook: Rulebook, *, audience: Audience = Audience.REQUESTER
) -> str:
    """Return the decision in plain words, as lines of text without markup.

    The Guardian also reads every rule that applied, with its law and how that law was read.
    """
    match audience:
        case Audience.REQUESTER:
            parts: Iterable[str] = _for_requester(decision, rulebook)
        case Audience.GUARDIAN:
            parts = chain(_for_requester(decision, rulebook), _every_rule(decision, rulebook))
        case _:
            assert_never(audience)
    return "\n\n".join(parts)


def label(field: str) -> str:
    """Return a field identifier as people read it: `individual.name` is `individual: name`."""
    return field.replace(".", ": ").replace("_", " ")


def _for_requester(decision: Decision, rulebook: Rulebook) -> Iterator[str]:
    yield _headline(decision.outcome)
    why = [finding.say for finding in decision.findings if finding.stops]
    yield from _listed("Why:", why)
    yield from _listed("It would be lawful if:", decision.lawful_if)
    yield from _listed("What goes:", [label(field) for field in decision.release])
    stays = [f"{label(field)}. {why}" for field, why in decision.withheld.items()]
    yield from _listed("What stays:", stays)
    duties = [rulebook.obligations[duty.type].sentence for duty in decision.obligations]
    yield from _listed("What you must do:", duties)


def _headline(outcome: Outcome) -> str:
    match outcome:
        case Outcome.PERMIT:
            return "This may go."
        case Outcome.PERMIT_WITH_OBLIGATIONS:
            return "This may go, with duties."
        case Outcome.REFER:
            return "This waits: a person must answer what is named below."
        case Outcome.REFUSE:
            return "This may not go."
        case Outcome.EMERGENCY:
            return "Emergency. Ring 999 now. The emergency pack may go to the police."
        case _:
            assert_never(outcome)


def _listed(heading: str, lines: Iterable[str]) -> Iterator[str]:
    items = [f"- {line}" for line in lines]
    if items:
        yield "\n".join([heading, *items])


def _every_rule(decision: Decision, rulebook: Rulebook) -> Iterator[str]:
    titles = {card.rule: card.title for card in rulebook.cards}
    for finding in decision.findings:
        if finding.status is not Status.NOT_APPLICABLE:
            yield "\n".join(_rule(finding, titles.get(finding.rule, "The facts"), rulebook))


def _rule(finding: Finding, title: str, rulebook: Rulebook) -> Iterator[str]:
    effect = "" if finding.effect is Effect.NONE else f", {finding.effect.value}"
    yield f"{finding.rule} {title}: {finding.status.value}{effect}"
    yield finding.say
    by_citation = {law.citation: law for law in rulebook.laws.values()}
    for law in (by_citation[citation] for citation in finding.law):
        yield f"- {law.citation} ({law.tag}): {law.sentence} Read: {law.read_in}"
