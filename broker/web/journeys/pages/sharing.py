"""Share: who needs it, why it is right, what else goes, and the last look."""

from broker.domain.guardians.asked import ASKED
from broker.web.journeys import conditions as when
from broker.web.journeys.answers import Answered
from broker.web.journeys.pages.choices import options, yes_no_unknown
from broker.web.journeys.shapes import (
    REASON_LIMIT,
    TEXT_LIMIT,
    Inset,
    Kind,
    Link,
    Listed,
    Option,
    Page,
    Problem,
    Question,
    Section,
    always,
)

NOTHING_ELSE = "nothing"
A_FILE = "file"


def has_chosen_another(answered: Answered) -> bool:
    """Say whether the recipient is not one of the usual ones."""
    return answered.text("ask", "recipient") == "other"


def others_can_be_found(answered: Answered) -> bool:
    """Say whether the directory holds more than the usual recipients."""
    known = answered.circumstances
    return len(known.contacts) > known.usual


def front_door_is_told(answered: Answered) -> bool:
    """Say whether social care is told beside the police, by a pack of its own."""
    wanted = "also" in answered.codes("ask", "also")
    return wanted and when.social_care_may_help(answered)


def balance_must_be_written(answered: Answered) -> bool:
    """Say whether the balance must be written: not for what may prevent terrorism."""
    return answered.text("crime", "terrorism") != "yes"


def nothing_or_something(answered: Answered) -> tuple[Problem, ...]:
    """Say so where "Nothing else" was chosen beside something."""
    chosen = answered.codes("more", "fields")
    if NOTHING_ELSE in chosen and len(chosen) > 1:
        message = "Select what else they need, or nothing else, not both"
        return (Problem(question="fields", message=message),)
    return ()


def none_or_some(answered: Answered) -> tuple[Problem, ...]:
    """Say so where "None of these" was chosen beside one of them."""
    chosen = answered.codes("read", "in_it")
    if "none" in chosen and len(chosen) > 1:
        message = "Select what is in your words, or none of these, not both"
        return (Problem(question="in_it", message=message),)
    return ()


ASK = Page(
    id="ask",
    title="Who needs this for their work, and to do what?",
    section=Section.SHARE,
    questions=(
        Question(
            id="recipient",
            kind=Kind.RADIOS,
            label="Who needs this?",
            listed=Listed.USUAL_CONTACTS,
            options=(Option(code="other", label="Another team", when=others_can_be_found),),
            facts=("purpose", "recipient"),
            must=always,
            missing="Select who needs this",
        ),
        Question(
            id="what",
            kind=Kind.TEXT,
            label="What do you need them to do?",
            facts=("purpose_statement",),
            must=always,
            missing="Enter what you need them to do",
            limit=REASON_LIMIT,
        ),
        Question(
            id="also",
            kind=Kind.CHECKBOXES,
            label="And social care",
            options=(Option(code="also", label="Also send what they need to {front_door}"),),
            when=when.social_care_may_help,
        ),
    ),
)

OTHER_RECIPIENT = Page(
    id="other-recipient",
    title="Which team needs this?",
    section=Section.SHARE,
    questions=(
        Question(
            id="mailbox",
            kind=Kind.RADIOS,
            label="Teams in our directory",
            hint="An old name of a team finds it too.",
            listed=Listed.OTHER_CONTACTS,
            facts=("recipient",),
            must=always,
            missing="Select who needs this",
        ),
        Question(
            id="purpose",
            kind=Kind.RADIOS,
            label="What is it for?",
            options=options(
                ("referral", "A referral to Prevent"),
                ("other-safeguarding", "Help from social care or Early Help"),
            ),
            facts=("purpose",),
            must=always,
            missing="Select what it is for",
            when=when.starts_with_a_worry,
        ),
        yes_no_unknown(
            "needs",
            ASKED["recipient.needs_it_for_role"],
            "Select yes if they need this for their work",
            "recipient.needs_it_for_role",
        ),
    ),
    when=has_chosen_another,
)

ALSO = Page(
    id="also",
    title="What does social care need to know?",
    section=Section.SHARE,
    lead_in="This goes to {front_door} by itself, and nothing else goes with it.",
    questions=(
        Question(
            id="know",
            kind=Kind.TEXT,
            label="What they need to know",
            fields=("needs.other_safeguarding",),
            must=always,
            missing="Enter what social care needs to know",
            limit=TEXT_LIMIT,
        ),
        Question(
            id="do",
            kind=Kind.TEXT,
            label="What should they do?",
            facts=("purpose_statement",),
            must=always,
            missing="Enter what they should do",
            limit=REASON_LIMIT,
        ),
        Question(
            id="name",
            kind=Kind.TEXT,
            label="Why do they need the name?",
            hint="Leave it empty and the name stays with you.",
            facts=("reasons_for_extra_fields",),
            limit=REASON_LIMIT,
        ),
    ),
    when=front_door_is_told,
)

