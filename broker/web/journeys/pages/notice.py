"""Notice: what was seen or heard, how it is known, what it may lead to."""

from broker.domain.guardians.asked import ASKED, HARM
from broker.web.journeys import conditions as when
from broker.web.journeys.pages.choices import options, yes_no_unknown
from broker.web.journeys.pages.word_lists import PROMPT_WARNINGS, PROMPTS
from broker.web.journeys.shapes import (
    NEXT,
    TEXT_LIMIT,
    Days,
    Details,
    Kind,
    Link,
    Option,
    Page,
    Question,
    Section,
    always,
)

HOW_KNOWN = options(
    ("first-hand", "I saw or heard it myself"),
    ("reported", "Someone who saw or heard it told me"),
    ("hearsay", "I was told by someone who was not there"),
    ("unknown", "I do not know where it comes from"),
)
"""Where a worry comes from."""

NOTICE = (
    Page(
        id="seen",
        title="What did you see or hear?",
        section=Section.NOTICE,
        questions=(
            Question(
                id="story",
                kind=Kind.TEXT,
                label="In your own words",
                hint="What happened, and what worries you? What may happen if nobody helps? "
                "Put roles (mother, friend), not names of others.",
                fields=("concerns.description",),
                must=always,
                missing="Enter what you saw or heard",
                limit=TEXT_LIMIT,
            ),
            Question(
                id="event",
                kind=Kind.TEXT,
                label="Was there one event? What, when and where",
                fields=("concerns.event",),
                limit=TEXT_LIMIT,
            ),
            Question(
                id="first",
                kind=Kind.DATE,
                label="The day it was first seen or heard",
                hint="Not sure? The earliest day you are sure of.",
                fields=("dates.noticed",),
                facts=("concern.observed_on",),
                must=always,
                missing="Enter the day it was first seen or heard",
                days=Days.TO_TODAY,
                not_before_birth=True,
            ),
        ),
        details=Details(summary="What to look for", paragraphs=PROMPT_WARNINGS, lists=PROMPTS),
    ),
    Page(
        id="source",
        title="How do you know?",
        section=Section.NOTICE,
        questions=(
            Question(
                id="source",
                kind=Kind.RADIOS,
                label="Where does it come from?",
                options=HOW_KNOWN,
                fields=("concerns.source", "noticed_by.person"),
                facts=("concern.source",),
                must=always,
                missing="Select how you know",
            ),
            Question(
                id="how",
                kind=Kind.TEXT,
                label="How did it come to light?",
                fields=("concerns.how_noticed",),
                limit=TEXT_LIMIT,
            ),
        ),
    ),
    Page(
        id="told-by",
        title="Who noticed it first?",
        section=Section.NOTICE,
        questions=(
            Question(
                id="who",
                kind=Kind.TEXT,
                label="Name and role, or how they know this person",
                hint="The police see this name. The person it is about does not, unless the law "
                "says so.",
                fields=("noticed_by.person",),
                limit=TEXT_LIMIT,
            ),
            Question(
                id="anonymous",
                kind=Kind.RADIOS,
                label="Do they want to stay unnamed?",
                options=options(("Yes", "Yes"), ("No", "No"), ("Not asked", "Not asked")),
                fields=("noticed_by.anonymous",),
            ),
            Question(
                id="told_on",
                kind=Kind.DATE,
                label="The day you were told",
                fields=("dates.noticed",),
                days=Days.TO_TODAY,
            ),
        ),
        when=when.says_else("source", "source", "first-hand"),
    ),
    Page(
        id="basis",
        title="What is your worry based on?",
        section=Section.NOTICE,
        questions=(
            Question(
                id="basis",
                kind=Kind.CHECKBOXES,
                hint="Select all that apply.",
                options=(
                    Option(
                        code="observed-behaviour",
                        label="Something they did",
                        hint="also a fixation on violence, weapons or massacres",
                    ),
                    Option(
                        code="stated-intent",
                        label="Something they said they will do, or a threat",
                    ),
                    Option(code="contact-with-group", label="Contact with a person or group"),
                    Option(code="online-activity", label="Something online or on a phone"),
                    Option(code="reported-by-others", label="What other people told us"),
                    Option(
                        code="protected-characteristic",
                        label="Their faith, origin or another part of who they are",
                        heading="Never a worry on its own:",
                    ),
                    Option(code="lawful-belief", label="Their views, put in a lawful way"),
                    Option(code="dress-or-appearance", label="How they dress or look"),
                ),
                facts=("concern.basis",),
                must=always,
                missing="Select what your worry is based on",
            ),
        ),
    ),
    Page(
        id="not-a-concern",
        title="This is no reason to refer someone",
        section=Section.NOTICE,
        paragraphs=(
            (
                "Faith, background, lawful views and dress are not a concern. The rules refuse a "
                "referral on them alone."
            ),
            (
                "If there is something the person did or said, add it. Worried about how they "
                "are? Offer support, or ring {lead}."
            ),
        ),
        links=(
            Link(text="Change my answer", to="basis", button=True),
            Link(text="Delete this and close", to="delete", button=True),
            Link(text="Carry on, and let the rules say so", to=NEXT),
        ),
        when=when.rests_on_belief_alone,
    ),
    Page(
        id="words",
        title="What are the words they used?",
        section=Section.NOTICE,
        questions=(
            Question(
                id="words",
                kind=Kind.TEXT,
                hint="As near as you can. To whom, and when?",
                fields=("concerns.threats",),
                limit=TEXT_LIMIT,
            ),
        ),
        when=when.says("basis", "basis", "stated-intent"),
    ),
    Page(
        id="harm",
        title="What could happen if nobody acts?",
        section=Section.NOTICE,
        questions=(
            Question(
                id="harm",
                kind=Kind.RADIOS,
                label="What is the harm that you fear?",
                options=(
                    Option(
                        code="none",
                        label="No harm that I can see",
                        then="Without harm the rules refuse. Talk to {lead} about other help.",
                    ),
                    Option(code="some", label=HARM["some"]),
                    Option(
                        code="significant",
                        label=HARM["significant"],
                    ),
                    Option(
                        code="serious",
                        label=HARM["serious"],
                    ),
                    Option(code="unknown", label="I cannot say"),
                ),
                facts=("concern.harm",),
                must=always,
                missing="Select what could happen",
            ),
            yes_no_unknown(
                "to_person",
                ASKED["concern.harm_to_person"],
                "Select yes if this person could be harmed",
                "concern.harm_to_person",
                hint="Being groomed by others is a harm to the person too.",
            ),
        ),
    ),
    Page(
        id="crime",
        title="Could a crime be part of this?",
        section=Section.NOTICE,
        questions=(
            yes_no_unknown(
                "serious",
                ASKED["concern.serious_crime"],
                "Select yes if a serious crime is feared or has happened",
                "concern.serious_crime",
            ),
            Question(
                id="terrorism",
                kind=Kind.RADIOS,
                label="Could what you know help the police to prevent terrorism, or to find "
                "someone who took part?",
                hint="You do not have to be certain.",
                options=(
                    Option(code="yes", label="Yes", leads_to="tell-police"),
                    Option(code="no", label="No"),
                    Option(code="unknown", label="I do not know"),
                ),
                facts=("material_assistance",),
                must=always,
                missing="Select yes if it could help to prevent terrorism",
            ),
        ),
    ),
    Page(
        id="tell-police",
        title="Tell the police as soon as you can",
        section=Section.NOTICE,
        paragraphs=(
            (
                "The law asks this of everyone (Terrorism Act 2000, section 38B). You need "
                "nobody's agreement. Your Guardian is told; you do not wait for them."
            ),
            "Finish this now, or ring 0800 789 321.",
        ),
        on_the_way=False,
        after="crime",
    ),
)
