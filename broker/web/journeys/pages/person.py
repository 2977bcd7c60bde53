"""The person: who, how old, where, the family, and who can decide."""

from broker.domain.guardians.asked import ASKED
from broker.domain.people.ages import Sure
from broker.web.journeys import conditions as when
from broker.web.journeys.answers import Answered
from broker.web.journeys.pages.choices import options, yes_no_unknown
from broker.web.journeys.shapes import (
    LINE_LIMIT,
    TEXT_LIMIT,
    Days,
    Inset,
    Kind,
    Link,
    Page,
    Problem,
    Question,
    Section,
    always,
)

OLDEST = 120
ROOM_FOR_A_WORD = 20
"""What is composed before a text, such as "Not known. ", must fit into the field with it."""


def one_age(answered: Answered) -> tuple[Problem, ...]:
    """Say what is wrong where birthday, ages and "I cannot say" do not go together."""
    born = answered.text("age", "dob")
    has_ages = any(answered.number("age", name) is not None for name in ("from", "to"))
    unsure = bool(answered.codes("age", "unsure"))
    if born and has_ages:
        return (Problem(question="dob", message="Enter a date of birth or an age, not both"),)
    if unsure and (born or has_ages):
        message = "Take the date or the ages out, or do not select that you cannot say"
        return (Problem(question="unsure", message=message),)
    if not (unsure or born or has_ages):
        message = "Enter a date of birth or an age, or select that you cannot say"
        return (Problem(question="dob", message=message),)
    return youngest_and_oldest("age", answered)


def youngest_and_oldest(page: str, answered: Answered) -> tuple[Problem, ...]:
    """Say what is wrong with the two ages of a page."""
    youngest, oldest = answered.number(page, "from"), answered.number(page, "to")
    if youngest is None and oldest is None:
        return ()
    if youngest is None:
        return (Problem(question="from", message="Enter the youngest age they could be"),)
    if oldest is None:
        return (Problem(question="to", message="Enter the oldest age they could be"),)
    if oldest < youngest:
        return (Problem(question="to", message="The oldest age must be the same or higher"),)
    return ()


def born_before_it_was_seen(answered: Answered) -> tuple[Problem, ...]:
    """Say so where the birthday lies after the day on which something was seen."""
    born, seen = answered.day("age", "dob"), answered.day("seen", "first")
    if born is None or seen is None or born <= seen:
        return ()
    message = "Date of birth must be before the day it was first seen or heard"
    return (Problem(question="dob", message=message),)


def age_open_at_sixteen(answered: Answered) -> bool:
    """Say whether nobody can tell on which side of 16 the person is."""
    return answered.under(16) is Sure.PERHAPS


def surely_under_sixteen(answered: Answered) -> bool:
    """Say whether the person is known to be under 16."""
    return answered.under(16) is Sure.YES


AGE_QUESTIONS = (
    Question(
        id="dob",
        kind=Kind.DATE,
        label="Date of birth",
        fields=("individual.date_of_birth",),
        facts=("subject.date_of_birth",),
        days=Days.TO_TODAY,
    ),
    Question(
        id="from",
        kind=Kind.NUMBER,
        label="Or: youngest they could be",
        hint="In years",
        fields=("individual.approximate_age",),
        facts=("subject.approximate_age",),
        limit=OLDEST,
    ),
    Question(
        id="to",
        kind=Kind.NUMBER,
        label="Oldest they could be",
        hint="In years",
        fields=("individual.approximate_age",),
        facts=("subject.approximate_age",),
        limit=OLDEST,
    ),
)
"""A birthday, or the youngest and the oldest that somebody could be."""

WHO = Page(
    id="who",
    title="Who are you worried about?",
    section=Section.PERSON,
    questions=(
        Question(
            id="name",
            kind=Kind.LINE,
            label="Names, and any other names used",
            hint="Leave empty if you do not know. You can then give a social media name.",
            fields=("individual.name",),
            limit=LINE_LIMIT,
        ),
        Question(
            id="gender",
            kind=Kind.LINE,
            label="Gender",
            fields=("individual.gender",),
            limit=LINE_LIMIT,
        ),
    ),
    links=(
        Link(text="It is about more than one person", to="one-each"),
        Link(text="Give a social media name", to="field/individual.social_media"),
    ),
)

AGE = Page(
    id="age",
    title="How old is this person?",
    section=Section.PERSON,
    questions=(
        *AGE_QUESTIONS,
        Question(
            id="unsure",
            kind=Kind.CHECKBOXES,
            label="Or",
            options=options(("unsure", "I cannot say")),
            facts=("subject.date_of_birth", "subject.approximate_age"),
        ),
    ),
    checks=(one_age, born_before_it_was_seen),
)