DUTY_TO_SHARE = Page(
    id="duty-to-share",
    title=ASKED["duty.more_detrimental"],
    section=Section.SHARE,
    questions=(
        Question(
            id="worse",
            kind=Kind.RADIOS,
            label="More harm than not sharing?",
            options=options(("no", "No"), ("yes", "Yes")),
            facts=("duty.more_detrimental",),
            must=always,
            missing="Select yes if sharing would do more harm",
        ),
        Question(
            id="why",
            kind=Kind.TEXT,
            label="If yes, why?",
            facts=("duty.reason",),
            must=when.says("duty-to-share", "worse", "yes"),
            missing="Enter why",
            limit=REASON_LIMIT,
        ),
    ),
    when=when.shares_under_a_duty,
)

WHY = Page(
    id="why",
    title="Why is it right to share this?",
    section=Section.SHARE,
    questions=(
        Question(
            id="need",
            kind=Kind.TEXT,
            label="Why can they not do it without this?",
            hint="What can only they do? What have you tried? What if they got less?",
            facts=("necessity.reason",),
            must=always,
            missing="Enter why they cannot do it without this",
            limit=REASON_LIMIT,
        ),
        Question(
            id="less",
            kind=Kind.RADIOS,
            label=ASKED["necessity.less_would_do"],
            options=(
                Option(
                    code="yes",
                    label="Yes",
                    then="Then ask for less first. The rules refuse this as it stands.",
                ),
                Option(code="no", label="No"),
                Option(code="unknown", label="I do not know"),
            ),
            facts=("necessity.less_would_do",),
            must=always,
            missing="Select whether less would do",
        ),
        Question(
            id="fair",
            kind=Kind.TEXT,
            label="Why is the harm you fear worth stepping into their private life?",
            hint="How likely, how grave, for whom? What may sharing cost them?",
            facts=("proportionality.reason",),
            must=always,
            missing="Enter why it is worth it",
            limit=REASON_LIMIT,
        ),
    ),
    insets=(
        Inset(
            text="They cannot decide for themselves: say also why it is best for them.",
            when=when.lacks_capacity,
        ),
    ),
)

BALANCE = Page(
    id="balance",
    title="Why share it without their agreement?",
    section=Section.SHARE,
    questions=(
        Question(
            id="why",
            kind=Kind.TEXT,
            label="Your reasons",
            hint="Who could be harmed, how badly, how soon? Did you ask, and what did they say? "
            "What may it cost them, and their trust? Would less do? Why does it still come out "
            "for sharing?",
            facts=("public_interest.reason",),
            must=balance_must_be_written,
            missing="Enter why it is right without their agreement",
            limit=REASON_LIMIT,
        ),
    ),
    when=when.balance_is_asked,
)

MORE = Page(
    id="more",
    title="Is there anything else they need?",
    section=Section.SHARE,
    questions=(
        Question(
            id="fields",
            kind=Kind.CHECKBOXES,
            label="What else they need",
            listed=Listed.MORE_FIELDS,
            fields=("family.implicated",),
            facts=("fields",),
            must=always,
            missing="Select what else they need, or nothing else",
        ),
    ),
    checks=(nothing_or_something,),
)

READ = Page(
    id="read",
    title="Read it through once more",
    section=Section.SHARE,
    questions=(
        Question(
            id="in_it",
            kind=Kind.CHECKBOXES,
            label="Is any of this in your words or files?",
            options=(
                Option(
                    code="people",
                    label="Names of other people (not those given on their own page)",
                ),
                Option(code="offences", label="Crimes, arrests or convictions"),
                Option(
                    code="intelligence",
                    label="Material from the intelligence services",
                    leads_to="stop",
                ),
                Option(code="none", label="None of these"),
            ),
            facts=(
                "material.third_parties",
                "material.criminal_offence_data",
                "material.intelligence",
                "material.free_text_screened",
            ),
            must=always,
            missing="Select what is in your words, or none of these",
        ),
    ),
    checks=(none_or_some,),
    go_on="I have read it all",
)

STOP = Page(
    id="stop",
    title="Take that out first",
    section=Section.SHARE,
    paragraphs=("The law keeps it out of this service. Ring police Prevent on {police_advice}.",),
    links=(Link(text="Go back and take it out", to="read", button=True),),
    on_the_way=False,
    after="read",
)

ROLES = Page(
    id="roles",
    title="Put roles in place of names",
    section=Section.SHARE,
    questions=(
        Question(
            id="done",
            kind=Kind.RADIOS,
            label="Are the names of other people replaced?",
            options=(
                Option(code="yes", label="I have done that"),
                Option(code="no", label="Not yet", leads_to="read"),
            ),
            facts=("confirmed",),
            must=always,
            missing="Select whether the names are replaced",
        ),
    ),
    when=when.says("read", "in_it", "people"),
)

CHECK_PAGE = Page(
    id="check",
    title="Check before you send",
    section=Section.SHARE,
    lead_in="You send this in your name. It is true as far as you know.",
    go_on="Send",
)

SHARE_BEFORE = (ASK, OTHER_RECIPIENT, ALSO, DUTY_TO_SHARE, WHY, BALANCE, MORE)
SHARE_AFTER = (READ, STOP, ROLES, CHECK_PAGE)
