"""Which pages a question to partners has, and its answer, in which order, under which titles."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from broker.web.journeys.answers import Answered, Kind
from broker.web.journeys.order import BY_ID, ORDER
from broker.web.journeys.pages.purposes import WHOM
from broker.web.journeys.pages.sharing import CHECK_PAGE, SHARE_AFTER
from broker.web.journeys.questions.answering import (
    HOLD,
    answer_page,
    asked_fields,
    shares_something,
)
from broker.web.journeys.questions.asking import (
    BODIES,
    WHAT_FOR,
    ask_page,
    bodies_asked,
    body_page,
    day_page,
    fields_asked_of,
)
from broker.web.journeys.shapes import Page

_NOT_ASKING = frozenset({"ask", "other-recipient", "whom", "more"})
_NOT_ANSWERING = _NOT_ASKING | {
    "request-papers",
    "victim",
    "victim-counselling",
    "victim-not-told",
    "where",
}
"""Pages whose answers the question has given already, or has pages of its own for."""

_TITLES: Mapping[Kind, Mapping[str, str]] = {
    Kind.REQUEST: {
        "seen": "When was it first seen or heard?",
        "who": "Whom do you ask about?",
        "told": "Does this person know that you ask?",
        "why": "Why is it right to ask this?",
        "check": "Check before you ask",
    },
    Kind.ANSWER: {
        "seen": "When was it first seen or heard?",
        "who": "Whom does your own record name?",
        "told": "Does this person know that you answer?",
        "check": "Check before you answer",
    },
}


def way_of_a_question(answered: Answered) -> tuple[Page, ...]:
    """Return the pages of a question, or of an answer, that apply, as they are written."""
    kind = answered.circumstances.kind
    pages = _asking(answered) if kind is Kind.REQUEST else _answering(answered)
    return tuple(_titled(page, kind) for page in pages)


def page_of_a_question(name: str, answered: Answered) -> Page | None:
    """Return a page of a question or an answer by its name, None where it is another's."""
    kind = answered.circumstances.kind
    if kind not in _TITLES:
        return None
    first, _, rest = name.partition("/")
    page = BY_ID.get(name) if name in _TITLES[kind] else None
    if kind is Kind.ANSWER and name == HOLD.id:
        page = HOLD
    if kind is Kind.ANSWER and first == "answer":
        page = answer_page(rest, answered)
    if kind is Kind.REQUEST:
        page = _of_asking(name, answered) or page
    return None if page is None else _titled(page, kind)


def _of_asking(name: str, answered: Answered) -> Page | None:
    first, _, rest = name.partition("/")
    match first:
        case "ask":
            return WHAT_FOR
        case "bodies":
            return BODIES
        case "day":
            return day_page(answered)
        case "body":
            return body_page(rest, answered)
        case "asks":
            mailbox, _, field = rest.partition("/")
            return ask_page(mailbox, field, answered)
        case _:
            return None


def _asking(answered: Answered) -> Iterator[Page]:
    yield WHOM
    yield WHAT_FOR
    yield from _others(answered, _NOT_ASKING)
    yield BODIES
    for mailbox in bodies_asked(answered):
        yield from _about(mailbox, answered)
    yield day_page(answered)
    yield from _last(answered)


def _about(mailbox: str, answered: Answered) -> Iterator[Page]:
    about = body_page(mailbox, answered)
    if about is not None:
        yield about
    for field in fields_asked_of(mailbox, answered):
        asks = ask_page(mailbox, field, answered)
        if asks is not None:
            yield asks


def _answering(answered: Answered) -> Iterator[Page]:
    yield HOLD
    if answered.text("hold", "held") not in {"no", "cannot-say"}:
        pages = (answer_page(field, answered) for field in asked_fields(answered))
        yield from (page for page in pages if page is not None)
        if shares_something(answered):
            yield from _others(answered, _NOT_ANSWERING)
            yield from _last(answered)
            return
    yield CHECK_PAGE


def _others(answered: Answered, left_out: frozenset[str]) -> Iterator[Page]:
    for page in ORDER:
        if page.id not in left_out and page.on_the_way and page.when(answered):
            yield page


def _last(answered: Answered) -> Iterator[Page]:
    yield from (page for page in SHARE_AFTER if page.on_the_way and page.when(answered))


def _titled(page: Page, kind: Kind) -> Page:
    title = _TITLES.get(kind, {}).get(page.id)
    return page if title is None else replace(page, title=title, titles=())
