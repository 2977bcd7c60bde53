"""What finds a person again: exact identifiers, and names however they are written."""

import pytest

from broker.domain.cases.likeness import (
    MarkKind,
    are_two_people,
    birthday_code,
    marks_of,
    name_codes,
)

PERSON = {
    "individual.name": "Siân O'Neill",
    "individual.date_of_birth": "1991-11-02",
    "individual.nhs_number": "943 476 5919",
    "individual.contact": "+44 7700 900123, sian@example.invalid",
    "individual.address": "5 Harbour Row, Northshire ZZ1 2AB",
}


def alike(one: dict[str, str], other: dict[str, str]) -> set[MarkKind]:
    return {mark.kind for mark in marks_of(one) & marks_of(other)}


@pytest.mark.parametrize(
    "name",
    [
        "Sian O'Neill",
        "SIAN ONEILL",
        "O’Neill, Siân",
        "Sian O Neill",
        "Ms Siân O`Neill",
        "Siân O'Neill (known as Shan)",
        "O'Neil Sian",
    ],
)
def test_one_name_is_found_however_it_is_written(name: str) -> None:
    assert MarkKind.ALIKE in alike(PERSON, {**PERSON, "individual.name": name})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed Khan", "Muhammad Khan"),
        ("Mohamed Khan", "Khan Mohammad"),
        ("Anne-Marie Jones", "Annemarie Jones"),
        ("Anne Marie Jones", "Jones, Anne-Marie"),
        ("Abdul Rahman Ali", "Abdulrahman Ali"),
        ("Ahmed Al-Hassan", "Ahmad Alhassan"),
        ("Katharine Clarke", "Catherine Clark"),
        ("José García", "Jose Garcia"),
        ("Sean McDonald", "Shaun MacDonald"),
        ("Yousef Hussain", "Yusuf Hussein"),
        ("Łukasz Wójcik", "Lukasz Wojcik"),
        ("Stephen Phillips", "Steven Philips"),
    ],
)
def test_common_spellings_and_forms_are_alike(one: str, other: str) -> None:
    assert name_codes(one) & name_codes(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed Khan", "Mohammed Ali"),
        ("Siân O'Neill", "Siân Evans"),
        ("Hassan Ali", "Hussein Ali"),
        ("John Smith", "Jane Smith"),
        ("Tam Specimen", "Mira Specimen"),
    ],
)
def test_people_who_share_one_name_are_not_alike(one: str, other: str) -> None:
    assert not name_codes(one) & name_codes(other)


def test_a_birthday_counts_with_day_and_month_in_either_order() -> None:
    assert birthday_code("1991-02-11") == birthday_code("1991-11-02") == "1991-02-11"
    assert birthday_code("1991-02-13") == "1991-02-13"
    assert birthday_code("some time in spring") is None


def test_a_name_alone_and_a_birthday_alone_find_nobody() -> None:
    assert not marks_of({"individual.name": "Siân O'Neill"})
    assert not marks_of({"individual.date_of_birth": "1991-11-02"})
    assert not marks_of({"individual.address": PERSON["individual.address"]})


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        pytest.param({"individual.date_of_birth": "1991-02-11"}, {"alike", "exact"}, id="swapped"),
        pytest.param({"individual.nhs_number": "9434765919"}, {"alike", "exact"}, id="spaces"),
        pytest.param({"individual.name": "Tam Specimen"}, {"exact"}, id="number alone"),
        pytest.param(
            {
                "individual.nhs_number": "",
                "individual.date_of_birth": "",
                "individual.contact": "07700 900 123",
                "individual.address": "",
            },
            {"alike"},
            id="name and telephone",
        ),
        pytest.param(
            {
                "individual.nhs_number": "943 476 5870",
                "individual.date_of_birth": "1990-01-20",
                "individual.contact": "",
                "individual.address": "another house, zz12ab",
            },
            {"alike"},
            id="name and postcode",
        ),
        pytest.param(
            {
                "individual.nhs_number": "943 476 5870",
                "individual.date_of_birth": "1990-01-20",
                "individual.contact": "",
                "individual.address": "",
            },
            set[str](),
            id="name alone",
        ),
    ],
)
def test_what_is_shared_says_how_sure_a_match_is(changes: dict[str, str], kinds: set[str]) -> None:
    assert {kind.value for kind in alike(PERSON, {**PERSON, **changes})} == kinds


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("943 476 5919", ["nhs-number"]),
        ("943 476 5918", ["local-reference"]),
        ("NHS no. 9434765919 (checked)", ["nhs-number"]),
        ("School ref. B/1044-7", ["local-reference"]),
        ("not known", []),
        ("1111111111", ["local-reference"]),
    ],
)
def test_a_number_is_an_nhs_number_by_its_check_digit_and_else_a_local_reference(
    text: str, what: list[str]
) -> None:
    assert [mark.what for mark in marks_of({"individual.nhs_number": text})] == what


def test_a_single_name_is_alike_only_to_the_same_single_name() -> None:
    assert name_codes("Sukarno") == name_codes("SUKARNO")
    assert not name_codes("Sukarno") & name_codes("Sukarno Putra")
    assert not name_codes("??")


def test_nothing_else_of_a_form_is_looked_up() -> None:
    more = {**PERSON, "individual.religion": "none", "concerns.description": "He met them twice."}

    assert marks_of(more) == marks_of(PERSON)


def test_a_name_of_many_words_makes_no_more_than_a_few_marks() -> None:
    long = {**PERSON, "individual.name": " ".join(f"Name{letter}" for letter in "abcdefghijkl")}

    assert len(marks_of(long)) < 300


@pytest.mark.parametrize(
    ("changes", "are_two"),
    [
        pytest.param({"individual.name": "Mira Specimen"}, True, id="another name and birthday"),
        pytest.param({"individual.name": "Mira O'Neill"}, True, id="of one family"),
        pytest.param({"individual.name": "Tam"}, True, id="a single other name"),
        pytest.param({"individual.name": "Sian"}, False, id="a single name of theirs"),
        pytest.param({"individual.name": ""}, False, id="no name"),
        pytest.param({"individual.name": "ONEILL, SIAN"}, False, id="written otherwise"),
        pytest.param({"individual.name": "Siân Evans or O'Neill"}, False, id="both names"),
    ],
)
def test_two_people_are_told_apart_by_names_that_have_nothing_in_common(
    changes: dict[str, str],
    *,
    are_two: bool,
) -> None:
    other = {"individual.date_of_birth": "1962-03-04", **changes}

    assert are_two_people(PERSON, other) is are_two
    assert are_two_people(other, PERSON) is are_two


def test_one_number_is_one_person_whatever_they_are_called() -> None:
    other = {"individual.name": "Mira Specimen", "individual.nhs_number": "9434765919"}

    assert not are_two_people(PERSON, other)
