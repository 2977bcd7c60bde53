"""Which pages apply, in which order, and how each reads for these answers: pure.

A page applies by its own condition, looked at over every answer
as given. What a page sets counts only while it applies (`Counted`).
"""

import re
from dataclasses import replace

from broker.domain.form import FIELD_BY_ID
from broker.web.journeys.answers import Answered, Answers, Circumstances, Kind
from broker.web.journeys.composed import composed
from broker.web.journeys.field_lists import goes, needs_a_reason
from broker.web.journeys.listed import listed_options
from broker.web.journeys.order import BY_ID, ORDER
from broker.web.journeys.pages.colleague import COLLEAGUE
from broker.web.journeys.pages.danger import EMERGENCY
from broker.web.journeys.pages.made import one_field, one_file, wording
from broker.web.journeys.pages.sharing import A_FILE, SHARE_AFTER
from broker.web.journeys.pages.word_lists import TO_A_BODY
from broker.web.journeys.questions.order import page_of_a_question, way_of_a_question
from broker.web.journeys.shapes import Inset, Listed, Option, Page, Question, Section

MOST_FILES = 20
"""The most files that go along."""

Words = dict[str, str]
"""What the placeholders of pages stand for, by name."""

_SPECIAL = re.compile(r"(field|file|wording)/([a-z0-9_.]+)")
_FILE_NUMBERS = frozenset(map(str, range(1, MOST_FILES + 1)))


class Counted(Answered):
    """The answers that count: those of pages that apply, and every changed wording."""

    def __init__(self, answers: Answers, circumstances: Circumstances) -> None:
        """Leave out the answers of pages that apply no more."""
        super().__init__(answers, circumstances)
        applying = {page.id for page in way(Answered(answers, circumstances))}
        self.answers = {
            page: said
            for page, said in answers.items()
            if page in applying or page.startswith("wording/")
        }


def pages_of(answered: Answered) -> tuple[Page, ...]:
    """Return the pages that apply, in their order, as they read for these answers."""
    return tuple(resolved(page, answered) for page in way(answered))


def way(answered: Answered) -> tuple[Page, ...]:
    """Return the pages that apply, in their order, as they are written."""
    if answered.circumstances.kind is Kind.EMERGENCY:
        added = (_named(name, answered) for name in answered.answers)
        more = tuple(page for page in added if page is not None and page not in EMERGENCY)
        return (*EMERGENCY[:-1], *more, EMERGENCY[-1])
    if answered.circumstances.kind in {Kind.REQUEST, Kind.ANSWER}:
        return tuple(
            page
            for page in way_of_a_question(answered)
            if not page.questions or _asks(page, answered)
        )
    if answered.circumstances.kind is Kind.COLLEAGUE:
        return tuple(page for page in COLLEAGUE if page.on_the_way and page.when(answered))
    applying = [
        *(page for page in ORDER if page.on_the_way and page.when(answered)),
        *(page_for_field(field, answered) for field in chosen_fields(answered)),
        *(one_file(number) for number in range(1, files_wanted(answered) + 1)),
        *(page for page in SHARE_AFTER if page.on_the_way and page.when(answered)),
    ]
    asking = (page for page in applying if not page.questions or _asks(page, answered))
    if answered.circumstances.completes_here:
        return tuple(asking)
    # The lead of this body chooses who gets it, so that whoever writes ends before that.
    return tuple(page for page in asking if page.section is not Section.SHARE)


def page_of(name: str, answered: Answered) -> Page | None:
    """Return one page as it reads for these answers, None where there is none of that name."""
    page = _named(name, answered)
    return None if page is None else resolved(page, answered)


def _named(name: str, answered: Answered) -> Page | None:
    return page_of_a_question(name, answered) or BY_ID.get(name) or _special(name, answered)


def _asks(page: Page, answered: Answered) -> bool:
    """Say whether a page has anything to ask for these answers."""
    return any(_shows(question, answered) for question in page.questions)


def _shows(question: Question, answered: Answered) -> bool:
    return question.when(answered) and _is_for_this_purpose(question, answered)


def chosen_fields(answered: Answered) -> tuple[str, ...]:
    """Return the fields that somebody added on `more`."""
    chosen = answered.codes("more", "fields")
    return tuple(field for field in chosen if field in FIELD_BY_ID)


