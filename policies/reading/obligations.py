"""Read the types of obligation; cards say when each is owed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from policies.decision import Obligation, Property, RuleId, Timing
from policies.engine import Card, Entry, Sheet
from policies.fields import FIELDS
from policies.reading.strict_toml import Faults, Section, Source, top
from policies.reading.vocabulary import Vocabulary

# What a gateway can be asked to hold to, and the fixed text of those that have one.
_PROPERTIES: Final[Mapping[str, str | None]] = {
    "by": None,
    "fields": None,
    "not-by": None,
    "passphrase": "by-telephone",
    "source": None,
    "telephone": "999",
    "tell-by": None,
}


# By when a duty is owed, and by whom if not by the sender: words of the contract.
_SETTLED: Final[Mapping[str, tuple[str, ...]]] = {
    "due": ("same-day", "next-working-day", "days-7", "as-written"),
    "owed-by": ("lead", "guardian", "asking-body", "next-to-decide"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationType:
    """A kind of duty: what to do, when, and which facts its properties hold.

    `settled` says by which day it is `due`, and by whom it is `owed-by` if not by the sender.
    """

    type: str
    when: Timing
    sentence: str
    whatever_the_outcome: bool
    facts: Mapping[str, str]
    texts: Mapping[str, str]
    settled: Mapping[str, str]

    def owed(self, rule: RuleId, sheet: Sheet) -> Obligation:
        """Return the obligation as one rule asks for it; its id is unique in a decision."""
        known = {name: _property(sheet[fact]) for name, fact in self.facts.items()}
        return Obligation(
            rule=rule,
            type=self.type,
            when=self.when,
            properties={**known, **self.texts, **self.settled},
        )


def read_obligations(
    source: Source, cards: Iterable[Card], vocabulary: Vocabulary, faults: Faults
) -> dict[str, ObligationType]:
    """Return every type of obligation; cards must use each, and use no other."""
    section = top(source, faults)
    read = [_obligation(name, inner, vocabulary) for name, inner in section.each()]
    # In the order in which they fall due, not that of the file: a bundle does not keep that.
    read.sort(key=lambda kind: (list(Timing).index(kind.when), kind.type))
    types = {kind.type: kind for kind in read}
    used = {duty.type for card in cards for duty in card.duties}
    for name in sorted(used - set(types)):
        section.fault(f"A card obliges '{name}', which is not here.", at=name, known=list(types))
    for name in sorted(set(types) - used):
        section.fault(f"No card obliges '{name}'.", at=name, known=sorted(used))
    return types


def _obligation(name: str, section: Section, vocabulary: Vocabulary) -> ObligationType:
    facts, texts = section.optional_section("facts"), section.optional_section("texts")
    obligation = ObligationType(
        type=name,
        when=Timing(section.choice("when", list(Timing))),
        sentence=section.text("sentence"),
        whatever_the_outcome=section.flag("whatever-the-outcome"),
        facts={key: facts.text(key) for key in facts.names()},
        texts={key: texts.text(key) for key in texts.names()},
        settled={
            heading: section.choice(heading, known)
            for heading, known in _SETTLED.items()
            if section.has(heading)
        },
    )
    section.finish()
    _check_properties(section, obligation)
    for fact in obligation.facts.values():
        if fact not in vocabulary.spoken():
            section.fault(f"'{fact}' is not a fact.", at=fact, known=vocabulary.spoken())
    return obligation


def _check_properties(section: Section, obligation: ObligationType) -> None:
    for name in (*obligation.facts, *obligation.texts):
        if name not in _PROPERTIES:
            section.fault(f"'{name}' is not a property.", at=name, known=list(_PROPERTIES))
    for name, text in obligation.texts.items():
        if text != _PROPERTIES.get(name):
            section.fault(f"'{text}' is not what '{name}' can be.", at=text)


def _property(entry: Entry) -> Property:
    if isinstance(entry, frozenset):
        return tuple(field for field in FIELDS if field in entry)
    return entry
