"""Whatever is posted to whichever page, it is read and nothing is lost."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from rounds import rounds
from values import the_rulebook

from broker.domain.errors import FaultyDocumentError
from broker.intake.documents import read_pack
from broker.web.journeys.answers import Circumstances, Contact, Kind, Value
from broker.web.journeys.journey import Journey
from broker.web.journeys.order import BY_ID
from broker.web.journeys.shapes import Kind as Shape
from broker.web.journeys.shapes import Page

TODAY = date(2026, 3, 16)
PREVENT = Contact(
    mailbox="prevent", title="Prevent", body="Police", kind="police", function="prevent-inbox"
)
JOURNEYS = {
    kind: Journey(Circumstances(today=TODAY, kind=kind, contacts=(PREVENT,), usual=1))
    for kind in Kind
}
PAGES = sorted(
    {*(page.id for page in BY_ID.values() if page.questions), "file/1", "field/needs.health"}
)
TEXTS = st.one_of(
    st.sampled_from(["", " ", "\u200b", "unknown", "yes", "no", "0", "31", "2", "2026", "14"]),
    st.text(max_size=40),
)


@st.composite
def posts(draw: st.DrawFn, page: Page) -> dict[str, list[str]]:
    """Draw a form: offered codes, real days and any text under the names that a page has."""
    posted: dict[str, list[str]] = {}
    for question in page.questions:
        names = [question.id]
        if question.kind is Shape.DATE:
            names = [f"{question.id}-{part}" for part in ("day", "month", "year")]
        offered = [option.code for option in question.options]
        values = st.one_of(st.sampled_from(offered), TEXTS) if offered else TEXTS
        for name in names:
            posted[name] = draw(st.lists(values, max_size=3))
    return posted


@settings(deadline=None, max_examples=rounds(60))  # building the rulebook once takes long
@given(data=st.data(), kind=st.sampled_from(list(Kind)))
def test_whatever_is_posted_is_read_and_kept_as_typed(data: st.DataObject, kind: Kind) -> None:
    journey = JOURNEYS[kind]
    answers: dict[str, Mapping[str, Value]] = {}
    for name in data.draw(st.lists(st.sampled_from(PAGES), max_size=8, unique=True)):
        page = journey.page(name, answers)
        posted = data.draw(posts(page))

        reading = journey.read(name, posted, answers, to_go_on=False)

        assert reading.typed == {key: tuple(values) for key, values in posted.items()}
        shown = {question.id for question in page.questions}
        assert reading.answers.keys() == shown
        assert {problem.question for problem in reading.problems} <= shown
        assert all(problem.message for problem in reading.problems)
        if not reading.problems:
            answers[name] = reading.answers
            journey.next_page(name, answers)
    assert json.loads(json.dumps(answers)) == answers
    for draft in journey.packs_of(answers):
        with suppress(FaultyDocumentError):
            read_pack(json.dumps(draft.document).encode(), the_rulebook().vocabulary, TODAY)
    journey.task_list(answers)
