"""Read rule cards; a card that says anything outside the vocabulary is refused."""

import re
from collections.abc import Mapping
from typing import Final

from policies.decision import Effect, Finding, RuleId, Status
from policies.engine import Card, CardFinding, Duty
from policies.reading.clauses import check_placeholders, read_clauses
from policies.reading.laws import Law
from policies.reading.strict_toml import Faults as Notes
from policies.reading.strict_toml import Section, Source, top
from policies.reading.vocabulary import Vocabulary

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
    law = _laws(section, laws)
    card = Card(
        rule=RuleId(rule),
        title=section.text("title"),
        why=section.text("why"),
        law=law,
        applies_when=read_clauses(section, section.items("applies-when"), vocabulary),
        findings=tuple(
            _finding(finding, number, _written(finding, RuleId(rule), law), vocabulary)
            for number, finding in enumerate(_findings(section), start=1)
        ),
        duties=tuple(_duty(inner, vocabulary) for inner in section.sections("duties")),
        first_day=section.optional_day("first-day"),
        last_day=section.optional_day("last-day"),
    )
    section.finish()
    if card.first_day and card.last_day and card.last_day < card.first_day:
        section.fault("The last day of a card is not before its first.", at="last-day")
    return card


def _laws(section: Section, laws: Mapping[str, Law]) -> tuple[str, ...]:
    named = section.texts("law")
    for law in named:
        if law not in laws:
            section.fault(f"'{law}' is not in law.toml.", at=law, known=list(laws))
    return tuple(laws[law].citation for law in named if law in laws)


def _findings(section: Section) -> tuple[Section, ...]:
    inner = section.sections("findings")
    for number, finding in enumerate(inner, start=1):
        if finding.has("otherwise") != (number == len(inner)):
            section.fault(
                "The last finding, and no other, begins with 'otherwise'.", at="findings"
            )
    if not inner:
        section.fault("A card needs findings; the last begins with 'otherwise'.", at="rule")
    return inner


def _written(section: Section, rule: RuleId, law: tuple[str, ...]) -> Finding:
    status = "otherwise" if section.has("otherwise") else "finding"
    effect = section.choice("decision", list(_DECISIONS)) if section.has("decision") else None
    lawful_if = section.optional_text("lawful-if")
    return Finding(
        rule=rule,
        status=_FINDINGS[section.choice(status, list(_FINDINGS))],
        effect=Effect.NONE if effect is None else _DECISIONS[effect],
        say=section.text("say"),
        lawful_if=() if lawful_if is None else (lawful_if,),
        law=law,
    )


def _finding(
    section: Section, number: int, written: Finding, vocabulary: Vocabulary
) -> CardFinding:
    tells_lists = any("{" in text for text in (written.say, *written.lawful_if))
    opens_emergency = section.optional_text("decision") == "emergency"
    finding = CardFinding(
        number=number,
        when=read_clauses(section, section.items("when"), vocabulary),
        written=written,
        stands=not (tells_lists or opens_emergency or written.stops),
        tells_lists=tells_lists,
        opens_emergency=opens_emergency,
        never_waived=section.flag("never-waived"),
        yields_to_compulsion=section.flag("yields-to-compulsion"),
        guardian_may_approve=section.flag("guardian-may-approve"),
    )
    section.finish()
    _check(section, finding, vocabulary)
    return finding


def _check(section: Section, finding: CardFinding, vocabulary: Vocabulary) -> None:
    written = finding.written
    if written.stops != bool(written.lawful_if):
        section.fault("What refuses or refers, and nothing else, says lawful-if.", at=written.say)
    if written.stops and written.status is not Status.NOT_MET:
        section.fault("Whatever refuses or refers is 'not met'.", at=written.say)
    if finding.never_waived and written.effect is not Effect.REFUSE:
        section.fault("Only what refuses can be never-waived.", at=written.say)
    if finding.guardian_may_approve and written.effect is not Effect.REFER:
        section.fault("The Guardian can approve only what is referred.", at=written.say)
    for template in (written.say, *written.lawful_if):
        check_placeholders(section, template, vocabulary)


def _duty(section: Section, vocabulary: Vocabulary) -> Duty:
    duty = Duty(
        type=section.text("oblige"),
        when=read_clauses(section, section.items("when"), vocabulary),
    )
    section.finish()
    return duty
