"""A printed form that somebody filled in: each box mapped, or listed with what is to be done."""

import pytest

from broker.concerns.pathways import Shape, Step, pathways
from broker.domain.errors import FaultyDocumentError
from broker.domain.form import FIELD_BY_ID
from broker.domain.printed_forms import Box, Paper, PrintedForm, printed_form, printed_forms
from broker.intake.paper import PaperDraft, read_paper

VTR = printed_form("vtr")
NATIONAL = printed_form("national")


def left(draft: PaperDraft) -> list[tuple[str | None, str]]:
    return [(rest.label, rest.words) for rest in draft.not_mapped]


@pytest.mark.parametrize("box", [box for form in printed_forms().values() for box in form.boxes])
def test_a_box_stands_for_fields_of_ours(box: Box) -> None:
    assert set(box.fields) <= set(FIELD_BY_ID)


@pytest.mark.parametrize("form", printed_forms().values(), ids=list(Paper))
@pytest.mark.parametrize("between", [" | ", ": "])
def test_each_box_of_a_form_is_mapped_or_listed(form: PrintedForm, between: str) -> None:
    text = "\n".join(f"{box.label}{between}Words {n}" for n, box in enumerate(form.boxes))

    draft = read_paper(form, text)

    told = [*draft.values.values(), *(words for _, words in left(draft))]
    assert {f"Words {n}" for n in range(len(form.boxes))} <= set("\n".join(told).splitlines())


def test_a_box_is_found_however_its_label_is_copied() -> None:
    text = "1. SUBJECT\u2019S  full name (Alias, maiden) :\nTam Specimen\nFaith / Ideology | none"

    assert read_paper(VTR, text).values == {
        "individual.name": "Tam Specimen",
        "concerns.interest": "none",
    }


def test_several_lines_under_a_label_are_one_text() -> None:
    text = "Reason for referral\nFirst line.\n\nSecond line.\nFull address: 1 Example Road"

    draft = read_paper(VTR, text)

    assert draft.values["concerns.description"] == "First line.\n\nSecond line."


@pytest.mark.parametrize(
    ("written", "day", "place"),
    [
        ("03/04/2009, Northshire", "2009-04-03", "Northshire"),
        ("3rd April 2009 Northshire", "2009-04-03", "Northshire"),
        ("3.4.2009", "2009-04-03", None),
    ],
)
def test_a_day_is_read_day_first_and_what_follows_is_the_place(
    written: str, day: str, place: str | None
) -> None:
    found = read_paper(VTR, f"Date and place of birth | {written}").values

    assert found == {
        "individual.date_of_birth": day,
        **({} if place is None else {"individual.place_of_birth": place}),
    }


@pytest.mark.parametrize("written", ["about fourteen", "31/02/2009", "30 Smarch 2009"])
def test_a_day_that_cannot_be_read_is_listed(written: str) -> None:
    draft = read_paper(VTR, f"Date and place of birth | {written}\nFull address | 1 Example Road")

    assert left(draft) == [("Date and place of birth", written)]


def test_what_stands_behind_a_day_alone_is_listed() -> None:
    draft = read_paper(NATIONAL, "Date of birth | 3/4/2009 (not sure)")

    assert draft.values == {"individual.date_of_birth": "2009-04-03"}
    assert left(draft) == [("Date of birth", "(not sure)")]


def test_what_is_in_no_box_is_listed_where_it_stood() -> None:
    text = "Northshire Trust\nFull address | 1 Example Road\nOur own box | kept"

    draft = read_paper(VTR, text)

    assert left(draft) == [(None, "Northshire Trust"), (None, "Our own box\nkept")]


def test_what_the_police_fill_in_is_no_field() -> None:
    draft = read_paper(VTR, "CT/DE relevance | none\nFull address | 1 Example Road")

    assert left(draft) == [("CT/DE relevance", "none")]


def test_a_text_too_long_for_its_field_is_listed_whole() -> None:
    draft = read_paper(VTR, f"Subject's full name | {'a' * 501}\nFull address | 1 Example Road")

    assert left(draft) == [("Subject's full name (alias, maiden)", "a" * 501)]


def test_two_forms_in_one_file_are_refused() -> None:
    with pytest.raises(FaultyDocumentError, match="fills in the box 'Full address' twice"):
        read_paper(VTR, "Full address | 1 Example Road\nFull address | 2 Example Road")


def test_a_file_that_is_no_such_form_is_refused() -> None:
    with pytest.raises(FaultyDocumentError, match="holds no box of Vulnerable"):
        read_paper(VTR, "A letter.\nDear Sir or Madam")


def test_a_form_prints_each_text_once_and_leaves_nothing_out() -> None:
    held = {
        "individual.name": "Tam Specimen",
        "needs.protective_factors": "An uncle",
        "checks.action": "Spoke with the year head",
        "concerns.event": "",
    }

    printed = dict(VTR.under_its_headings(held))

    assert printed == {
        "The subject": (("Subject's full name (alias, maiden)", "Tam Specimen"),),
        "The referral": (("Risk/Protective factors", "An uncle"),),
        "Not on this form": (("checks.action", "Spoke with the year head"),),
    }


def test_three_labels_of_the_national_form_were_read() -> None:
    assert [box.label for box in NATIONAL.boxes if box.verified] == [
        "DESCRIBE CONCERNS",
        "COMPLEX NEEDS",
        "OTHER INFORMATION",
    ]


def test_each_pathway_is_told_with_who_what_when_and_where_it_stands() -> None:
    assert set(pathways()) == {
        *("livewell", "set", "somerset", "ecpt", "school", "dh-default", "dh-colleague")
    }
    steps = [step for way in pathways().values() for step in way.steps]
    assert all(step.what and step.when and step.paragraph for step in steps)


def test_a_chart_that_was_lost_says_so() -> None:
    lost = {id_ for id_, way in pathways().items() if way.shape is Shape.CHART_LOST}

    assert lost == {"livewell", "dh-default", "dh-colleague"}


@pytest.mark.parametrize("broken", [{"read": "yes"}, {"extra": 1}])
def test_a_step_of_another_shape_is_a_fault_of_ours(broken: dict[str, object]) -> None:
    step = {**pathways()["set"].steps[0].document(), **broken}

    with pytest.raises(TypeError):
        Step.of_document(step)


def test_a_box_of_another_shape_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError):
        Box.of_document({**VTR.boxes[0].document(), "verified": "yes"})
