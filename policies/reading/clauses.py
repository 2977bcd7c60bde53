"""Read the clauses of a card: `fact is word or word`, `fact is empty`, `fact is in the list L`.

The longest known fact name that begins the clause is the one meant.
"""

from collections.abc import Iterable
from typing import Final, cast

from policies.engine import PLACEHOLDER, AnyOf, Clause, Is, IsEmpty
from policies.kinds import Kind, Shape
from policies.reading.strict_toml import Section
from policies.reading.vocabulary import Vocabulary

_CAN_BE_EMPTY: Final = frozenset(
    {Kind.TEXT, Kind.DAY_OR_NOTHING, Kind.LIST_OF, Kind.LIST_OF_FIELDS}
)


def read_clauses(
    section: Section, items: Iterable[object], vocabulary: Vocabulary
) -> tuple[Clause, ...]:
    """Return the clauses of a list; all of them must hold."""
    return tuple(
        clause for item in items if (clause := _clause(section, item, vocabulary)) is not None
    )


def check_placeholders(section: Section, template: str, vocabulary: Vocabulary) -> None:
    """Note each `{name}` that is not a derived list: a sentence may tell nothing else."""
    for name in PLACEHOLDER.findall(template):
        shape = vocabulary.derived.get(name)
        if shape is None or shape.kind is not Kind.LIST_OF:
            known = vocabulary.spoken()
            section.fault(f"'{{{name}}}' is not a derived list.", at=name, known=known)


def _clause(section: Section, item: object, vocabulary: Vocabulary) -> Clause | None:
    if isinstance(item, str):
        return _simple(section, item, vocabulary)
    if isinstance(item, dict):
        inner = Section(section.source, cast("dict[str, object]", item), section.faults)
        simple = [_simple(inner, text, vocabulary) for text in inner.texts("any-of")]
        inner.finish()
        return AnyOf(clauses=tuple(clause for clause in simple if clause is not None))
    section.fault("A clause must be a text, or any-of with a list of texts.", at="when")
    return None


def _simple(section: Section, text: str, vocabulary: Vocabulary) -> Is | IsEmpty | None:
    names = [name for name in vocabulary.spoken() if text.startswith(f"{name} is ")]
    if not names:
        start = text.partition(" is ")[0]
        section.faults.add(
            section.source,
            f"'{text}' does not begin with a known fact.",
            at=start,
            known=vocabulary.spoken(),
        )
        return None
    name = max(names, key=len)
    shape = vocabulary.shape_of(name)
    said = text.removeprefix(f"{name} is ")
    if said == "empty":
        if shape.kind not in _CAN_BE_EMPTY:
            section.fault(f"'{name}' can never be empty.", at=text)
        return IsEmpty(fact=name)
    return Is(fact=name, words=_words(section, said, shape, vocabulary))


def _words(section: Section, said: str, shape: Shape, vocabulary: Vocabulary) -> frozenset[str]:
    listed = said.removeprefix("in the list ")
    if listed != said:
        if listed not in vocabulary.lists:
            section.fault(
                f"'{listed}' is not a known list.", at=listed, known=list(vocabulary.lists)
            )
            return frozenset()
        words = vocabulary.lists[listed]
    else:
        words = frozenset(said.split(" or "))
    for word in sorted(words):
        if not _can_be_said(word, shape):
            section.fault(f"'{word}' is not a word of this fact.", at=word, known=shape.words)
    return words


def _can_be_said(word: str, shape: Shape) -> bool:
    match shape.kind:
        case Kind.ONE_OF:
            return word in shape.words
        case Kind.TEXT:
            return word == "written"
        case Kind.WHOLE_NUMBER:
            return word.isdecimal() and shape.minimum <= int(word) <= shape.maximum
        case _:
            return False
