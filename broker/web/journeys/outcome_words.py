"""A judgement in the words that a practitioner reads: what happens, why, what is theirs to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from audit.format.plurals import counted
from broker.delivery.ways_out import page_form
from broker.domain.judgement import Judgement
from broker.domain.obligations import CONFIRM_RECEIPT, UPDATE_THE_RECORD
from broker.domain.times import spelled_day
from policies import Outcome

HANDOVER: Final = "Ring and read out six words"
HANDOVER_OF_A_CODE: Final = "Ring and tell them a code"
_CALL: Final = "call-999"
RIGHT_IF: Final = "What would make it right"
NOTHING_MAKES_IT_RIGHT: Final = frozenset({"R04", "R22"})
"""The rules whose refusal no other answer lifts."""

NO_CRITICISM: Final = "It is no criticism. If it gets worse, do not wait: ring 999."
NOTHING_WOULD: Final = "Nothing makes this right here."
YOUR_CALL_FIRST: Final = "Your 999 call comes first."
_SAME_AGAIN: Final = "R36"
_LEAD_ASKED: Final = "R41"

YOURS: Final[Mapping[str, str]] = {
    _CALL: "Ring 999 now",
    CONFIRM_RECEIPT: "Ask if it opened",
    "tell-the-person": "Tell them what was sent, to whom and why",
    "do-not-tell-the-person-yet": "Do not tell them yet. Look again on {day}",
    "tell-the-parents": "Tell the parents",
    "do-not-tell-the-parents": "Do not tell the parents. Look again on {day}",
    "refer-to-social-care": "Refer to social care today",
    "offer-social-care": "Ask them if you may refer to social care",
    "early-help": "Offer Early Help",
    "tell-the-lead": "Tell your lead today",
    "tell-the-guardian": "Tell your Guardian",
    "read-earlier-concerns": "Read the earlier concerns today",
    "review-agreement": "Ask again if they agree",
    "share-or-say-why": "Share another way, or write why not",
    UPDATE_THE_RECORD: "Note it in your own record",
    "tell-the-victim": "Tell the victim in writing what was asked for",
}
"""What the sender owes, in their words; what the gateway or the Guardian does is not among it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Something that is yours to do, and the last day for it."""

    type: str
    words: str
    by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeWords:
    """What a page says first: its title, sentences, a list with its heading, what sends it on."""

    title: str
    sentences: tuple[str, ...]
    items_heading: str = ""
    items: tuple[str, ...] = ()
    button: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom the words name: the recipient's title, the lead and how to ring them."""

    recipient: str
    lead: str
    lead_telephone: str


def owed_of(judgement: Judgement, *, evening: bool = False) -> tuple[Owed, ...]:
    """Return what is the sender's to do, in the order in which it falls due.

    `evening` is after 17:00 in London, when "today" reads "tonight".
    """
    days = {duty.type: duty.due_on for duty in judgement.duties}
    # Where it is an emergency the call comes first, and is said first; nobody does it afterwards.
    is_emergency = judgement.decision.outcome is Outcome.EMERGENCY
    named = {
        obligation.type: days.get(obligation.type)
        for obligation in judgement.decision.obligations
        if obligation.type in YOURS and not (is_emergency and obligation.type == _CALL)
    } | {duty.type: duty.due_on for duty in judgement.duties if duty.type in YOURS}
    owed = [_owed(kind, day, evening=evening) for kind, day in named.items()]
    if judgement.decision.release and not judgement.unkept:
        words = HANDOVER_OF_A_CODE if _is_fetched(judgement) else HANDOVER
        owed.append(Owed(type="handover", words=words, by=None))
    return tuple(sorted(owed, key=_when_due))


