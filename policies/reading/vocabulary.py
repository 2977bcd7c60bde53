"""The closed vocabulary: every fact, word and list that cards may speak of, each declared once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from policies.derived import DERIVATIONS, LISTS_READ, OF_THE_PLAN, READS
from policies.fields import FIELDS
from policies.kinds import Kind, Reader, Shape, reader_of
from policies.reading.strict_toml import Faults, Section, Source, top

# Facts that come out of judging itself, in the order of `combine.py`: the first is there for the
# emergency card, the others for duties alone.
HARD_STOP: Final = "a hard stop stands"
LATE_FACTS: Final = (
    HARD_STOP,
    "outcome",
    "a rule refuses short of a hard stop",
    "an approval answered a referral",
    "a field is withheld",
    "fields withheld",
)


_AS_SENT: Final = frozenset(
    {Kind.ONE_OF, Kind.LIST_OF, Kind.LIST_OF_FIELDS, Kind.IDENTIFIER, Kind.IDENTIFIER_OR_NOTHING}
)


class Fact(NamedTuple):
    """Where one fact stands, and what reads a value that was sent for it."""

    place: str
    read: Reader


Members = Mapping[str, Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What may be said: places and shapes of facts, what cards call them, and named lists.

    `document` holds the facts of each group by name; a fact that stands alone is its own group.
    Cards see neither a fact of `texts` nor one of `figures` as it was sent.
    """

    groups: Mapping[str, tuple[str, ...]]
    document: Mapping[str, Members] = field(compare=False)
    shapes: Mapping[str, Shape]
    names: Mapping[str, str]
    texts: frozenset[str]
    figures: frozenset[str]
    derived: Mapping[str, Shape]
    lists: Mapping[str, frozenset[str]]

    def shape_of(self, name: str) -> Shape:
        """Return the shape of the fact or derived fact that cards call so."""
        place = self.names.get(name)
        return self.derived[name] if place is None else self.shapes[place]

    def spoken(self) -> tuple[str, ...]:
        """Return every name that a card may begin a clause with."""
        return (*self.names, *self.derived)


def read_vocabulary(files: Mapping[str, Source], faults: Faults) -> Vocabulary:
    """Return the vocabulary of a rulebook, noting whatever is declared only once."""
    groups = _document(files["vocabulary/document.toml"], faults)
    facts = _facts(files["vocabulary/facts.toml"], faults)
    derived = _derived(files["vocabulary/derived.toml"], faults)
    lists = _lists(files["registers/lists.toml"], faults)
    shapes = {place: shape for place, (_, shape) in facts.items()}
    kinds = {name: shape.kind for name, shape in facts.values() if name is not None}
    _check_names(files["vocabulary/facts.toml"], faults, facts, derived)
    _compare(
        top(files["vocabulary/facts.toml"], faults),
        "place",
        declared=_places(groups),
        used=shapes,
    )
    _check_words(files, faults, [*shapes.values(), *derived.values()], lists)
    _check_reads(files, faults, shapes, lists)
    return Vocabulary(
        groups=groups,
        document={group: _members(group, names, shapes) for group, names in groups.items()},
        shapes=shapes,
        names={name: place for place, (name, _) in facts.items() if name is not None},
        texts=frozenset(name for name, kind in kinds.items() if kind is Kind.TEXT),
        figures=frozenset(
            name for name, kind in kinds.items() if kind not in _AS_SENT | {Kind.TEXT}
        ),
        derived=derived,
        lists=lists,
    )


def _document(source: Source, faults: Faults) -> dict[str, tuple[str, ...]]:
    section = top(source, faults)
    names = section.texts("top")
    members = section.section("groups")
    section.finish()
    groups = {name: members.optional_texts(name) for name in names}
    members.finish()
    return groups


