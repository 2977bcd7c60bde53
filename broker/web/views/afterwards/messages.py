"""What Guardian and sender write to each other; that somebody reads it is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request

from broker.disclosures.afterwards.replies import Unsettled
from broker.disclosures.questions import Correspondence, correspondence_of
from broker.domain.references import Reference, parse_reference
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.forms.questions import fields_of, problems_of
from broker.web.journeys.answers import Circumstances
from broker.web.journeys.reading import Reading, read_page
from broker.web.journeys.shapes import Page
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import visitor
from broker.web.writing.circumstances import circumstances_of_a_reply
from broker.web.writing.settling import page_of_the_unsettled, settlement_of

messages = Blueprint("messages", __name__)

_LONGEST = 4_000
_VERDICTS = {
    "approve": "They let it go.",
    "approve-reduced": "They let it go without some of it.",
    "refuse": "They did not let it go.",
}


@messages.get("/referrals/<reference>/messages")
@access.requires(*WRITERS)
def messages_page(reference: str) -> Response:
    """Show what was asked, replied and decided, with the Guardian's reasons."""
    about = parse_reference(reference)
    found = _read(about)
    return show(
        "afterwards/messages.html",
        title="Messages with your Guardian",
        reference=about,
        questions=found.questions,
        reviews=[
            {**review.with_its_reason(), "day": review.on, "says": _VERDICTS[review.verdict]}
            for review in found.reviews
        ],
        back=f"/referrals/{about}",
    )


@messages.get("/referrals/<reference>/reply")
@access.requires(*WRITERS)
def reply_page(reference: str) -> Response:
    """Show what the Guardian asks, and ask for the reply and for what nobody knew."""
    return _reply_page(_Asked.of(parse_reference(reference)), [])


@messages.post("/referrals/<reference>/reply")
@access.requires(*WRITERS)
def reply(reference: str) -> Response:
    """Send the reply: what it settles is judged anew, or it waits for the Guardian again."""
    asked, words = _Asked.of(parse_reference(reference)), request.form.get("reply", "").strip()
    problems: list[Problem] = []
    if not words:
        problems.append(Problem(field="reply", message="Enter your reply"))
    if len(words) > _LONGEST:
        message = f"Your reply must be {_LONGEST:,} characters or less"
        problems.append(Problem(field="reply", message=message))
    reading = read_page(asked.page, _posted(), {}, asked.known)
    if problems or reading.problems:
        return _reply_page(asked, problems, reading)
    settles = settlement_of(reading.answers, asked.open.places, asked.open.questions, asked.known)
    flow = current_site().services.disclosures
    flow.reply(asked.about, visitor().person, words, settles=settles)
    return see_other(f"/referrals/{asked.about}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is asked about a referral: what nobody knew, and the page that asks it."""

    about: Reference
    open: Unsettled
    known: Circumstances
    page: Page

    @classmethod
    def of(cls, about: Reference) -> "_Asked":
        services, person = current_site().services, visitor().person
        unsettled = services.disclosures.unsettled(about, person)
        known = circumstances_of_a_reply(services, person, unsettled.recipient)
        page = page_of_the_unsettled(unsettled.places, unsettled.questions, known)
        return cls(about=about, open=unsettled, known=known, page=page)


def _reply_page(
    asked: _Asked, problems: list[Problem], reading: Reading | None = None
) -> Response:
    found = _read(asked.about)
    waiting = [one for one in found.questions if one.reply is None]
    wrong = () if reading is None else reading.problems
    typed: Mapping[str, tuple[str, ...]] = {} if reading is None else reading.typed
    return show(
        "afterwards/reply.html",
        title=asked.page.title,
        reference=asked.about,
        questions=waiting,
        reply=request.form.get("reply", ""),
        fields=fields_of(asked.page, typed, wrong),
        problems=[*problems, *problems_of(asked.page, wrong)],
        back=f"/referrals/{asked.about}",
    )


def _posted() -> dict[str, list[str]]:
    return {name: values for name, values in request.form.lists() if "--" in name}


def _read(about: Reference) -> Correspondence:
    return correspondence_of(
        current_site().services.transaction, about, visitor().person, Entrance.PAGE
    )
