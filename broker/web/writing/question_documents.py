"""Answers become a request or the answer to one: the one door through which intake reads both."""

from typing import Final

from broker.web.journeys.answers import Answered, Answers, Circumstances, Kind
from broker.web.journeys.check_page import page_of_place
from broker.web.journeys.composed import form_of
from broker.web.journeys.facts import facts_of
from broker.web.journeys.questions.answering import asked_fields
from broker.web.journeys.questions.asking import bodies_asked, fields_asked_of
from broker.web.journeys.walk import Counted

BEGUN: Final = "begun"
"""Under what name a draft keeps, as a page that nobody is asked, how it was begun."""

_OF_THE_GATEWAY: Final = ("earlier", "purpose", "recipient")
_OF_THE_QUESTION: Final = (
    *_OF_THE_GATEWAY,
    "purpose_statement",
    "scope",
    "requester",
    "victim_request",
    "reasons_for_extra_fields",
)
_WHOM: Final = ("individual.name", "individual.date_of_birth")


def purpose_asked_for(answers: Answers, known: Circumstances) -> str:
    """Return what the answers to a request are for, empty before it is said."""
    return Answered(answers, known).text("ask", "for")


def case_asked_on(answers: Answers, known: Circumstances) -> str:
    """Return the case on which the draft of a request was begun, empty for one of its own."""
    return Answered(answers, known).text(BEGUN, "case")


def request_document(answers: Answers, known: Circumstances, answer_to: str) -> dict[str, object]:
    """Return the request that the answers make, to be answered at a mailbox of one's own body."""
    answered, case = Counted(answers, known), case_asked_on(answers, known)
    function, _, person = answered.text("day", "by").partition("/")
    return {
        "request": "request/1",
        "purpose": answered.text("ask", "for"),
        "answer_to": answer_to,
        **({"case": case} if case else {}),
        "deadline": {
            "on": answered.text("day", "on"),
            "set_by": person,
            "function": function,
            "why": answered.text("day", "why"),
        },
        "form": form_of(answered),
        "questions": _questions(answered, _OF_THE_GATEWAY),
        "bodies": [_body(mailbox, answered) for mailbox in bodies_asked(answered)],
    }


def answer_document(answers: Answers, known: Circumstances, *, rung: bool) -> dict[str, object]:
    """Return the answer that the answers make."""
    answered, asked = Counted(answers, known), Answered(answers, known)
    form = form_of(answered)
    said = [
        _field(field, answered)
        for field in asked_fields(asked)
        if answered.is_answered(f"answer/{field}")
    ]
    shares = any(one["share"] != "no" for one in said)
    return {
        "answer": "request-answer/1",
        "held": answered.text("hold", "held"),
        "why": answered.text("hold", "why"),
        "person": {name: form[name] for name in _WHOM if name in form},
        "rung": rung,
        "fields": said,
        "questions": {
            **_questions(answered, _OF_THE_QUESTION),
            "recipient": {"needs_it_for_role": "yes"},
        }
        if shares
        else {},
    }


def page_of_fault(place: str, answered: Answered) -> str:
    """Return the page on which a fault at a place of either document is put right."""
    for beginning, page in (
        ("deadline", "day"),
        ("bodies", "bodies"),
        ("answer_to", "bodies"),
        ("person", "who"),
        ("fields", "hold"),
        ("why", "hold"),
    ):
        if place.startswith(beginning):
            return page
    found = page_of_place(place, answered)
    first = "whom" if answered.circumstances.kind is Kind.REQUEST else "hold"
    return first if found == "check" else found


def _questions(answered: Answered, left_out: tuple[str, ...]) -> dict[str, object]:
    replaced = answered.text("roles", "done") == "yes"
    return {
        **{name: fact for name, fact in facts_of(answered).items() if name not in left_out},
        "confirmed": ["redact-third-parties"] if replaced else [],
    }


def _body(mailbox: str, answered: Answered) -> dict[str, object]:
    return {
        "mailbox": mailbox,
        "why": answered.text(f"body/{mailbox}", "why"),
        "asks": [
            {
                "field": field,
                "sentence": answered.text(f"asks/{mailbox}/{field}", "sentence"),
                "from": answered.text(f"asks/{mailbox}/{field}", "since"),
                "until": answered.text(f"asks/{mailbox}/{field}", "until"),
            }
            for field in fields_asked_of(mailbox, answered)
        ],
    }


def _field(field: str, answered: Answered) -> dict[str, object]:
    page = f"answer/{field}"
    share = answered.text(page, "share")
    statement = {
        "known": answered.text(page, "known"),
        "source": answered.text(page, "source"),
        "on": answered.text(page, "on"),
        "words": answered.text(page, "words"),
    }
    return {
        "field": field,
        "share": share,
        "why": answered.text(page, "why"),
        "statements": [] if share == "no" else [statement],
    }
