"""Whom a draft is about is looked up by what the form says that would be sent of it."""

from datetime import date

import pytest

from broker.domain.cases.likeness import FIELDS
from broker.domain.concerns.drafts import DraftText
from broker.domain.concerns.whom import named_in
from broker.web.journeys.answers import Answered, Answers, Circumstances, Kind, Minimum
from broker.web.journeys.composed import form_of

LOOKED_UP = frozenset(FIELDS)
GOES = Minimum(goes=LOOKED_UP, for_a_child=frozenset(), with_a_reason=frozenset())
PERSON: Answers = {
    "who": {"name": "Siân O'Neill"},
    "age": {"dob": "1991-11-02"},
    "where": {"address": "1 Row, ZZ1 2AB", "contact": "01632 960 777"},
    "field/individual.nhs_number": {"text": "943 476 5919"},
}
IN_DANGER: Answers = {
    "now-who": {
        "name": "Siân O'Neill",
        "dob": "1991-11-02",
        "address": "1 Row, ZZ1 2AB",
        "contact": "01632 960 777",
    }
}


def on_the_form(kind: Kind, answers: Answers) -> dict[str, str]:
    purposes = dict.fromkeys(("referral", "other-safeguarding"), GOES)
    known = Circumstances(today=date(2026, 3, 16), kind=kind, minimums=purposes)
    form = form_of(Answered(answers, known))
    return {field: said for field, said in form.items() if field in LOOKED_UP}


@pytest.mark.parametrize(
    ("kind", "answers", "fields"),
    [
        (Kind.REFERRAL, PERSON, 5),
        (Kind.EMERGENCY, IN_DANGER, 4),
        (Kind.REFERRAL, {**PERSON, "wording/individual.name": {"text": "Sian Oneill"}}, 5),
        (Kind.REFERRAL, {**PERSON, "wording/individual.contact": {"text": ""}}, 4),
        (Kind.REFERRAL, {"who": {"name": None}, "age": {"dob": "1991-11-02"}}, 1),
    ],
)
def test_it_is_what_the_form_says(kind: Kind, answers: Answers, fields: int) -> None:
    found = named_in(DraftText(answers=answers))

    assert found == on_the_form(kind, answers)
    assert len(found) == fields


def test_of_a_colleague_it_is_the_name() -> None:
    found = named_in(DraftText(answers={"c-work": {"name": "Col Specimen"}}))

    assert found == {"individual.name": "Col Specimen"}
