"""A posted page is read with every fault named at its part, and nothing typed is lost."""

from datetime import date

import pytest

from broker.web.journeys.answers import Answers, Circumstances
from broker.web.journeys.journey import Journey
from broker.web.journeys.reading import Posted, Reading, looks_blank, tidy

TODAY = date(2026, 3, 16)
JOURNEY = Journey(Circumstances(today=TODAY))
STORY = {"story": ["Zzcanary said something."]}


def read(page: str, posted: Posted, answers: Answers | None = None) -> Reading:
    return JOURNEY.read(page, posted, answers or {})


def problems(reading: Reading) -> list[tuple[str, str, str]]:
    return [(each.question, each.part, each.message) for each in reading.problems]


def day(value: str, name: str = "first") -> dict[str, list[str]]:
    parts = zip(("day", "month", "year"), value.split("/"), strict=True)
    return {f"{name}-{part}": [text] for part, text in parts}


LABEL = "The day it was first seen or heard"


@pytest.mark.parametrize(
    ("typed", "part", "message"),
    [
        ("//", "", "Enter the day it was first seen or heard"),
        ("1//2026", "month", f"{LABEL} must include a month"),
        ("1/3/", "year", f"{LABEL} must include a year"),
        ("//2026", "day", f"{LABEL} must include a day and a month"),
        ("1/3/26", "year", f"{LABEL} must have a year of 4 figures"),
        ("31/2/2026", "day", f"{LABEL} must be a real date"),
        ("one/3/2026", "day", f"{LABEL} must be a real date"),
        ("1/marble/2026", "day", f"{LABEL} must be a real date"),
        ("1/ma/2026", "day", f"{LABEL} must be a real date"),
        ("1/3/0000", "day", f"{LABEL} must be a real date"),
        ("१/3/2026", "day", f"{LABEL} must be a real date"),
        ("17/3/2026", "day", f"{LABEL} must be today or in the past"),
    ],
)
def test_a_day_that_cannot_be_read_is_named_at_its_part(
    typed: str, part: str, message: str
) -> None:
    reading = read("seen", {**STORY, **day(typed)})

    assert problems(reading) == [("first", part, message)]


@pytest.mark.parametrize("typed", ["16/3/2026", "16/03/2026", " 16 / march /2026", "16/Mar/2026"])
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    reading = read("seen", {**STORY, **day(typed)})

    assert problems(reading) == []
    assert reading.answers["first"] == "2026-03-16"


def test_a_day_to_come_must_not_be_over() -> None:
    told: Answers = {"told": {"told": "safe"}}
    over = read("not-told", {"why": ["Not yet safe."], **day("15/3/2026", "by")}, told)
    today = read("not-told", {"why": ["Not yet safe."], **day("16/3/2026", "by")}, told)

    assert [part for _, part, _ in problems(over)] == ["day"]
    assert "must be today or later" in over.problems[0].message
    assert problems(today) == []


def test_nothing_is_seen_before_somebody_is_born() -> None:
    born: Answers = {"age": {"dob": "2012-05-01"}}
    before = read("seen", {**STORY, **day("30/4/2012")}, born)
    after = read("age", day("2/5/2012", "dob"), {"seen": {"first": "2012-05-01"}})

    assert problems(before) == [("first", "day", f"{LABEL} must be after the date of birth")]
    assert [each.question for each in after.problems] == ["dob"]


def test_all_faults_come_at_once_in_the_order_of_the_page() -> None:
    reading = read("why", {})

    assert problems(reading) == [
        ("need", "", "Enter why they cannot do it without this"),
        ("less", "", "Select whether less would do"),
        ("fair", "", "Enter why it is worth it"),
    ]


def test_nothing_typed_is_lost_beside_a_fault() -> None:
    posted = {**STORY, "event": ["In class."], **day("31/2/2026"), "unknown": ["kept"]}

    reading = read("seen", posted)

    assert reading.problems
    assert reading.typed == {name: tuple(values) for name, values in posted.items()}
    assert reading.answers["story"] == "Zzcanary said something."


def test_who_only_saves_may_leave_out_what_must_be_answered() -> None:
    saved = JOURNEY.read("why", {"need": ["Only they can."]}, {}, to_go_on=False)
    faulty = JOURNEY.read("seen", day("31/2/2026"), {}, to_go_on=False)

    assert saved.problems == ()
    assert saved.answers == {"need": "Only they can.", "less": None, "fair": None}
    assert [each.question for each in faulty.problems] == ["first"]


@pytest.mark.parametrize(
    "blank", ["", " ", "\r\n \t", "\u00a0\u2003", "\u200b\ufeff", "\u2800", "\u3164", "\u034f"]
)
def test_a_text_that_only_looks_blank_is_blank(blank: str) -> None:
    reading = read("seen", {"story": [blank], **day("1/3/2026")})

    assert looks_blank(blank)
    assert problems(reading) == [("story", "", "Enter what you saw or heard")]


@pytest.mark.parametrize("text", ["é", "日本", "مرحبا", "👍", "-"])
def test_a_text_of_any_script_is_text(text: str) -> None:
    assert not looks_blank(text)
    assert tidy(f" {text} ") == text


