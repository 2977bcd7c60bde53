"""The pages on which a partner answers: whether anything is held, and field by field what goes."""

from broker.domain.form import FIELD_BY_ID
from broker.web.journeys import conditions as when
from broker.web.journeys.answers import Answered
from broker.web.journeys.pages.choices import options
from broker.web.journeys.shapes import (
    LINE_LIMIT,
    REASON_LIMIT,
    Days,
    Kind,
    Option,
    Page,
    Question,
    Section,
    always,
    as_typed,
)

WORDS_LIMIT = 15_000

HOLD = Page(
    id="hold",
    title="Do you hold this?",
    section=Section.SHARE,
    questions=(
        Question(
            id="held",
            kind=Kind.RADIOS,
            label="What you hold",
            options=(
                Option(code="yes", label="Yes"),
                Option(code="no", label="No", hint="No, on time, is a full answer."),
                Option(code="cannot-say", label="We cannot say"),
            ),
            must=always,
            missing="Select whether you hold this",
        ),
        Question(
            id="why",
            kind=Kind.TEXT,
            label="If you cannot say, why?",
            must=when.says("hold", "held", "cannot-say"),
            missing="Enter why you cannot say",
            limit=REASON_LIMIT,
        ),
    ),
)


def asked_fields(answered: Answered) -> tuple[str, ...]:
    """Return the fields that the request asks for, in its order."""
    return answered.codes("asked", "fields")


def shares_something(answered: Answered) -> bool:
    """Say whether something of any field goes."""
    return any(
        answered.text(f"answer/{field}", "share") in {"all", "part"}
        for field in asked_fields(answered)
    )


def answer_page(field: str, answered: Answered) -> Page | None:
    """Return the page that answers for one field, None where it is not asked for."""
    if field not in asked_fields(answered):
        return None
    here = f"answer/{field}"
    asked = answered.text(f"asked/{field}", "sentence")
    return Page(
        id=here,
        title=FIELD_BY_ID[field].label,
        section=Section.SHARE,
        lead_in=as_typed(f"They ask: {asked}"),
        questions=(*_WHAT_GOES, *_what_they_read(here)),
    )


_WHAT_GOES = (
    Question(
        id="share",
        kind=Kind.RADIOS,
        label="What do you do with this?",
        options=options(("all", "Share it"), ("part", "Share part"), ("no", "Do not share")),
        must=always,
        missing="Select what to do with this",
    ),
    Question(
        id="why",
        kind=Kind.TEXT,
        label="Why?",
        hint="They read this where it stays with you.",
        must=always,
        missing="Enter why",
        limit=REASON_LIMIT,
    ),
)


def _what_they_read(page: str) -> tuple[Question, ...]:
    """Return what is asked where something goes: the words, and how they are known."""
    goes = when.says(page, "share", "all", "part")
    return (
        Question(
            id="words",
            kind=Kind.TEXT,
            label="If you share: what they read",
            must=goes,
            missing="Enter what you share",
            limit=WORDS_LIMIT,
        ),
        Question(
            id="known",
            kind=Kind.RADIOS,
            label="How is it known?",
            options=options(
                ("seen", "Somebody saw or heard it"),
                ("told", "Somebody was told it"),
                ("opinion", "It is somebody's opinion"),
            ),
            must=goes,
            missing="Select how it is known",
        ),
        Question(
            id="source",
            kind=Kind.LINE,
            label="Who saw, told or thinks it?",
            hint="Put a role, such as form tutor, not a name.",
            must=goes,
            missing="Enter who saw, told or thinks it",
            limit=min(LINE_LIMIT, 200),
        ),
        Question(
            id="on",
            kind=Kind.DATE,
            label="On which day?",
            must=goes,
            missing="Enter on which day",
            days=Days.TO_TODAY,
        ),
    )
