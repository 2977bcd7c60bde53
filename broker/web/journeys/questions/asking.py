"""The pages on which partners are asked: whom, what of each, why, and by when."""

from broker.domain.form import FIELD_BY_ID, FORM
from broker.domain.times import spelled_day
from broker.web.journeys.answers import Answered
from broker.web.journeys.pages.choices import options
from broker.web.journeys.shapes import (
    REASON_LIMIT,
    Days,
    Kind,
    Listed,
    Option,
    Page,
    Question,
    Section,
    always,
    as_typed,
)

_ANSWERS = "partner-response"
_SAID_ALWAYS = frozenset({"individual.name", "individual.date_of_birth"})
SENTENCE_LIMIT = 1_000

WHAT_FOR = Page(
    id="ask",
    title="What do you need to know, and what for?",
    section=Section.SHARE,
    questions=(
        Question(
            id="for",
            kind=Kind.RADIOS,
            label="What are the answers for?",
            options=options(
                ("police-screening", "To screen a referral"),
                ("panel-assessment", "For a panel to assess"),
            ),
            facts=("purpose",),
            must=always,
            missing="Select what the answers are for",
        ),
        Question(
            id="what",
            kind=Kind.TEXT,
            label="What will you do with them?",
            hint="Whoever you ask reads this.",
            facts=("purpose_statement",),
            must=always,
            missing="Enter what you will do with the answers",
            limit=REASON_LIMIT,
        ),
    ),
)

BODIES = Page(
    id="bodies",
    title="Whom do you ask?",
    section=Section.SHARE,
    questions=(
        Question(
            id="bodies",
            kind=Kind.CHECKBOXES,
            label="Teams in our directory",
            hint="Each gets its own questions only.",
            listed=Listed.OTHER_CONTACTS,
            facts=("recipient",),
            must=always,
            missing="Select whom you ask",
        ),
    ),
)


def bodies_asked(answered: Answered) -> tuple[str, ...]:
    """Return the mailboxes that were chosen, as far as the directory still offers them."""
    known = {contact.mailbox for contact in answered.circumstances.contacts}
    return tuple(one for one in answered.codes("bodies", "bodies") if one in known)


def fields_asked_of(mailbox: str, answered: Answered) -> tuple[str, ...]:
    """Return the fields that one body is asked for."""
    return answered.codes(f"body/{mailbox}", "fields")


def body_page(mailbox: str, answered: Answered) -> Page | None:
    """Return the page about one body, None where the directory does not offer it."""
    known = answered.circumstances
    contact = next((one for one in known.contacts if one.mailbox == mailbox), None)
    if contact is None:
        return None
    fields = known.minimums[_ANSWERS]
    can_hold = (fields.goes | fields.with_a_reason) - _SAID_ALWAYS
    return Page(
        id=f"body/{mailbox}",
        title=as_typed(f"What do you ask {contact.title}, {contact.body}?"),
        section=Section.SHARE,
        questions=(
            Question(
                id="why",
                kind=Kind.TEXT,
                label="Why would they hold it?",
                hint="They read this.",
                facts=("recipient.needs_it_for_role",),
                must=always,
                missing="Enter why they would hold it",
                limit=REASON_LIMIT,
            ),
            Question(
                id="fields",
                kind=Kind.CHECKBOXES,
                label="What you need from them, and no more",
                options=tuple(
                    Option(code=field.id, label=field.label)
                    for field in FORM
                    if field.id in can_hold
                ),
                must=always,
                missing="Select what you need from them",
            ),
        ),
    )


def ask_page(mailbox: str, field: str, answered: Answered) -> Page | None:
    """Return the page with the sentence and the period for one field of one body."""
    contacts = answered.circumstances.contacts
    contact = next((one for one in contacts if one.mailbox == mailbox), None)
    asked = FIELD_BY_ID.get(field)
    if contact is None or asked is None:
        return None
    return Page(
        id=f"asks/{mailbox}/{field}",
        title=asked.label,
        section=Section.SHARE,
        lead_in=as_typed(f"Asked of {contact.title}, {contact.body}."),
        questions=(
            Question(
                id="sentence",
                kind=Kind.TEXT,
                label="What do you need to know? One sentence",
                must=always,
                missing="Enter what you need to know",
                limit=SENTENCE_LIMIT,
            ),
            Question(
                id="since",
                kind=Kind.DATE,
                label="From",
                must=always,
                missing="Enter from when",
                days=Days.TO_TODAY,
                not_before_birth=True,
            ),
            Question(
                id="until",
                kind=Kind.DATE,
                label="Until",
                must=always,
                missing="Enter until when",
                days=Days.TO_TODAY,
            ),
        ),
    )


def day_page(answered: Answered) -> Page:
    """Return the page on which the day is entered that a chair or a coordinator has set."""
    proposed = answered.circumstances.proposed_day
    hint = "" if proposed is None else f"Five working days from today: {spelled_day(proposed)}."
    return Page(
        id="day",
        title="By when must they answer?",
        section=Section.SHARE,
        questions=(
            Question(
                id="on",
                kind=Kind.DATE,
                label="Answer by",
                hint=hint,
                must=always,
                missing="Enter by when they must answer",
                days=Days.FROM_TODAY,
            ),
            Question(
                id="by",
                kind=Kind.RADIOS,
                label="Who set the day?",
                options=tuple(
                    Option(code=f"{one.function}/{one.person}", label=as_typed(one.label))
                    for one in answered.circumstances.day_setters
                ),
                must=always,
                missing="Select who set the day",
            ),
            Question(
                id="why",
                kind=Kind.TEXT,
                label="If it is under two working days away, why?",
                limit=REASON_LIMIT,
            ),
        ),
    )
