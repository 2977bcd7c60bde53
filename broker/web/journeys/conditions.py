"""When a page, a question or an option applies: named predicates over the answers so far.

They look at every answer as given, so that a page applies or not whatever stands on others that
apply no more.
"""

from datetime import date

from broker.domain.people.ages import Sure
from broker.web.journeys.answers import Answered, Kind, purpose_of
from broker.web.journeys.shapes import Condition

NEVER_ALONE = frozenset({"protected-characteristic", "lawful-belief", "dress-or-appearance"})
"""What a worry may never be based on alone."""

USUAL_RECIPIENTS = ("police", "local-authority")
USUAL_PURPOSES = (
    "referral",
    "police-screening",
    "partner-response",
    "panel-assessment",
    "case-review",
)
PANEL_PURPOSES = frozenset({"panel-assessment", "support-delivery", "case-review"})
_GRAVE = frozenset({"significant", "serious"})
_DUTY_PURPOSES = frozenset(
    {"referral", "other-safeguarding", "partner-response", "panel-assessment"}
)
_ORDER_PURPOSES = frozenset({"court-or-legal", "crime", "partner-response"})
_REQUEST_PURPOSES = frozenset({"crime", "partner-request", "partner-response"})


def says(page: str, question: str, *codes: str) -> Condition:
    """Return the condition that an answer is one of `codes`, or holds one of them."""

    def holds(answered: Answered) -> bool:
        chosen = answered.codes(page, question) or (answered.text(page, question),)
        return any(code in codes for code in chosen)

    return holds


def says_else(page: str, question: str, *codes: str) -> Condition:
    """Return the condition that there is an answer, and that it is none of `codes`."""

    def holds(answered: Answered) -> bool:
        chosen = answered.text(page, question)
        return bool(chosen) and chosen not in codes

    return holds


def takes_originals(answered: Answered) -> bool:
    """Say whether whoever it goes to takes files as they were sent."""
    recipient = answered.recipient
    return recipient is not None and recipient.takes_originals


def both(*conditions: Condition) -> Condition:
    """Return the condition that all of them hold."""

    def holds(answered: Answered) -> bool:
        return all(condition(answered) for condition in conditions)

    return holds


def is_role(*roles: str) -> Condition:
    """Return the condition that somebody acts in one of these roles."""

    def holds(answered: Answered) -> bool:
        return answered.circumstances.role in roles

    return holds


def may_be_under(line: int) -> Condition:
    """Return the condition that the person is, or may be, under an age."""

    def holds(answered: Answered) -> bool:
        return answered.under(line) is not Sure.NO

    return holds


def may_have_reached(line: int) -> Condition:
    """Return the condition that the person has, or may have, reached an age."""

    def holds(answered: Answered) -> bool:
        return answered.under(line) is not Sure.YES

    return holds


child = may_be_under(18)
adult = may_have_reached(18)
young = may_be_under(26)
under_sixteen = may_be_under(16)
from_sixteen = may_have_reached(16)


def starts_with_a_worry(answered: Answered) -> bool:
    """Say whether the journey began with "What is your worry about?"."""
    return answered.circumstances.kind is Kind.REFERRAL


def starts_with_a_purpose(answered: Answered) -> bool:
    """Say whether the journey began with "Why do you need to share this?"."""
    return answered.circumstances.kind is Kind.OTHER


def for_purpose(*purposes: str) -> Condition:
    """Return the condition that it is for one of these purposes."""

    def holds(answered: Answered) -> bool:
        return answered.purpose in purposes

    return holds


for_a_panel = for_purpose(*PANEL_PURPOSES)
may_be_compelled = for_purpose(*_ORDER_PURPOSES)
rests_on_a_request = for_purpose(*_REQUEST_PURPOSES)


def rests_on_belief_alone(answered: Answered) -> bool:
    """Say whether nothing but belief, dress or who somebody is was chosen."""
    basis = answered.codes("basis", "basis")
    return bool(basis) and NEVER_ALONE.issuperset(basis)


