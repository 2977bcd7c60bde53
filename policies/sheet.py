"""Lay out one request for the cards: every fact they may speak of, in words of the vocabulary."""

from policies.cards_v1 import Entry
from policies.derived import DERIVATIONS
from policies.facts import Facts
from policies.kinds import Kind, Value, is_blank
from policies.registers import Registers
from policies.vocabulary import Vocabulary


def sheet_for(facts: Facts, vocabulary: Vocabulary, registers: Registers) -> dict[str, Entry]:
    """Return the sheet of one request; of a free text it says only whether anything is written."""
    sheet = {
        name: _entry(facts.values[place], is_text=vocabulary.shapes[place].kind is Kind.TEXT)
        for name, place in vocabulary.names.items()
    }
    for name, derivation in DERIVATIONS.items():
        sheet[name] = derivation(facts, registers)
    return sheet


def _entry(value: Value, *, is_text: bool) -> Entry:
    if value is None or isinstance(value, frozenset):
        return value
    if is_text:
        return "" if is_blank(str(value)) else "written"
    return str(value)