def files_wanted(answered: Answered) -> int:
    """Return how many pages for files there are: one more where the last asks for another."""
    if A_FILE not in answered.codes("more", "fields"):
        return 0
    number = 1
    while number < MOST_FILES and "another" in answered.codes(f"file/{number}", "another"):
        number += 1
    return number


def page_for_field(field: str, answered: Answered) -> Page:
    """Return the page of a field that was added."""
    known = answered.circumstances
    return one_field(
        field,
        needs_reason=not goes(field, answered),
        ever_goes=needs_a_reason(field, answered) or goes(field, answered),
        for_the_guardian=field in known.special_fields,
    )


def resolved(page: Page, answered: Answered) -> Page:
    """Return a page as it reads for these answers: what shows, and its words filled in."""
    words = words_of(answered)
    title = next((each.text for each in page.titles if each.when(answered)), page.title)
    questions = tuple(
        _question(question, title, answered, words)
        for question in page.questions
        if _shows(question, answered)
    )
    return replace(
        page,
        title=title.format_map(words),
        titles=(),
        lead_in=page.lead_in.format_map(words),
        paragraphs=tuple(text.format_map(words) for text in page.paragraphs),
        questions=questions,
        insets=tuple(
            Inset(text=inset.text.format_map(words))
            for inset in page.insets
            if inset.when(answered)
        ),
        links=tuple(link for link in page.links if link.when(answered)),
    )


def words_of(answered: Answered) -> Words:
    """Return what the placeholders of the pages stand for."""
    known = answered.circumstances
    expected, door = answered.expected_recipient, answered.front_door
    return {
        "lead": known.lead,
        "Lead": known.lead[:1].upper() + known.lead[1:],
        "my_lead": re.sub(r"^your\b", "my", known.lead),
        "lead_telephone": known.lead_telephone,
        "guardian": known.guardian,
        "police_advice": known.police_advice,
        "expected_kind": TO_A_BODY[expected.kind] if expected else "the team",
        "front_door": f"{door.title}, {door.body}" if door else "social care",
    }


def leads_to(page: Page, answered: Answered) -> str:
    """Return where the choices on a page lead instead of the next one, empty where nowhere."""
    return next((option.leads_to for option in _chosen(page, answered) if option.leads_to), "")


def said_first(page: Page, answered: Answered) -> tuple[Inset, ...]:
    """Return what the page after this one says first, because of what was chosen here."""
    return tuple(Inset(text=option.then) for option in _chosen(page, answered) if option.then)


def _chosen(page: Page, answered: Answered) -> tuple[Option, ...]:
    return tuple(
        option
        for question in page.questions
        for option in question.options
        if option.code == answered.text(page.id, question.id)
        or option.code in answered.codes(page.id, question.id)
    )


def _special(name: str, answered: Answered) -> Page | None:
    written = _SPECIAL.fullmatch(name)
    if written is None:
        return None
    kind, which = written.groups()
    if kind == "file":
        return one_file(int(which)) if which in _FILE_NUMBERS else None
    if which not in FIELD_BY_ID:
        return None
    if kind == "field":
        return page_for_field(which, answered)
    return wording(which, composed(answered).get(which, ""))


def _is_for_this_purpose(question: Question, answered: Answered) -> bool:
    """Say whether an input shows: what only fills fields shows where one of them goes."""
    is_for_the_lead = answered.circumstances.kind is Kind.COLLEAGUE
    if question.facts or not question.fields or is_for_the_lead:
        return True  # whom a worry about a colleague is shared with, the lead says afterwards
    return any(goes(field, answered) for field in question.fields)


def _question(question: Question, title: str, answered: Answered, words: Words) -> Question:
    return replace(
        question,
        label="" if question.label == title else question.label.format_map(words),
        hint=question.hint.format_map(words),
        options=tuple(
            _option(option, question, words)
            for option in listed_options(question, answered)
            if option.when(answered)
        ),
    )


def _option(option: Option, question: Question, words: Words) -> Option:
    if question.listed is not Listed.NOTHING:
        return option  # names from the directory are nobody's placeholders
    return replace(
        option, label=option.label.format_map(words), then=option.then.format_map(words)
    )
