"""What a request or an order rests on, and what is asked about a victim."""

from broker.web.journeys import conditions as when
from broker.web.journeys.answers import Answered
from broker.web.journeys.pages.choices import options, yes_no, yes_no_unknown
from broker.web.journeys.shapes import (
    REASON_LIMIT,
    Kind,
    Listed,
    Option,
    Page,
    Question,
    Section,
    always,
)


def order_is_named(answered: Answered) -> bool:
    """Say whether something compels, or says that it does."""
    return answered.text("order", "kind") not in {"", "none"}


def asks_about_a_victim(answered: Answered) -> bool:
    """Say whether the request is about somebody who is, or may be, a victim."""
    on_it = answered.text("request-papers", "victim") == "yes"
    return on_it and when.rests_on_a_request(answered)


ORDER = Page(
    id="order",
    title="Does an order or a law compel you?",
    section=Section.SHARE,
    questions=(
        Question(
            id="kind",
            kind=Kind.RADIOS,
            label="What compels you?",
            options=(
                Option(code="none", label="No"),
                Option(code="court-order", label="A court order"),
                Option(code="warrant", label="A warrant"),
                Option(code="statutory-duty", label="A duty in law"),
                Option(
                    code="letter-or-form",
                    label="A letter or form that says so",
                    then="A letter is not an order.",
                ),
            ),
            facts=("legal.compulsion",),
            must=always,
            missing="Select what compels you",
        ),
        Question(
            id="seen",
            kind=Kind.RADIOS,
            label="Was it seen, and checked with who issued it?",
            options=options(("yes", "Yes"), ("no", "No")),
            facts=("legal.order_verified",),
            must=order_is_named,
            missing="Select yes if it was seen and checked",
        ),
        Question(
            id="fields",
            kind=Kind.CHECKBOXES,
            label="What does it name?",
            listed=Listed.EVERY_FIELD,
            facts=("legal.order_fields",),
        ),
    ),
    when=when.may_be_compelled,
)

REQUEST_PAPERS = Page(
    id="request-papers",
    title="What does the request rest on?",
    section=Section.SHARE,
    questions=(
        yes_no(
            "signed", "Is it signed?", "Select yes if it is signed", "requester.signed_request"
        ),
        yes_no(
            "victim",
            "Is it about someone who is, or may be, a victim?",
            "Select yes if it is about a victim",
            "victim_request.applies",
        ),
    ),
    when=when.rests_on_a_request,
)

VICTIM = Page(
    id="victim",
    title="A request about a victim",
    section=Section.SHARE,
    questions=(
        yes_no_unknown(
            "line_of_enquiry",
            "Is it relevant to a reasonable line of enquiry?",
            "Select yes if it is relevant to a line of enquiry",
            "victim_request.line_of_enquiry",
        ),
        yes_no(
            "counselling_records",
            "Does it ask for counselling records?",
            "Select yes if it asks for counselling records",
            "victim_request.counselling_records",
        ),
        yes_no(
            "victim_told",
            "Was the victim told in writing?",
            "Select yes if the victim was told in writing",
            "victim_request.victim_told",
        ),
    ),
    when=asks_about_a_victim,
)

COUNSELLING = Page(
    id="victim-counselling",
    title="The counselling records",
    section=Section.SHARE,
    questions=(
        yes_no(
            "substantial_probative_value",
            "Are they likely to be strong evidence?",
            "Select yes if they are likely to be strong evidence",
            "victim_request.substantial_probative_value",
        ),
        yes_no(
            "senior_approval",
            "Did a senior officer approve it?",
            "Select yes if a senior officer approved it",
            "victim_request.senior_approval",
        ),
    ),
    when=when.both(asks_about_a_victim, when.says("victim", "counselling_records", "yes")),
)

VICTIM_NOT_TOLD = Page(
    id="victim-not-told",
    title="Why was the victim not told yet?",
    section=Section.SHARE,
    questions=(
        Question(
            id="reason_not_told",
            kind=Kind.TEXT,
            label="Why not yet?",
            facts=("victim_request.reason_not_told",),
            must=always,
            missing="Enter why not yet",
            limit=REASON_LIMIT,
        ),
    ),
    when=when.both(asks_about_a_victim, when.says("victim", "victim_told", "no")),
)

PAPERS = (ORDER, REQUEST_PAPERS, VICTIM, COUNSELLING, VICTIM_NOT_TOLD)
