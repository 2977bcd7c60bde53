"""The engine alone, on small cards: clauses, the first finding that holds, earned permits."""

from dataclasses import replace
from importlib.resources.abc import Traversable

import pytest

from policies import Outcome, Rulebook, decide
from policies.decision import Effect, Finding, RuleId, Status
from policies.engine import (
    AnyOf,
    Card,
    CardFinding,
    Clause,
    Duty,
    Entry,
    Is,
    IsEmpty,
    all_hold,
    duties,
    filled,
    judge,
)
from policies.reading.rulebook import rule_files
from policies.tools.cases import changed

SHEET: dict[str, Entry] = {
    "harm": "some",
    "day": None,
    "reason": "",
    "fields": frozenset({"b", "a"}),
}
RULE = RuleId("R98")
MET = CardFinding(
    number=2,
    when=(),
    written=Finding(rule=RULE, status=Status.MET, effect=Effect.NONE, say="Met."),
)
REFUSES = CardFinding(
    number=1,
    when=(Is(fact="harm", words=frozenset({"some"})),),
    written=Finding(
        rule=RULE,
        status=Status.NOT_MET,
        effect=Effect.REFUSE,
        say="Not with {fields}.",
        lawful_if=("Leave out {fields} for {harm}.",),
    ),
)
CARD = Card(
    rule=RULE,
    title="A card",
    why="To test.",
    law=(),
    applies_when=(),
    findings=(REFUSES, MET),
    duties=(Duty(type="seal", when=()), Duty(type="withhold", when=(IsEmpty(fact="fields"),))),
)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        pytest.param(Is(fact="harm", words=frozenset({"some", "none"})), True, id="a word"),
        pytest.param(Is(fact="harm", words=frozenset({"none"})), False, id="another word"),
        pytest.param(Is(fact="day", words=frozenset({"some"})), False, id="nothing is no word"),
        pytest.param(IsEmpty(fact="day"), True, id="no day"),
        pytest.param(IsEmpty(fact="reason"), True, id="no text"),
        pytest.param(IsEmpty(fact="fields"), False, id="a list"),
        pytest.param(AnyOf(clauses=(IsEmpty(fact="fields"), IsEmpty(fact="day"))), True, id="one"),
        pytest.param(AnyOf(clauses=(IsEmpty(fact="fields"),)), False, id="none of them"),
        pytest.param(AnyOf(clauses=()), False, id="no choice"),
    ],
)
def test_a_clause_holds_or_not(clause: Clause, *, expected: bool) -> None:
    assert clause.holds(SHEET) is expected
    assert all_hold((clause,), SHEET) is expected


def test_the_first_finding_that_holds_answers() -> None:
    assert judge(CARD, SHEET) is REFUSES
    assert judge(CARD, SHEET | {"harm": "none"}) is MET


def test_a_card_that_does_not_apply_is_silent() -> None:
    assert judge(replace(CARD, applies_when=(IsEmpty(fact="fields"),)), SHEET) is None
    assert judge(replace(CARD, findings=(REFUSES,)), SHEET | {"harm": "none"}) is None


def test_a_duty_is_owed_where_its_clauses_hold() -> None:
    assert duties(CARD, SHEET) == ("seal",)


def test_a_sentence_tells_lists_and_nothing_else() -> None:
    finding = filled(REFUSES.written, SHEET)

    assert (finding.say, finding.lawful_if) == (
        "Not with a, b.",
        ("Leave out a, b for {harm}.",),
    )
    assert filled(MET.written, SHEET) == MET.written


def test_a_finding_that_stops_nothing_tells_its_lists_too(
    folder: Traversable, bases: dict[str, dict[str, object]]
) -> None:
    contents = {name: path.read_bytes() for name, path in rule_files(folder)}
    name, old = "rules/R29-fields.toml", b"Only fields that this purpose needs"
    assert old in contents[name]
    new = contents[name].replace(old, b"Only these ({fields that may go}), which it needs")
    facts = changed(bases["referral"], {"fields": ["individual.contact", "individual.name"]})

    decision = decide(facts, Rulebook.parse(contents | {name: new}))

    (said,) = [finding.say for finding in decision.findings if finding.rule == "R29"]
    assert said.startswith("Only these (individual.contact, individual.name), which it needs")


@pytest.mark.parametrize(
    ("rule", "question"),
    [
        ("R03", "What is the purpose?"),
        ("R07", "Why is it necessary?"),
        ("R08", "Why is it proportionate?"),
        ("R15", "What does the person say, or what answers for them?"),
        ("R17", "Which legal basis fits the sender?"),
        ("R18", "Which condition for special category data holds?"),
        ("R25", "Is the recipient the right one?"),
    ],
)
def test_a_permit_is_earned_not_merely_unopposed(
    rule: str, question: str, rulebook: Rulebook, bases: dict[str, dict[str, object]]
) -> None:
    without = replace(rulebook, cards=tuple(card for card in rulebook.cards if card.rule != rule))

    decision = decide(bases["referral"], without)

    assert decision.outcome is Outcome.REFUSE
    assert decision.lawful_if == (f"No rule answers this question, so nothing may go: {question}",)


def test_support_is_earned_apart(rulebook: Rulebook, bases: dict[str, dict[str, object]]) -> None:
    without = replace(rulebook, cards=tuple(card for card in rulebook.cards if card.rule != "R16"))

    assert decide(bases["support"], without).outcome is Outcome.REFUSE
