"""Lay out one request for the cards: every fact they may speak of, in words of the vocabulary."""

from policies.derived import DERIVATIONS, OF_THE_PLAN
from policies.derived.plan import Plan
from policies.engine import Entry
from policies.facts import Facts
from policies.kinds import is_blank
from policies.reading.vocabulary import Vocabulary
from policies.registers import Registers


def sheet_for(
    facts: Facts, plan: Plan, vocabulary: Vocabulary, registers: Registers
) -> dict[str, Entry]:
    """Return the sheet of one request; of a free text it says only whether anything is written."""
    sheet = {name: facts.values[place] for name, place in vocabulary.names.items()}
    for name in vocabulary.texts:
        sheet[name] = "" if is_blank(sheet[name]) else "written"
    for name in vocabulary.figures:
        sheet[name] = None if sheet[name] is None else str(sheet[name])
    for name, derive in DERIVATIONS.items():
        sheet[name] = derive(facts, registers)
    for name, derive_from in OF_THE_PLAN.items():
        sheet[name] = derive_from(plan, facts, registers)
    return sheet