def _places(groups: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [
        place
        for group, members in groups.items()
        for place in ([f"{group}.{member}" for member in members] or [group])
    ]


def _members(group: str, names: Iterable[str], shapes: Mapping[str, Shape]) -> dict[str, Fact]:
    places = {name: f"{group}.{name}" for name in names} or {group: group}
    return {
        name: Fact(place, reader_of(shapes[place]))
        for name, place in places.items()
        if place in shapes
    }


def _facts(source: Source, faults: Faults) -> dict[str, tuple[str | None, Shape]]:
    sections = dict(top(source, faults).each())
    own_words = {
        place: entry.texts("words") for place, entry in sections.items() if entry.has("words")
    }
    facts: dict[str, tuple[str | None, Shape]] = {}
    for place, section in sections.items():
        facts[place] = (section.optional_text("name"), _shape(section, own_words))
        section.finish()
    return facts


def _check_names(
    source: Source,
    faults: Faults,
    facts: Mapping[str, tuple[str | None, Shape]],
    derived: Mapping[str, Shape],
) -> None:
    taken = set(derived)
    for name, _ in facts.values():
        if name in taken:
            faults.add(source, f"'{name}' names two facts.", at=name)
        if name is not None:
            taken.add(name)


def _shape(section: Section, own_words: Mapping[str, tuple[str, ...]]) -> Shape:
    match kind := Kind(section.choice("kind", list(Kind))):
        case Kind.ONE_OF | Kind.LIST_OF:
            return Shape(kind=kind, words=_words_of(section, own_words))
        case Kind.LIST_OF_FIELDS | Kind.REASONS_BY_FIELD:
            return Shape(kind=kind, words=FIELDS)
        case Kind.WHOLE_NUMBER:
            least, most = section.number("minimum"), section.number("maximum")
            return Shape(kind=kind, minimum=least, maximum=most)
        case _:
            return Shape(kind=kind)


def _words_of(section: Section, own_words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    other = section.optional_text("words-as")
    if other is None:
        return section.texts("words")
    if other in own_words:
        return own_words[other]
    section.fault(f"'{other}' is not a fact with words.", at=other, known=list(own_words))
    return ()


def _derived(source: Source, faults: Faults) -> dict[str, Shape]:
    section = top(source, faults)
    derived: dict[str, Shape] = {}
    for name, inner in section.each():
        inner.text("gloss")
        fields, is_list = inner.flag("fields"), inner.flag("list")
        words = FIELDS if fields else inner.texts("words")
        derived[name] = Shape(kind=Kind.LIST_OF if fields or is_list else Kind.ONE_OF, words=words)
        inner.finish()
    declared = [*DERIVATIONS, *OF_THE_PLAN, *LATE_FACTS]
    _compare(section, "derived fact", declared=declared, used=derived)
    return derived


def _lists(source: Source, faults: Faults) -> dict[str, frozenset[str]]:
    section = top(source, faults)
    return {name: frozenset(section.texts(name)) for name in section.names()}


def _check_words(
    files: Mapping[str, Source],
    faults: Faults,
    shapes: Iterable[Shape],
    lists: Mapping[str, frozenset[str]],
) -> None:
    section = top(files["vocabulary/words.toml"], faults)
    declared = section.names()
    for word in declared:
        section.text(word)
    used = {word for shape in shapes for word in shape.words if shape.words != FIELDS}
    _compare(section, "word", declared=declared, used=used)
    listing = top(files["registers/lists.toml"], faults)
    listed = {word for words in lists.values() for word in words}
    for word in sorted(listed - set(declared)):
        listing.fault(f"'{word}' is not a known word.", at=word, known=declared)


def _check_reads(
    files: Mapping[str, Source],
    faults: Faults,
    shapes: Mapping[str, Shape],
    lists: Mapping[str, frozenset[str]],
) -> None:
    facts = top(files["vocabulary/facts.toml"], faults)
    for kind, places in READS.items():
        for place in sorted(places):
            if place not in shapes or shapes[place].kind is not kind:
                facts.fault(f"The derived facts need '{place}' to be '{kind}'.", at=place)
    listing = top(files["registers/lists.toml"], faults)
    for name in LISTS_READ:
        if name not in lists:
            listing.fault(f"The derived facts need the list '{name}'.", at=name, known=list(lists))


def _compare(section: Section, what: str, *, declared: Iterable[str], used: Iterable[str]) -> None:
    declared, used = list(declared), list(used)
    for name in used:
        if name not in declared:
            section.fault(f"The {what} '{name}' is used, not declared.", at=name, known=declared)
    for name in declared:
        if name not in used:
            section.fault(f"The {what} '{name}' is declared, not used.", at=name, known=used)
