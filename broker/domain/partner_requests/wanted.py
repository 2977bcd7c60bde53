"""A request as its asker wrote it, and every element that it still lacks; pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.domain.errors import Fault
from broker.domain.form import WHOLE_RECORD
from broker.domain.grounds import is_a_reason
from broker.domain.model import Mailbox, MailboxId, Pack
from broker.domain.partner_requests.copies import MOST_COPIES
from broker.domain.partner_requests.days import DaySet, day_faults
from broker.domain.questions.asked import Ask
from keys import AgencyId

PURPOSES: Final = ("police-screening", "panel-assessment")
"""What an answer may be asked for."""

MOST_ASKS: Final = 12
"""How many questions one body is asked at most: more is asking for everything."""


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.casefold()))


_ALL: Final = _words("all any anything entire every everything full whole")
_OF_NOTHING: Final = _words(
    "a about and are at been child data details do file files for from give had has have he held "
    "her him his history hold holds i in info information is it its keep know known me need notes "
    "of on or our person please record recorded records send share she so tell that the their "
    "them there they this to us was we what which with you your"
)
"""Words that ask for all there is, and words that say nothing of what is asked."""


def is_trawl(sentence: str) -> bool:
    """Say whether a question asks for all that there is, and names nothing of it.

    >>> is_trawl("Everything that you hold about him, please.")
    True
    >>> is_trawl("Everything that he said about weapons.")
    False
    """
    words = _words(sentence)
    return bool(words & _ALL) and words <= _ALL | _OF_NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyAsked:
    """One body: where it is asked, why it would hold the answers, and its own questions."""

    mailbox: MailboxId
    why: str
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRequest:
    """A request before it is judged: `pack` holds the identifiers and what the rules ask.

    The recipient of `pack` is nobody yet: each body gets a copy of its own.
    """

    purpose: str
    answer_to: MailboxId
    day: DaySet
    pack: Pack
    bodies: tuple[BodyAsked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known where a request is looked at: its asker's body, the directory, the rules.

    `can_be_asked` are the fields that an answer may hold for these purposes.
    """

    agency: AgencyId
    mailboxes: Mapping[MailboxId, Mailbox]
    can_be_asked: frozenset[str]
    today: date


def faults_of(wanted: WantedRequest, known: Surroundings) -> Iterator[Fault]:
    """Yield every element that a request lacks, each by its place."""
    if wanted.purpose not in PURPOSES:
        yield Fault(place="purpose", problem=f"must be one of: {', '.join(PURPOSES)}")
    answer_to = known.mailboxes.get(wanted.answer_to)
    if answer_to is None or answer_to.agency != known.agency:
        yield Fault(place="answer_to", problem="must be a contact of your own body")
    elif not answer_to.counts_on(known.today):
        problem = "was never confirmed by ringing it; have the directory's keeper ring first"
        yield Fault(place="answer_to", problem=problem)
    yield from day_faults(wanted.day, known.today)
    if not wanted.bodies:
        yield Fault(place="bodies", problem="is empty; say whom you ask")
    if len(wanted.bodies) > MOST_COPIES:
        yield Fault(place="bodies", problem=f"asks more than {MOST_COPIES} bodies at once")
    counted = Counter(body.mailbox for body in wanted.bodies)
    for place, body in enumerate(wanted.bodies):
        if counted[body.mailbox] > 1:
            yield Fault(place=f"bodies[{place}].mailbox", problem="is asked twice")
        yield from _body_faults(f"bodies[{place}]", body, known)


def _body_faults(place: str, body: BodyAsked, known: Surroundings) -> Iterator[Fault]:
    mailbox = known.mailboxes.get(body.mailbox)
    if mailbox is None or not mailbox.counts_on(known.today):
        problem = "is not in the directory, or nobody has rung it yet"
        yield Fault(place=f"{place}.mailbox", problem=problem)
    elif mailbox.agency == known.agency:
        problem = "is your own body; look in your own records instead"
        yield Fault(place=f"{place}.mailbox", problem=problem)
    if not body.why.strip():
        problem = "is missing; say why this body would hold what you ask"
        yield Fault(place=f"{place}.why", problem=problem)
    if not body.asks:
        yield Fault(place=f"{place}.asks", problem="is empty; say what you ask them")
    fields = [ask.field for ask in body.asks]
    if len(fields) > MOST_ASKS or (fields and known.can_be_asked.issubset(fields)):
        problem = (
            f"asks for everything; choose what you need for this purpose, {MOST_ASKS} fields at "
            "most"
        )
        yield Fault(place=f"{place}.asks", problem=problem)
    sentences = Counter(" ".join(ask.sentence.casefold().split()) for ask in body.asks)
    for number, ask in enumerate(body.asks):
        here = f"{place}.asks[{number}]"
        if fields.count(ask.field) > 1:
            yield Fault(place=f"{here}.field", problem="is asked for twice")
        if sentences[" ".join(ask.sentence.casefold().split())] > 1:
            problem = "is the same for another field; say of each why you need it"
            yield Fault(place=f"{here}.sentence", problem=problem)
        yield from _ask_faults(here, ask, known)


def _ask_faults(place: str, ask: Ask, known: Surroundings) -> Iterator[Fault]:
    if ask.field == WHOLE_RECORD:
        problem = "is a whole record, which cannot be asked for; ask for the fields that you need"
        yield Fault(place=f"{place}.field", problem=problem)
    elif ask.field not in known.can_be_asked:
        problem = "is no field that an answer may hold for this purpose"
        yield Fault(place=f"{place}.field", problem=problem)
    if not ask.sentence.strip():
        yield Fault(place=f"{place}.sentence", problem="is missing; say what you need to know")
    elif is_trawl(ask.sentence):
        problem = "asks for everything; say in a sentence what you need to know, and no more"
        yield Fault(place=f"{place}.sentence", problem=problem)
    elif not is_a_reason(ask.sentence):
        problem = "is no sentence; say what you need to know, so that they know what to look for"
        yield Fault(place=f"{place}.sentence", problem=problem)
    if ask.since > ask.until:
        yield Fault(place=f"{place}.from", problem="is after the end of the period")
    elif ask.until > known.today:
        yield Fault(place=f"{place}.until", problem="is in the future; nobody holds that yet")
