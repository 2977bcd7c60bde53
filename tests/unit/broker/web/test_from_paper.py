"""A filled-in form becomes a draft on which nothing is confirmed and nothing is lost."""

from broker.domain.printed_forms import Paper, printed_form
from broker.intake.paper import read_paper
from broker.web.writing.from_paper import draft_of, not_on_a_page, to_confirm

WRITTEN = """Subject's full name: Tam Specimen
Date and place of birth: 14/03/1991
Full address: 1 Example Road
A box of ours: something else
"""


def test_each_box_stands_on_its_page_and_is_confirmed_there_alone() -> None:
    paper = read_paper(printed_form(Paper.VTR), WRITTEN)

    draft = draft_of(paper)

    assert draft.answers == {"about": {"about": "person"}}
    assert draft.typed["who"] == {"name": ["Tam Specimen"]}
    assert [(one.field, one.page) for one in to_confirm(draft)] == [
        (field, page)
        for field, page in (
            ("individual.name", "who"),
            ("individual.date_of_birth", "age"),
            ("individual.address", "where"),
        )
        if field in paper.values
    ]
    assert len(to_confirm(draft)) == len(paper.values)


def test_what_is_on_no_page_is_listed_with_its_reason() -> None:
    draft = draft_of(read_paper(printed_form(Paper.VTR), WRITTEN + "Referrer: Nia Specimen"))

    listed = not_on_a_page(draft)

    written = {**{one.field: one.words for one in to_confirm(draft)}}
    said = " ".join([*written.values(), *(one.words for one in listed)])
    assert "something else" in said
    assert "Nia Specimen" in said
    assert all(one.why for one in listed)
