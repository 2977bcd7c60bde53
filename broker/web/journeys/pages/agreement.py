"""Ask: told, and agreement to share; two records, never one box."""

from broker.web.journeys import conditions as when
from broker.web.journeys.pages.choices import options
from broker.web.journeys.pages.word_lists import KINDS_OF_BODY, PURPOSES
from broker.web.journeys.shapes import (
    REASON_LIMIT,
    TEXT_LIMIT,
    Days,
    Inset,
    Kind,
    Option,
    Page,
    Question,
    Section,
    always,
)

TOLD_CHOICES = options(
    ("yes", "Yes"),
    ("safe", "No, and it would be safe to tell them"),
    ("risk", "No. Telling them could put someone at risk"),
    ("unsure", "No, and I do not know if it is safe"),
)

DO_THEY_KNOW = Question(
    id="told",
    kind=Kind.RADIOS,
    label="Do they know?",
    options=TOLD_CHOICES,
    facts=("told.status", "told.telling_raises_risk"),
    must=always,
    missing="Select whether they know",
)
"""Whether the person was told, on the way of a referral and in an emergency."""

TOLD = Page(
    id="told",
    title="Does this person know that you are making this referral?",
    section=Section.ASK,
    questions=(
        DO_THEY_KNOW,
        Question(
            id="how",
            kind=Kind.TEXT,
            label="If yes: what did you say, when, and how did they take it?",
            fields=("consent.told",),
            must=when.says("told", "told", "yes"),
            missing="Enter what you told them",
            limit=TEXT_LIMIT,
        ),
    ),
    insets=(
        Inset(
            text="This means the child, and their parents unless one of them is part of it.",
            when=when.child,
        ),
    ),
)

NOT_TOLD = Page(
    id="not-told",
    title="Why have you not told them?",
    section=Section.ASK,
    questions=(
        Question(
            id="why",
            kind=Kind.TEXT,
            label="Your reason",
            fields=("consent.reason",),
            facts=("told.reason",),
            must=always,
            missing="Enter why you have not told them",
            limit=REASON_LIMIT,
        ),
        Question(
            id="by",
            kind=Kind.DATE,
            label="When you will tell them, or look at it again",
            hint="Leave empty if you cannot say. We then set a day.",
            facts=("told.tell_by",),
            days=Days.FROM_TODAY,
        ),
    ),
    insets=(
        Inset(
            text="Most people take it better from you, and first. If it cannot wait, say why.",
            when=when.says("told", "told", "safe"),
        ),
    ),
    when=when.says_else("told", "told", "yes"),
)

AGREE = Page(
    id="agree",
    title="Have you asked whether you may share this?",
    section=Section.ASK,
    lead_in="Only about sharing. Taking part in support is a later and separate choice.",
    questions=(
        Question(
            id="answer",
            kind=Kind.RADIOS,
            label="Did you ask, and what did they answer?",
            options=options(
                ("given", "Yes, and they agreed"),
                ("refused", "Yes, and they said no"),
                ("withdrawn", "They agreed and later took it back"),
                ("not-sought", "No, and asking would be safe"),
                ("not-sought-risk", "No. Asking could put someone at risk"),
                ("not-sought-unsure", "No, and I do not know if asking is safe"),
                ("unable", "They cannot answer"),
                ("unknown", "I do not know if anyone asked"),
            ),
            facts=("agreement_to_share.status", "agreement_to_share.asking_raises_risk"),
            must=always,
            missing="Select whether you asked",
        ),
        Question(
            id="said",
            kind=Kind.TEXT,
            label="When, and what did they say? If you did not ask: why not?",
            fields=("consent.agreements", "consent.reason"),
            facts=("agreement_to_share.reason_not_sought",),
            must=when.says("agree", "answer", *when.NOT_SOUGHT),
            missing="Enter why nobody asked",
            limit=REASON_LIMIT,
        ),
    ),
    insets=(
        Inset(
            text="You need nobody's agreement to protect a child from this. Ask all the same "
            "where it is safe.",
            when=when.both(when.child, when.is_grave),
        ),
    ),
)

AGREE_WHAT = Page(
    id="agree-what",
    title="Who answered, and for how long?",
    section=Section.ASK,
    questions=(
        Question(
            id="by",
            kind=Kind.RADIOS,
            label="Who answered?",
            options=(
                Option(code="person", label="The person"),
                Option(code="parent", label="A parent or guardian", when=when.child),
                Option(
                    code="attorney", label="Someone with power of attorney", when=when.from_sixteen
                ),
                Option(code="nobody", label="It is in the record; I do not know who"),
            ),
            facts=("agreement_to_share.given_by",),
            must=always,
            missing="Select who answered",
        ),
        Question(
            id="on",
            kind=Kind.DATE,
            label="The day they answered",
            facts=("agreement_to_share.given_on",),
            must=when.has_agreed,
            missing="Enter the day they agreed",
            days=Days.TO_TODAY,
            not_before_birth=True,
        ),
        Question(
            id="until",
            kind=Kind.DATE,
            label="Until when, or when to ask again",
            hint="Leave empty if no end was set.",
            facts=("agreement_to_share.expires_on",),
            not_before_birth=True,
        ),
        Question(
            id="scope",
            kind=Kind.RADIOS,
            label="What did they agree to?",
            options=(
                Option(
                    code="usual",
                    label="Police and council may use it for this referral and what follows: "
                    "checks, partners' answers, the panel, reviews",
                ),
                Option(code="only-this", label="Only this: to {expected_kind}, for this"),
                Option(code="other", label="Something else"),
            ),
            facts=("agreement_to_share.recipients", "agreement_to_share.purposes"),
            must=always,
            missing="Select what they agreed to",
            when=when.has_agreed,
        ),
    ),
    when=when.says("agree", "answer", "given", "refused", "withdrawn"),
)

AGREE_SCOPE = Page(
    id="agree-scope",
    title="Who may have it, and what for?",
    section=Section.ASK,
    questions=(
        Question(
            id="recipients",
            kind=Kind.CHECKBOXES,
            label="Who may have it?",
            options=options(*KINDS_OF_BODY),
            facts=("agreement_to_share.recipients",),
            must=always,
            missing="Select who may have it",
        ),
        Question(
            id="purposes",
            kind=Kind.CHECKBOXES,
            label="What for?",
            options=options(*PURPOSES),
            facts=("agreement_to_share.purposes",),
            must=always,
            missing="Select what for",
        ),
    ),
    when=when.both(when.has_agreed, when.says("agree-what", "scope", "other")),
)

ASK = (TOLD, NOT_TOLD, AGREE, AGREE_WHAT, AGREE_SCOPE)
