"""Check a rulebook beyond what reading it proves: its cases, dead answers, unused words, law."""

from collections.abc import Iterable, Iterator
from datetime import date
from importlib.resources.abc import Traversable

from policies.engine import AnyOf, Card, Clause, Is, facts_in
from policies.errors import Message, RulebookError
from policies.reading.rulebook import Rulebook
from policies.reading.strict_toml import Faults
from policies.tools.cases import Case, failures, read_cases


def check(folder: Traversable, *, on: date) -> tuple[Message, ...]:
    """Return everything that is wrong with a rulebook; none means that it may be put to use.

    `on` is the day on which the law that it cites must be in force.
    """
    try:
        rulebook = Rulebook.read(folder)
    except RulebookError as error:
        return error.messages
    return (
        *run_cases(rulebook, folder),
        *_dead_findings(rulebook),
        *_names_without_card(rulebook),
        *_law_without_card(rulebook),
        *_law_not_in_force(rulebook, on),
    )


def run_cases(rulebook: Rulebook, folder: Traversable) -> tuple[Message, ...]:
    """Return each case of the folder that does not hold, and each finding without a case."""
    faults = Faults()
    cases = tuple(read_cases(folder, faults))
    failed = (
        Message(file=case.file, line=None, text=f"'{case.name}': {failure}")
        for case in cases
        for failure in failures(case, rulebook)
    )
    return (*faults.messages, *failed, *_without_case(rulebook, cases))


def _without_case(rulebook: Rulebook, cases: Iterable[Case]) -> Iterator[Message]:
    hit = {(case.rule, case.finding) for case in cases}
    for card in rulebook.cards:
        for number in range(1, len(card.findings) + 1):
            if (card.rule, number) not in hit:
                text = f"No case hits finding {number} of {card.rule}."
                yield Message(file=f"rules/{card.rule}", line=None, text=text)


def _dead_findings(rulebook: Rulebook) -> Iterator[Message]:
    for card in rulebook.cards:
        for number, later in enumerate(card.findings, start=1):
            if any(_covers(earlier.when, later.when) for earlier in card.findings[: number - 1]):
                text = f"Finding {number} of {card.rule} can never answer: an earlier one does."
                yield Message(file=f"rules/{card.rule}", line=None, text=text)


def _covers(earlier: tuple[Clause, ...], later: tuple[Clause, ...]) -> bool:
    """Say whether the earlier clauses surely hold wherever the later ones do."""
    return all(any(_follows(clause, known) for known in later) for clause in earlier)


def _follows(clause: Clause, known: Clause) -> bool:
    match clause, known:
        case Is(), Is():
            return clause.fact == known.fact and known.words <= clause.words
        case AnyOf(), AnyOf():
            return all(_follows(clause, part) for part in known.clauses)
        case AnyOf(), _:
            return any(_follows(part, known) for part in clause.clauses)
        case _:
            return clause == known


def _names_without_card(rulebook: Rulebook) -> Iterator[Message]:
    spoken = {name for card in rulebook.cards for name in _names(card)}
    spoken |= {fact for kind in rulebook.obligations.values() for fact in kind.facts.values()}
    told = " ".join(
        text
        for card in rulebook.cards
        for finding in card.findings
        for text in (finding.written.say, *finding.written.lawful_if)
    )
    for name in rulebook.vocabulary.spoken():
        if name not in spoken and f"{{{name}}}" not in told:
            text = f"No card speaks of '{name}'; a fact without a card needs no name."
            yield Message(file="vocabulary", line=None, text=text)


def _law_without_card(rulebook: Rulebook) -> Iterator[Message]:
    cited = {citation for card in rulebook.cards for citation in card.law}
    for name, law in rulebook.laws.items():
        if law.citation not in cited:
            yield Message(file="law.toml", line=None, text=f"No card cites '{name}'.")


def _names(card: Card) -> Iterator[str]:
    parts = [finding.when for finding in card.findings] + [duty.when for duty in card.duties]
    for clauses in (card.applies_when, *parts):
        yield from facts_in(clauses)


def _law_not_in_force(rulebook: Rulebook, on: date) -> Iterator[Message]:
    for name, law in rulebook.laws.items():
        if not law.is_off and not law.is_in_force(on):
            text = f"'{name}' is not in force on {on.isoformat()}."
            yield Message(file="law.toml", line=None, text=text)
