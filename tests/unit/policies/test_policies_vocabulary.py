"""The vocabulary says the same as the published schema of the facts."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies import FIELDS, Rulebook
from policies.kinds import Kind, Shape


def _places(schema: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, part in schema["properties"].items():
        if part.get("type") == "object" and "properties" in part:
            for member, inner in part["properties"].items():
                yield f"{name}.{member}", inner
        else:
            yield name, part


def _shape(part: Mapping[str, Any]) -> Shape:
    match part:
        case {"enum": words}:
            return Shape(kind=Kind.ONE_OF, words=tuple(words))
        case {"items": {"enum": words}}:
            fields = tuple(words) == FIELDS
            return Shape(kind=Kind.LIST_OF_FIELDS if fields else Kind.LIST_OF, words=tuple(words))
        case {"propertyNames": {"enum": words}}:
            return Shape(kind=Kind.REASONS_BY_FIELD, words=tuple(words))
        case {"minimum": least, "maximum": most}:
            return Shape(kind=Kind.WHOLE_NUMBER, minimum=least, maximum=most)
        case _:
            return Shape(kind=_kind_without_words(part))


def _kind_without_words(part: Mapping[str, Any]) -> Kind:
    may_be_nothing = "null" in part["type"]
    if "pattern" in part:
        return Kind.IDENTIFIER_OR_NOTHING if may_be_nothing else Kind.IDENTIFIER
    if "format" in part:
        return {"date": Kind.DAY_OR_NOTHING, "date-time": Kind.MOMENT}[part["format"]]
    return Kind.AGE_RANGE_OR_NOTHING if may_be_nothing else Kind.TEXT


def test_every_fact_of_the_schema_has_the_same_kind_and_words(
    rulebook: Rulebook, facts_schema: Mapping[str, Any]
) -> None:
    published = {place: _shape(part) for place, part in _places(facts_schema)}

    assert rulebook.vocabulary.shapes == published


def test_every_fact_of_the_schema_stands_in_the_document(
    rulebook: Rulebook, facts_schema: Mapping[str, Any]
) -> None:
    groups = rulebook.vocabulary.groups

    places = [
        f"{group}.{member}" if member else group
        for group, members in groups.items()
        for member in members or ("",)
    ]

    assert places == [place for place, _ in _places(facts_schema)]


def test_a_group_that_holds_its_facts_has_no_place_of_its_own(rulebook: Rulebook) -> None:
    assert rulebook.vocabulary.groups["purpose"] == ()
    assert "concern" not in rulebook.vocabulary.shapes


def test_the_two_lists_of_purposes_share_every_purpose_out(rulebook: Rulebook) -> None:
    lists = rulebook.vocabulary.lists
    named, nobody = lists["purposes about a person"], lists["purposes that name nobody"]

    assert named | nobody == set(rulebook.vocabulary.shapes["purpose"].words)
    assert not named & nobody


def test_parents_hear_of_every_purpose_but_crime_and_orders(rulebook: Rulebook) -> None:
    lists = rulebook.vocabulary.lists

    told = lists["purposes of which parents hear"]

    assert lists["purposes about a person"] - told == {"crime", "court-or-legal"}


def test_every_body_is_public_or_private(rulebook: Rulebook) -> None:
    lists = rulebook.vocabulary.lists
    bodies = lists["public bodies"] | lists["private bodies"]

    assert bodies == set(rulebook.vocabulary.shapes["recipient.kind"].words)
    assert lists["private bodies"] == {"private-body", "voluntary-body"}
    assert not lists["public bodies"] & lists["private bodies"]
