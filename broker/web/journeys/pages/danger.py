"""Danger: five pages after the call to 999, and nothing that could wait."""

from broker.web.journeys.answers import Answered
from broker.web.journeys.pages.agreement import DO_THEY_KNOW
from broker.web.journeys.pages.notice import HOW_KNOWN
from broker.web.journeys.pages.person import AGE_QUESTIONS, youngest_and_oldest
from broker.web.journeys.shapes import (
    LINE_LIMIT,
    TEXT_LIMIT,
    Kind,
    Link,
    Option,
    Page,
    Problem,
    Question,
    always,
)

FIND_THEM = "Find this person before someone is hurt."


def somebody_to_find(answered: Answered) -> tuple[Problem, ...]:
    """Say so where there is neither a name nor a place."""
    if answered.text("now-who", "name") or answered.text("now-who", "address"):
        return ()
    return (Problem(question="name", message="Enter a name or a place"),)


def one_age_or_none(answered: Answered) -> tuple[Problem, ...]:
    """Say so where there are a birthday and ages, or ages that do not go together."""
    has_ages = any(answered.number("now-who", name) is not None for name in ("from", "to"))
    if answered.text("now-who", "dob") and has_ages:
        return (Problem(question="dob", message="Enter a date of birth or an age, not both"),)
    return youngest_and_oldest("now-who", answered)


NOW_CALL = Page(
    id="now-call",
    title="Your call to 999",
    questions=(
        Question(
            id="rung",
            kind=Kind.RADIOS,
            label="Was 999 rung?",
            options=(
                Option(code="rung", label="I have rung"),
                Option(code="colleague", label="A colleague is ringing"),
                Option(
                    code="could-not",
                    label="I could not ring",
                    then="Nobody watches this page. Keep trying to ring 999.",
                ),
            ),
            fields=("checks.emergency",),
            facts=("danger",),
            must=always,
            missing="Select whether 999 was rung",
        ),
        Question(
            id="at",
            kind=Kind.TIME,
            label="Time of the call",
            hint="For example, 09:45",
            fields=("checks.emergency",),
        ),
        Question(
            id="number",
            kind=Kind.LINE,
            label="Incident number (if any)",
            fields=("checks.emergency",),
            limit=LINE_LIMIT,
        ),
        Question(
            id="said",
            kind=Kind.LINE,
            label="What you said",
            fields=("checks.emergency",),
            limit=LINE_LIMIT,
        ),
    ),
    links=(Link(text="I have rung, and want to send a full referral", to="/referrals"),),
)

NOW_WHO = Page(
    id="now-who",
    title="Who must the police find?",
    questions=(
        Question(
            id="name",
            kind=Kind.LINE,
            label="Names, and any other names used",
            fields=("individual.name",),
            limit=LINE_LIMIT,
        ),
        *AGE_QUESTIONS,
        Question(
            id="address",
            kind=Kind.TEXT,
            label="Where they are, or where they stay",
            fields=("individual.address",),
            limit=TEXT_LIMIT,
        ),
        Question(
            id="contact",
            kind=Kind.LINE,
            label="Telephone",
            fields=("individual.contact",),
            limit=LINE_LIMIT,
        ),
    ),
    checks=(somebody_to_find, one_age_or_none),
)

NOW_WHAT = Page(
    id="now-what",
    title="What has happened, or is about to?",
    questions=(
        Question(
            id="event",
            kind=Kind.TEXT,
            label="What, when and where",
            fields=("concerns.event",),
            must=always,
            missing="Enter what has happened",
            limit=TEXT_LIMIT,
        ),
        Question(
            id="words",
            kind=Kind.TEXT,
            label="Their words",
            fields=("concerns.threats",),
            facts=("concern.basis", "concern.serious_crime"),
            limit=TEXT_LIMIT,
        ),
        Question(
            id="weapons",
            kind=Kind.LINE,
            label="Weapons, chemicals or skills",
            fields=("concerns.weapons_or_skills",),
            facts=("concern.serious_crime",),
            limit=LINE_LIMIT,
        ),
        Question(
            id="going",
            kind=Kind.LINE,
            label="Where they are going",
            fields=("concerns.travel",),
            limit=LINE_LIMIT,
        ),
        Question(
            id="source",
            kind=Kind.RADIOS,
            label="How do you know?",
            options=HOW_KNOWN,
            facts=("concern.source",),
            must=always,
            missing="Select how you know",
        ),
        Question(
            id="ask",
            kind=Kind.LINE,
            label="What must the police do?",
            facts=("purpose_statement",),
            must=always,
            missing="Enter what the police must do",
            limit=LINE_LIMIT,
            prefilled=FIND_THEM,
        ),
    ),
)

NOW_TOLD = Page(
    id="now-told",
    title="Does this person know that you told the police?",
    questions=(
        DO_THEY_KNOW,
        Question(
            id="why",
            kind=Kind.LINE,
            label="Why not (a few words)",
            facts=("told.reason",),
            limit=LINE_LIMIT,
        ),
    ),
)

NOW_CHECK = Page(
    id="now-check",
    title="Send this to the police",
    go_on="Send to the police now",
)

EMERGENCY = (NOW_CALL, NOW_WHO, NOW_WHAT, NOW_TOLD, NOW_CHECK)
