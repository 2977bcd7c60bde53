"""Check: what was done already, earlier concerns, and who looked at it."""

from typing import Final

from broker.web.journeys import conditions as when
from broker.web.journeys.answers import Answered
from broker.web.journeys.pages.choices import options
from broker.web.journeys.shapes import (
    REASON_LIMIT,
    TEXT_LIMIT,
    Inset,
    Kind,
    Option,
    Page,
    Question,
    Section,
    always,
)

ASK_LEAD: Final = "ask-lead"
"""The page of a draft on which somebody chooses whom to ask; it has a view of its own."""

LEAD_ANSWER: Final = "lead-answer"
"""The page of a draft on which its writer reads what was answered, and says what comes next."""


def lead_can_be_asked_here(answered: Answered) -> bool:
    """Say whether the lead can answer in this service."""
    return answered.circumstances.lead_answers_here


def may_not_read_earlier(answered: Answered) -> bool:
    """Say whether earlier concerns are for somebody else to read."""
    return not when.may_read_earlier(answered)


DONE = Page(
    id="done",
    title="What has been done already?",
    section=Section.CHECK,
    lead_in="If you can, talk first to others who work with this person.",
    questions=(
        Question(
            id="action",
            kind=Kind.TEXT,
            label="What you or others did, and who else knows",
            fields=("checks.action",),
            limit=TEXT_LIMIT,
        ),
        Question(
            id="parallel",
            kind=Kind.TEXT,
            label="Other referrals made or planned, such as social care or Early Help",
            fields=("checks.parallel",),
            limit=TEXT_LIMIT,
        ),
    ),
    when=when.starts_with_a_worry,
)

EARLIER = Page(
    id="earlier",
    title="There may be earlier concerns about this person",
    section=Section.CHECK,
    questions=(
        Question(
            id="read",
            kind=Kind.RADIOS,
            label="Have you read them?",
            options=options(
                ("yes", "I have read them"),
                ("no", "I have not read them"),
                ("may-not", "I may not see them"),
                ("someone-else", "This is someone else"),
            ),
            facts=("earlier.concerns", "earlier.seen"),
            must=always,
            missing="Select whether you have read them",
        ),
    ),
    insets=(Inset(text="{Lead} reads them.", when=may_not_read_earlier),),
    when=when.has_earlier,
)

LEAD = Page(
    id="lead",
    title="Who has checked this with you?",
    section=Section.CHECK,
    questions=(
        Question(
            id="lead",
            kind=Kind.RADIOS,
            label="Your lead's part in this",
            options=(
                Option(
                    code="ask",
                    label="Ask {lead} here",
                    hint="You can go on meanwhile. Sending waits for their answer.",
                    leads_to=ASK_LEAD,
                    when=lead_can_be_asked_here,
                ),
                Option(code="talked", label="I have talked to {my_lead}"),
                Option(code="lead", label="I am the lead", when=when.is_role("lead")),
                Option(code="cannot-wait", label="It cannot wait for them"),
                Option(
                    code="nobody",
                    label="Nobody yet",
                    then="The rules refuse until {lead} was asked.",
                ),
            ),
            facts=("check.status",),
            must=always,
            missing="Select who has checked this",
        ),
        Question(
            id="said",
            kind=Kind.TEXT,
            label="When, and what did they say? Or: why can it not wait?",
            fields=("checks.discussed",),
            facts=("check.reason",),
            must=when.says("lead", "lead", "cannot-wait"),
            missing="Enter why it cannot wait",
            limit=REASON_LIMIT,
        ),
    ),
    when=when.lead_may_be_chosen,
)

CHECK = (DONE, EARLIER, LEAD)
