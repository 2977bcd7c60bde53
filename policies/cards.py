"""Read rule cards; a card that says anything outside the vocabulary is refused."""

import re
from collections.abc import Mapping
from typing import Final

from policies.cards_v1 import Card, CardFinding, Duty
from policies.clauses import check_placeholders, read_clauses
from policies.decision import Effect, RuleId, Status
from policies.laws import Law
from policies.section import Faults as Notes
from policies.section import Section, Source, top
from policies.vocabulary import Vocabulary

_RULE: Final = re.compile(r"R[0-9]{2}")
_FINDINGS: Final = {
    "met": Status.MET,
    "not met": Status.NOT_MET,
    "not applicable": Status.NOT_APPLICABLE,
}
_DECISIONS: Final = {"refuse": Effect.REFUSE, "refer": Effect.REFER, "emergency": Effect.NONE}


def read_card(
    source: Source, vocabulary: Vocabulary, laws: Mapping[str, Law], notes: Notes
) -> Card:
    """Return the card of one file, noting every word that is not known."""
    section = top(source, notes)
    rule = section.text("rule")
    if not _RULE.fullmatch(rule) or not source.name.startswith(f"rules/{rule}-"):
        section.fault("A card's rule is R and two digits, and begins its file's name.", at="rule")
    card = Card(
        rule=RuleId(rule),
        title=section.text("title"),
        why=section.text("why"),
        law=_laws(section, laws),
        applies_when=read_clauses(section, section.items("applies-when"), vocabulary),
        findings=_findings(section, vocabulary),
        duties=tuple(_duty(inner, vocabulary) for inner in section.sections("duties")),
    )
    section.finish()
    return card


def _laws(section: Section, laws: Mapping[str, Law]) -> tuple[str, ...]:
    named = section.texts("law")
    for law in named:
        if law not in laws:
            section.fault(f"'{law}' is not in law.toml.", at=law, known=list(laws))
    return tuple(laws[law].citation for law in named if law in laws)


def _findings(section: Section, vocabulary: Vocabulary) -> tuple[CardFinding, ...]:
    inner = section.sections("findings")
    for number, finding in enumerate(inner, start=1):
        if finding.has("otherwise") != (number == len(inner)):
            section.fault(
                "The last finding, and no other, begins with 'otherwise'.", at="findings"
            )
    if not inner:
        section.fault("A card needs findings; the last begins with 'otherwise'.", at="rule")
    return tuple(_finding(one, vocabulary) for one in inner)


def _finding(section: Section, vocabulary: Vocabulary) -> CardFinding:
    said = section.optional_text("otherwise")
    when = () if said else read_clauses(section, section.items("when"), vocabulary)
    decision = section.optional_text("decision")
    finding = CardFinding(
        when=when,
        status=_FINDINGS[section.choice("otherwise" if said else "finding", list(_FINDINGS))],
        effect=_DECISIONS[section.choice("decision", list(_DECISIONS))]
        if decision
        else Effect.NONE,
        say=section.text("say"),
        lawful_if=section.optional_text("lawful-if"),
        opens_emergency=decision == "emergency",
        never_waived=section.flag("never-waived"),
        yields_to_compulsion=section.flag("yields-to-compulsion"),
        guardian_may_approve=section.flag("guardian-may-approve"),
    )
    section.finish()
    _check(section, finding, vocabulary)
    return finding


def _check(section: Section, finding: CardFinding, vocabulary: Vocabulary) -> None:
    stops = finding.effect in {Effect.REFUSE, Effect.REFER}
    if stops != (finding.lawful_if is not None):
        section.fault(
            "Whatever refuses or refers, and nothing else, says lawful-if.", at=finding.say
        )
    if stops and finding.status is not Status.NOT_MET:
        section.fault("Whatever refuses or refers is 'not met'.", at=finding.say)
    if finding.never_waived and finding.effect is not Effect.REFUSE:
        section.fault("Only what refuses can be never-waived.", at=finding.say)
    if finding.guardian_may_approve and finding.effect is not Effect.REFER:
        section.fault("The Guardian can approve only what is referred.", at=finding.say)
    for template in (finding.say, finding.lawful_if or ""):
        check_placeholders(section, template, vocabulary)


def _duty(section: Section, vocabulary: Vocabulary) -> Duty:
    duty = Duty(
        type=section.text("oblige"),
        when=read_clauses(section, section.items("when"), vocabulary),
    )
    section.finish()
    return duty