def before_sending(judgement: Judgement, named: Named) -> OutcomeWords:
    """Return what `check` and `try` say first."""
    if judgement.unkept:
        return _refused(judgement, named, judgement.unkept.values())
    match judgement.decision.outcome:
        case Outcome.PERMIT | Outcome.PERMIT_WITH_OBLIGATIONS:
            return _may_go(judgement, named, owed_of(judgement))
        case Outcome.EMERGENCY:
            return OutcomeWords(
                title="This goes to the police at once",
                sentences=(YOUR_CALL_FIRST, "Your Guardian is told."),
                button="Send to the police now",
            )
        case Outcome.REFER:
            return OutcomeWords(
                title="Your Guardian decides this one",
                sentences=(
                    "Nothing is sent until they answer. They may ask you something.",
                    NO_CRITICISM,
                ),
                items_heading="Why they look at it",
                items=_why(judgement),
                button="Send to your Guardian",
            )
        case Outcome.REFUSE:
            return _refused(judgement, named, judgement.decision.lawful_if)


def waits_for_the_lead(judgement: Judgement, named: Named) -> OutcomeWords | None:
    """Return what stands in the place of a refusal while the lead was asked and has not answered.

    None where anything else stops it as well.
    """
    stopping = {str(finding.rule) for finding in judgement.decision.findings if finding.stops}
    if stopping != {_LEAD_ASKED}:
        return None
    return OutcomeWords(
        title=f"This waits for {named.lead}",
        sentences=(
            "Nothing is sent until they answer. You may change your answers meanwhile.",
            f"It cannot wait? Ring {named.lead} on {named.lead_telephone}, or say why it cannot.",
        ),
        button="Save and close",
    )


def right_to_ask(lead: str, telephone: str) -> str:
    """Return what is said to somebody whose referral was refused: whom they can ring."""
    return f"You were right to ask. Still worried? Ring {lead} on {telephone}."


def _may_go(judgement: Judgement, named: Named, owed: tuple[Owed, ...]) -> OutcomeWords:
    mine = [each for each in owed if each.type not in {"handover", CONFIRM_RECEIPT}]
    number = len(owed)  # as many as the page lists
    things = "one thing is" if number == 1 else counted(number, "thing is", "things are")
    title = f"This can go, and {things} yours to do" if mine else "This can go"
    first = next((each for each in mine if each.by is not None), None)
    what = (
        "a code for the page where they fetch it"
        if _is_fetched(judgement)
        else "six words that open it"
    )
    sentences = [f"It goes to {named.recipient}. You ring them with {what}."]
    if first is not None and first.by is not None:
        sentences.append(f"First, by {spelled_day(first.by)}: {first.words}.")
    if judgement.decision.withheld:
        sentences.append("Some of what you wrote stays with you. The list below says why.")
    return OutcomeWords(title=title, sentences=tuple(sentences), button="Send")


def _is_fetched(judgement: Judgement) -> bool:
    """Say whether the recipient fetches it from a page, and so is told a code first."""
    return page_form(judgement.facts, judgement.decision.outcome.value) is not None


def _refused(judgement: Judgement, named: Named, wanted: Iterable[str]) -> OutcomeWords:
    stopping = {str(finding.rule) for finding in judgement.decision.findings if finding.stops}
    if stopping & NOTHING_MAKES_IT_RIGHT:
        first = NOTHING_WOULD
        items: tuple[str, ...] = ()
    elif _SAME_AGAIN in stopping:
        first = "The same was refused before. Ask again when something has changed, not the words."
        items = ()
    else:
        first = ""
        items = tuple(wanted)
    return OutcomeWords(
        title="This cannot go as it stands",
        sentences=(
            "Nothing is sent.",
            *filter(None, (first,)),
            right_to_ask(named.lead, named.lead_telephone),
        ),
        items_heading=RIGHT_IF if items else "",
        items=items,
        button="Change my answers",
    )


def _why(judgement: Judgement) -> tuple[str, ...]:
    return tuple(finding.say for finding in judgement.decision.findings if finding.stops)


def _owed(kind: str, day: date | None, *, evening: bool) -> Owed:
    words = YOURS[kind].format(day="the day that we set" if day is None else spelled_day(day))
    return Owed(type=kind, words=words.replace("today", "tonight") if evening else words, by=day)


def _when_due(owed: Owed) -> tuple[bool, date]:
    first = owed.type in {"call-999", "handover"}
    return not first, date.min if first else owed.by or date.max