def doubts_capacity(answered: Answered) -> bool:
    """Say whether somebody of 16 or more is not simply taken to be able to decide."""
    doubted = answered.text("able", "capacity") not in {"", "presumed"}
    return doubted and from_sixteen(answered)


def lacks_capacity(answered: Answered) -> bool:
    """Say whether somebody was found unable to decide."""
    return answered.text("able", "capacity") == "lacks"


def is_grave(answered: Answered) -> bool:
    """Say whether the harm is significant or serious."""
    return answered.text("harm", "harm") in _GRAVE


def social_care_may_help(answered: Answered) -> bool:
    """Say whether social care is told beside the police: grave harm to a child, or to them."""
    to_them = answered.text("harm", "to_person") != "no"
    is_known = answered.front_door is not None
    is_worry = starts_with_a_worry(answered) and answered.purpose == "referral"
    return is_known and is_worry and is_grave(answered) and (child(answered) or to_them)


def lead_is_asked(answered: Answered) -> bool:
    """Say whether the body wants its lead asked before this goes."""
    return answered.purpose in answered.circumstances.check_purposes


def lead_may_be_chosen(answered: Answered) -> bool:
    """Say whether the lead is to be asked, and nobody was put to it on record."""
    return lead_is_asked(answered) and not answered.circumstances.check_status


def may_read_earlier(answered: Answered) -> bool:
    """Say whether earlier concerns of the body are shown to whoever writes."""
    return answered.circumstances.role in {"lead", "guardian"}


def has_earlier(answered: Answered) -> bool:
    """Say whether the body holds earlier concerns about the same person."""
    return answered.circumstances.earlier > 0


def shares_under_a_duty(answered: Answered) -> bool:
    """Say whether the duty to share of the Children Act may bind (section 16LA)."""
    known, recipient = answered.circumstances, answered.recipient
    listed = known.sharing_duty_body and recipient is not None and recipient.sharing_duty_body
    return (
        known.sharing_duty_in_force
        and listed
        and child(answered)
        and answered.purpose in _DUTY_PURPOSES
    )


def balance_is_asked(answered: Answered) -> bool:
    """Say whether an adult's missing agreement has to be outweighed in writing."""
    decides = answered.text("able", "capacity") != "lacks"
    return adult(answered) and decides and not agreement_holds(answered)


NOT_SOUGHT = ("not-sought", "not-sought-risk", "not-sought-unsure")
"""The answers that say that nobody asked for agreement."""


def has_agreed(answered: Answered) -> bool:
    """Say whether somebody asked for agreement, and got it."""
    return answered.text("agree", "answer") == "given"


def agreement_holds(answered: Answered) -> bool:
    """Say whether the person agreed to this recipient and purpose, and it is in date."""
    given_on = answered.day("agree-what", "on")
    until = answered.day("agree-what", "until")
    today = answered.circumstances.today
    return (
        has_agreed(answered)
        and answered.text("agree-what", "by") == "person"
        and covers_this(answered)
        and given_on is not None
        and given_on <= today <= _a_year_after(given_on)
        and (until is None or today <= until)
    )


def covers_this(answered: Answered) -> bool:
    """Say whether what was agreed to names this kind of recipient and this purpose."""
    recipients, purposes = agreed_scope(answered)
    recipient = answered.recipient
    return recipient is not None and recipient.kind in recipients and answered.purpose in purposes


def agreed_scope(answered: Answered) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the kinds of body and the purposes that were agreed to."""
    expected = answered.expected_recipient
    match answered.text("agree-what", "scope"):
        case "usual":
            return USUAL_RECIPIENTS, USUAL_PURPOSES
        case "only-this" if expected is not None:
            # What the page said, whoever is chosen afterwards.
            is_worry = starts_with_a_worry(answered)
            return (expected.kind,), (purpose_of(expected) if is_worry else answered.purpose,)
        case "other":
            return (
                answered.codes("agree-scope", "recipients"),
                answered.codes("agree-scope", "purposes"),
            )
        case _:
            return (), ()


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
