"""Other purposes than a referral: why it is shared, and the panel's own pages."""

from broker.web.journeys import conditions as when
from broker.web.journeys.answers import Answered
from broker.web.journeys.pages.choices import options, yes_no
from broker.web.journeys.shapes import (
    Days,
    Kind,
    Option,
    Page,
    Question,
    Section,
    always,
)

_CASEWORK = ("coordinator", "chair", "lead", "police", "police-lead")

_ONE_AT_A_TIME = "We cannot ask that. This service is about one person at a time."


def own_answer_is_asked(answered: Answered) -> bool:
    """Say whether the young person's own answer to support counts."""
    return when.child(answered) and not when.lacks_capacity(answered)


PURPOSE = Page(
    id="purpose",
    title="Why do you need to share this?",
    questions=(
        Question(
            id="purpose",
            kind=Kind.RADIOS,
            options=(
                Option(
                    code="other-safeguarding", label="To get help from social care or Early Help"
                ),
                Option(code="partner-response", label="To answer a request"),
                Option(
                    code="partner-request",
                    label="To ask another body",
                    when=when.is_role("police", "police-lead", "chair", "coordinator", "member"),
                ),
                Option(
                    code="police-screening",
                    label="To help the police screen a referral",
                    when=when.is_role(*_CASEWORK),
                ),
                Option(
                    code="panel-assessment",
                    label="For a panel to assess someone",
                    when=when.is_role(*_CASEWORK),
                ),
                Option(
                    code="support-delivery",
                    label="For a provider to give support",
                    when=when.is_role(*_CASEWORK),
                ),
                Option(code="case-review", label="For a review", when=when.is_role(*_CASEWORK)),
                Option(
                    code="transfer",
                    label="To move a case to another area",
                    when=when.is_role(*_CASEWORK),
                ),
                Option(
                    code="staff-process",
                    label="For our own staff process",
                    when=when.is_role("lead", "manager", "hr"),
                ),
                Option(
                    code="crime",
                    label="To help the police with a crime",
                    when=when.is_role("lead", "ig", "police", "police-lead"),
                ),
                Option(
                    code="court-or-legal",
                    label="A court or the law orders it",
                    when=when.is_role("lead", "ig", "police", "police-lead"),
                ),
                Option(
                    code="subject-access",
                    label="The person asks for what we hold",
                    when=when.is_role("ig"),
                ),
                Option(code="else", label="Something else", leads_to="purpose-else"),
            ),
            facts=("purpose",),
            must=always,
            missing="Select why you need to share this",
        ),
    ),
    when=when.starts_with_a_purpose,
)

PURPOSE_ELSE = Page(
    id="purpose-else",
    title="What is it for?",
    paragraphs=("We never share for this.",),
    questions=(
        Question(
            id="purpose",
            kind=Kind.RADIOS,
            label="Choose one",
            options=options(
                ("immigration-enforcement", "Immigration enforcement"),
                ("research-or-media", "Research or the media"),
                ("not-listed", "None of these"),
            ),
            facts=("purpose",),
            must=always,
            missing="Select why you need to share this",
        ),
    ),
    when=when.both(when.starts_with_a_purpose, when.says("purpose", "purpose", "else")),
)

WHOM = Page(
    id="whom",
    title="How many people do you ask about?",
    questions=(
        Question(
            id="selector",
            kind=Kind.RADIOS,
            label="Whom do you ask about?",
            options=(
                Option(code="named-person", label="One, by name"),
                Option(code="list-of-people", label="A list", then=_ONE_AT_A_TIME),
                Option(
                    code="shared-characteristic",
                    label="Everyone who shares something",
                    then=_ONE_AT_A_TIME,
                ),
                Option(
                    code="everyone-at-a-place",
                    label="Everyone at a place",
                    then=_ONE_AT_A_TIME,
                ),
            ),
            facts=("scope.selector",),
            must=always,
            missing="Select how many people you ask about",
        ),
        Question(
            id="people",
            kind=Kind.NUMBER,
            label="How many, if more than one",
            facts=("scope.people",),
            limit=100_000,
        ),
    ),
    when=when.for_purpose("partner-request"),
)

SUPPORT = Page(
    id="support",
    title="Who agreed to support?",
    section=Section.SHARE,
    questions=(
        Question(
            id="status",
            kind=Kind.RADIOS,
            label="Did they agree to take part in support?",
            options=options(
                ("given", "Yes, they agreed"),
                ("refused", "They said no"),
                ("withdrawn", "They agreed and later took it back"),
                ("not-sought", "Nobody asked"),
                ("unable", "They cannot answer"),
                ("unknown", "I do not know"),
            ),
            facts=("agreement_to_support.status",),
            must=always,
            missing="Select who agreed",
        ),
        Question(
            id="by",
            kind=Kind.RADIOS,
            label="Who answered?",
            options=(
                Option(code="person", label="The person"),
                Option(code="parent", label="A parent or guardian", when=when.child),
                Option(code="nobody", label="Nobody"),
            ),
            facts=("agreement_to_support.given_by",),
            must=always,
            missing="Select who agreed",
        ),
        Question(
            id="on",
            kind=Kind.DATE,
            label="The day they answered",
            facts=("agreement_to_support.given_on",),
            days=Days.TO_TODAY,
        ),
        Question(
            id="until",
            kind=Kind.DATE,
            label="Until when",
            facts=("agreement_to_support.expires_on",),
        ),
        Question(
            id="own",
            kind=Kind.RADIOS,
            label="What does the young person say?",
            options=options(
                ("agrees", "Yes"),
                ("refuses", "No"),
                ("not-asked", "Nobody asked"),
                ("unknown", "I do not know"),
            ),
            facts=("subject.own_answer_to_support",),
            must=always,
            missing="Select what the young person says",
            when=own_answer_is_asked,
        ),
    ),
    when=when.for_purpose("support-delivery"),
)

PANEL = Page(
    id="panel",
    title="Is the panel in order?",
    section=Section.SHARE,
    questions=(
        yes_no(
            "chair",
            "Does the council chair it?",
            "Select yes if the council chairs it",
            "panel.local_authority_chairs",
        ),
        yes_no(
            "police",
            "Are police from the person's home area there?",
            "Select yes if those police are there",
            "panel.home_area_police_present",
        ),
    ),
    when=when.for_a_panel,
)

TRANSFER = Page(
    id="transfer",
    title="Do both areas agree?",
    section=Section.SHARE,
    questions=(
        yes_no(
            "agreed",
            "Have both chairs agreed?",
            "Select yes if both chairs have agreed",
            "transfer.chairs_agreed",
        ),
        yes_no(
            "accepts",
            "Is the receiving chair ready?",
            "Select yes if the receiving chair is ready",
            "transfer.receiving_chair_accepts",
        ),
    ),
    when=when.for_purpose("transfer"),
)

WHY_SHARE = (PURPOSE, PURPOSE_ELSE)
PROCESS = (SUPPORT, PANEL, TRANSFER)
