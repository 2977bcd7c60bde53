"""The one table of fields that the API, the paper and the rules share."""

from itertools import groupby

from broker.domain.form import FIELD_BY_ID, FORM, LIMITS, Kind


def test_every_field_stands_once() -> None:
    assert len(FIELD_BY_ID) == len(FORM)


def test_no_two_fields_are_told_apart_by_their_identifier_alone() -> None:
    assert len({field.label for field in FORM}) == len(FORM)


def test_the_fields_of_a_section_stand_together() -> None:
    sections = [title for title, _ in groupby(FORM, key=lambda field: field.section)]

    assert len(sections) == len(set(sections))


def test_every_kind_has_its_limit_and_its_fields() -> None:
    assert set(LIMITS) == set(Kind) == {field.kind for field in FORM}


def test_what_the_words_call_a_date_is_written_as_one() -> None:
    dates = {field.id for field in FORM if field.kind is Kind.DATE}

    assert dates == {"individual.date_of_birth", "dates.noticed"}
