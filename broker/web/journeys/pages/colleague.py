"""A colleague: who they are, and who looks at it; who else hears is for the lead to say."""

from dataclasses import replace
from typing import Final

from broker.web.journeys.pages.before import DANGER
from broker.web.journeys.pages.checking import DONE
from broker.web.journeys.pages.choices import options
from broker.web.journeys.pages.notice import NOTICE
from broker.web.journeys.shapes import (
    LINE_LIMIT,
    Inset,
    Kind,
    Page,
    Question,
    Section,
    always,
)

COLLEAGUE_CHECK: Final = "c-check"
"""The page on which somebody chooses who looks at it; it has a view of its own."""

WORK = Page(
    id="c-work",
    title="Who is the colleague, and whom do they work with?",
    section=Section.PERSON,
    questions=(
        Question(
            id="name",
            kind=Kind.LINE,
            label="Their name",
            fields=("individual.name",),
            limit=LINE_LIMIT,
            must=always,
            missing="Enter their name",
        ),
        Question(
            id="role",
            kind=Kind.LINE,
            label="Role and team",
            fields=("education.place",),
            limit=LINE_LIMIT,
        ),
        Question(
            id="with",
            kind=Kind.RADIOS,
            label="Do they work with children, or adults who need care?",
            options=options(
                ("children", "Children"),
                ("adults", "Adults"),
                ("neither", "Neither"),
                ("unknown", "I do not know"),
            ),
            must=always,
            missing="Select whom they work with",
        ),
    ),
)

LOOKS = Page(
    id=COLLEAGUE_CHECK,
    title="Who looks at this with you?",
    section=Section.CHECK,
    insets=(
        Inset(
            text="Manager and lead tell HR. You never do. Do not raise it with your colleague.",
        ),
    ),
)

COLLEAGUE: Final = (
    *DANGER,
    *NOTICE,
    WORK,
    replace(DONE, lead_in="Talk to nobody who may tell your colleague.", when=always),
    LOOKS,
)
"""Every page about a colleague; each still applies by its own condition."""
