"""Judge one request: pure, total and deterministic."""

from collections.abc import Mapping

from policies.combine import combined, of_any_outcome
from policies.decision import Decision, Effect, Finding, Outcome, RuleId, Status
from policies.facts import Facts
from policies.faults import Fault, read_facts
from policies.reading.rulebook import Rulebook


def decide(facts: Mapping[str, object], rulebook: Rulebook) -> Decision:
    """Return the decision on a facts document (form `facts/2`).

    Facts that cannot be judged are refused, and each is named; nothing is ever raised.
    """
    return judged(facts, read_facts(facts, rulebook.vocabulary), rulebook)


def judged(document: object, read: Facts | tuple[Fault, ...], rulebook: Rulebook) -> Decision:
    """Return the decision on a document that was read with the rulebook's vocabulary."""
    if isinstance(read, Facts):
        return combined(read, rulebook)
    return _cannot_be_judged(document, read, rulebook)


def _cannot_be_judged(document: object, faults: tuple[Fault, ...], rulebook: Rulebook) -> Decision:
    sayings = rulebook.terms.sayings
    finding = Finding(
        rule=RuleId("facts"),
        status=Status.CANNOT_BE_JUDGED,
        effect=Effect.REFUSE,
        say=" ".join([sayings["faulty-facts"], *(str(fault) for fault in faults)]),
        lawful_if=(sayings["faulty-facts-lawful-if"],),
    )
    return Decision(
        outcome=Outcome.REFUSE,
        findings=(finding,),
        obligations=of_any_outcome(document, rulebook),
        release=(),
        withheld={},
        lawful_if=finding.lawful_if,
        version=rulebook.version,
        engine=rulebook.engine,
    )
