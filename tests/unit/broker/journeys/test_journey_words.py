"""What practitioners read is in their words, and says what to do."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from broker.domain.form import FORM
from broker.web.journeys import outcome_words
from broker.web.journeys.order import BY_ID
from broker.web.journeys.pages.made import one_field, one_file, wording
from broker.web.journeys.shapes import Page

NEVER_SEEN = re.compile(
    r"\b(facts?|rulebooks?|digests?|hash(es)?|ledgers?|outcomes?|obligations?|releases?d?|"
    r"subjects?|disclosures?|articles?|R\d\d)\b",
    re.IGNORECASE,
)
NEVER_SAID = re.compile(
    r"\b(please|invalid|failed|suspects?|extremists?|radicali[sz]ed|score|level)\b", re.IGNORECASE
)
MOST_WORDS = 20
NOT_WORDS = {"id", "code", "facts", "fields", "leads_to", "to", "after", "part", "kind", "listed"}
"""Members that name something for us, and that nobody reads."""


def every_page() -> Iterator[Page]:
    yield from BY_ID.values()
    for field in FORM:
        yield wording(field.id, "")
        for needs_reason in (True, False):
            yield one_field(
                field.id, needs_reason=needs_reason, ever_goes=True, for_the_guardian=needs_reason
            )
    yield one_file(1)


def texts(value: object) -> Iterator[str]:
    if is_dataclass(value) and not isinstance(value, type):
        for member in fields(value):
            if member.name not in NOT_WORDS:
                yield from texts(getattr(value, member.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif type(value) is str:
        yield value


def words_of_outcomes() -> Iterator[str]:
    yield from outcome_words.YOURS.values()
    source = outcome_words.__loader__.get_source(outcome_words.__name__)  # type: ignore[union-attr]
    yield from re.findall(r'"([A-Z][^"]* [^"]*)"', source)


EVERY_TEXT = sorted({text for page in every_page() for text in texts(page) if text})
"""Each text that a page can show, with its placeholders."""


def test_every_page_is_looked_at() -> None:
    assert len(EVERY_TEXT) > 300


@pytest.mark.parametrize("never", [NEVER_SEEN, NEVER_SAID], ids=["our words", "hard words"])
def test_no_text_holds_a_word_that_practitioners_do_not_know(never: re.Pattern[str]) -> None:
    shown = [*EVERY_TEXT, *words_of_outcomes()]

    assert [text for text in shown if never.search(text)] == []


def test_every_sentence_is_short() -> None:
    long = [
        sentence
        for text in EVERY_TEXT
        for sentence in re.split(r"(?<=[.?!:;])\s+", text)
        if len(sentence.split()) > MOST_WORDS
    ]

    assert long == []


def test_an_error_says_what_to_do() -> None:
    missing = {
        question.missing
        for page in every_page()
        for question in page.questions
        if question.missing
    }

    assert [text for text in missing if not text.startswith(("Select ", "Enter "))] == []
    assert [text for text in missing if text.endswith(".")] == []


def test_every_sentence_ends_and_no_title_holds_a_name() -> None:
    paragraphs = [
        text
        for page in every_page()
        for text in (*page.paragraphs, *(inset.text for inset in page.insets))
    ]

    assert [text for text in paragraphs if text[-1] not in ".?"] == []
    assert [page.title for page in every_page() if "{" in page.title] == []