WHERE = Page(
    id="where",
    title="Where can this person be reached?",
    section=Section.PERSON,
    questions=(
        Question(
            id="address",
            kind=Kind.TEXT,
            label="Address, or where they stay",
            fields=("individual.address",),
            limit=TEXT_LIMIT,
        ),
        Question(
            id="contact",
            kind=Kind.LINE,
            label="Telephone or email",
            fields=("individual.contact",),
            limit=LINE_LIMIT,
        ),
        Question(
            id="place",
            kind=Kind.LINE,
            label="School, college or employer",
            fields=("education.place",),
            limit=LINE_LIMIT,
        ),
        yes_no_unknown(
            "send",
            "Do they have special educational needs, or a disability that affects learning?",
            "Select yes if they have special educational needs",
            "subject.send",
            shown=when.young,
        ),
    ),
)

FAMILY = Page(
    id="family",
    title="What do the parents know and say?",
    section=Section.PERSON,
    questions=(
        Question(
            id="parents",
            kind=Kind.TEXT,
            label="Parents or carers, and how to reach them",
            fields=("family.parents",),
            limit=TEXT_LIMIT,
        ),
        Question(
            id="position",
            kind=Kind.RADIOS,
            label="What do they say about this referral?",
            options=options(
                ("agrees", "They agree"),
                ("refuses", "They do not agree"),
                ("not-asked", "Nobody has asked them"),
                ("unknown", "I do not know"),
                ("not-applicable", "There is nobody to ask"),
            ),
            facts=("family.parent_position",),
            must=always,
            missing="Select what the parents say",
        ),
        yes_no_unknown(
            "implicated",
            "Is anyone in the family part of what worries you?",
            "Select yes if anyone in the family is part of it",
            "family.implicated",
        ),
    ),
    when=when.child,
)

FAMILY_PART = Page(
    id="family-part",
    title="Who in the family, and how?",
    section=Section.PERSON,
    questions=(
        Question(
            id="who",
            kind=Kind.TEXT,
            fields=("family.implicated",),
            limit=TEXT_LIMIT - ROOM_FOR_A_WORD,
        ),
    ),
    insets=(
        Inset(
            text="Do not tell the parents. We remind you.",
            when=when.says("family", "implicated", "yes"),
        ),
    ),
    when=when.both(when.child, when.says("family", "implicated", "yes", "unknown")),
)

ABLE = Page(
    id="able",
    title=ASKED["subject.capacity"],
    titles=(
        Inset(
            text=ASKED["subject.competence"],
            when=surely_under_sixteen,
        ),
        Inset(text="Who can decide about this?", when=age_open_at_sixteen),
    ),
    section=Section.PERSON,
    questions=(
        yes_no_unknown(
            "competence",
            ASKED["subject.competence"],
            "Select whether the child understands",
            "subject.competence",
            hint="Their answer never stops us protecting them.",
            shown=when.under_sixteen,
        ),
        Question(
            id="capacity",
            kind=Kind.RADIOS,
            label=ASKED["subject.capacity"],
            options=options(
                ("presumed", "Yes. I have no reason to doubt it"),
                ("has", "Yes. It was assessed"),
                ("lacks", "No. It was assessed"),
                ("doubted", "I doubt it, and nobody has assessed it"),
                ("fluctuating", "It changes"),
                ("unknown", "I do not know"),
            ),
            fields=("capacity.finding",),
            facts=("subject.capacity",),
            must=always,
            missing="Select whether they can decide",
            when=when.from_sixteen,
        ),
        yes_no_unknown(
            "care",
            "Do they need care or support because of age, illness or disability?",
            "Select yes if they need care or support",
            "subject.care_and_support_needs",
            shown=when.adult,
        ),
    ),
    insets=(
        Inset(
            text="You could not give an age, so we ask about a child and about an adult.",
            when=age_open_at_sixteen,
        ),
    ),
)

CAPACITY = Page(
    id="capacity",
    title="What was found about deciding?",
    section=Section.PERSON,
    questions=(
        Question(
            id="finding",
            kind=Kind.TEXT,
            label="What, by whom, when, with what help",
            fields=("capacity.finding",),
            must=always,
            missing="Enter what was found, by whom and when",
            limit=TEXT_LIMIT,
        ),
        yes_no_unknown(
            "can_wait",
            "Can this wait until they can decide?",
            "Select yes if it can wait",
            "subject.decision_can_wait",
            shown=when.lacks_capacity,
        ),
    ),
    insets=(
        Inset(
            text="Your Guardian must look at this. It is quicker to have it assessed first.",
            when=when.says("able", "capacity", "doubted", "fluctuating", "unknown"),
        ),
    ),
    when=when.doubts_capacity,
)

ONE_EACH = Page(
    id="one-each",
    title="One referral for each person",
    section=Section.PERSON,
    paragraphs=("We take no lists. Link them on the receipt.",),
    on_the_way=False,
    after="who",
    go_on="Go back",
)

PERSON = (WHO, ONE_EACH, AGE, WHERE, FAMILY, FAMILY_PART, ABLE, CAPACITY)