def test_line_ends_count_once_and_a_text_may_be_as_long_as_it_may() -> None:
    fits = "a\r\n" * 10_000
    longer = "a" * 20_001

    assert problems(read("seen", {"story": [fits + "a"], **day("1/3/2026")})) == [
        ("story", "", "In your own words must be 20,000 characters or less")
    ]
    assert problems(read("seen", {"story": [fits], **day("1/3/2026")})) == []
    assert read("seen", {"story": [longer], **day("1/3/2026")}).answers["story"] == longer


def test_a_line_is_one_line_and_signs_that_obey_are_refused() -> None:
    two = read("who", {"name": ["Zz\nQq"]})
    turned = read("who", {"name": ["Zz\u202eQq"]})

    assert "must be on one line" in two.problems[0].message
    assert "cannot be shown" in turned.problems[0].message
    assert "Zz" not in turned.problems[0].message


def test_a_reason_that_stands_for_words_without_being_any_is_refused() -> None:
    told: Answers = {"told": {"told": "safe"}}

    reading = read("not-told", {"why": ["As above."]}, told)

    assert problems(reading) == [("why", "", "Your reason must be said in words, or left empty")]


def test_only_what_was_offered_can_be_chosen() -> None:
    forged = read("harm", {"harm": ["dreadful"], "to_person": ["no"]})
    several = read("basis", {"basis": ["observed-behaviour", "everything"]})
    hidden = read(
        "agree-what",
        {"by": ["parent"], **day("1/3/2026", "on"), "scope": ["usual"]},
        {"age": {"dob": "1991-11-02"}, "agree": {"answer": "given"}},
    )

    assert [each.question for each in forged.problems] == ["harm"]
    assert [each.question for each in several.problems] == ["basis"]
    assert [each.question for each in hidden.problems] == ["by"]


def test_several_choices_are_kept_once_each_in_their_order() -> None:
    reading = read("basis", {"basis": ["online-activity", "online-activity", "stated-intent"]})

    assert reading.answers["basis"] == ["online-activity", "stated-intent"]


@pytest.mark.parametrize(
    ("posted", "question"),
    [
        ({}, "dob"),
        ({**day("1/5/2012", "dob"), "from": ["14"], "to": ["14"]}, "dob"),
        ({"unsure": ["unsure"], "from": ["14"], "to": ["14"]}, "unsure"),
        ({"from": ["14"]}, "to"),
        ({"to": ["14"]}, "from"),
        ({"from": ["15"], "to": ["14"]}, "to"),
        ({"from": ["121"], "to": ["121"]}, "from"),
        ({"from": ["-1"], "to": ["14"]}, "from"),
        ({"from": ["14.5"], "to": ["15"]}, "from"),
        ({"from": ["９"], "to": ["15"]}, "from"),
        (day("17/3/2026", "dob"), "dob"),
    ],
)
def test_an_age_that_does_not_fit_is_named(posted: Posted, question: str) -> None:
    assert read("age", posted).problems[0].question == question


def test_two_ages_that_are_none_are_told_apart() -> None:
    messages = [problem.message for problem in read("age", {"from": ["x"], "to": ["y"]}).problems]

    assert messages == ["Youngest age must be 0 to 120", "Oldest age must be 0 to 120"]


def test_an_age_beside_a_tick_that_none_is_known_says_which_to_take_out() -> None:
    posted = {**day("1/5/2012", "dob"), "unsure": ["unsure"]}

    (problem,) = read("age", posted).problems

    assert (problem.question, problem.message) == (
        "unsure",
        "Take the date or the ages out, or do not select that you cannot say",
    )


@pytest.mark.parametrize(
    "posted",
    [day("1/5/2012", "dob"), {"from": ["14"], "to": ["16"]}, {"unsure": ["unsure"]}],
)
def test_a_birthday_ages_or_neither_is_an_age(posted: Posted) -> None:
    assert read("age", posted).problems == ()


@pytest.mark.parametrize(
    ("typed", "kept"), [("9:45", "09:45"), ("0945", "09:45"), ("23.59", "23:59")]
)
def test_the_time_of_a_call_is_read_as_people_write_it(typed: str, kept: str) -> None:
    reading = read("now-call", {"rung": ["rung"], "at": [typed]})

    assert (reading.problems, reading.answers["at"]) == ((), kept)


@pytest.mark.parametrize("typed", ["24:00", "9", "12:60", "noon"])
def test_a_time_that_is_none_is_named(typed: str) -> None:
    assert [
        each.question for each in read("now-call", {"rung": ["rung"], "at": [typed]}).problems
    ] == ["at"]


def test_an_emergency_needs_a_name_or_a_place() -> None:
    nobody = read("now-who", {"contact": ["01632 960 102"]})
    somewhere = read("now-who", {"address": ["The hall"]})
    twice = read("now-who", {"name": ["Zz"], **day("1/5/2012", "dob"), "from": ["1"], "to": ["2"]})

    assert [each.message for each in nobody.problems] == ["Enter a name or a place"]
    assert somewhere.problems == ()
    assert [each.question for each in twice.problems] == ["dob"]


def test_choices_that_exclude_each_other_are_not_taken_together() -> None:
    both = read("read", {"in_it": ["none", "people"]})
    more = read("more", {"fields": ["nothing", "file"]})

    assert [each.question for each in (*both.problems, *more.problems)] == ["in_it", "fields"]
