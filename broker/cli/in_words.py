"""Codes as people read them; a code itself is printed with `--json` alone.

>>> outcome_in_words("permit-with-obligations"), spaced("police-led")
('This may go, with duties.', 'police led')
"""

from collections.abc import Mapping
from typing import Final

from broker.delivery.ways_out import Way
from broker.domain.panels.packs import PACKS_IN_WORDS, PackState
from broker.domain.partner_requests.answers import SHARES_IN_WORDS, Share
from broker.domain.partner_requests.copies import (
    LATE_IN_WORDS,
    AnswerKind,
    Lateness,
    answer_stands,
)
from broker.domain.states import State
from broker.guardian.answer import VERDICTS_IN_WORDS
from broker.web.titles import GUARDIAN_STANDS, STANDS
from policies import Outcome, headline

WAYS: Final[Mapping[Way, str]] = {
    Way.VERIFIED_MAIL: "By mail that is protected on its way",
    Way.SEALED_MAIL: "By mail, as a sealed document",
    Way.PORTAL: "From a page where it is fetched",
    Way.BY_HAND: "By hand",
    Way.TELEPHONE: "By telephone",
}

_MATCHES: Final[Mapping[str, str]] = {"exact": "the same number", "alike": "looks alike"}


def outcome_in_words(outcome: object) -> str:
    """Return what the rules say to a pack, as its sender reads it."""
    return headline(Outcome(str(outcome)))


def state_in_words(state: object) -> str:
    """Return where a disclosure stands, as whoever sent it reads it on pages."""
    return STANDS[State(str(state))]


def guardian_state_in_words(state: object) -> str:
    """Return where a disclosure stands, as a Guardian reads it on pages."""
    return GUARDIAN_STANDS[State(str(state))]


def pack_in_words(state: object) -> str:
    """Return where a panel's pack stands."""
    return PACKS_IN_WORDS[PackState(str(state))]


def way_in_words(way: object) -> str:
    """Return on which way something leaves."""
    return WAYS[Way(str(way))]


def answer_in_words(answer: object, goes: object = None) -> str:
    """Return how a partner answered; `goes` is where what they share stands."""
    return answer_stands(AnswerKind(str(answer)), None if goes is None else State(str(goes)))


def lateness_in_words(lateness: object) -> str:
    """Return how late an answer is, nothing where it is not."""
    return LATE_IN_WORDS[Lateness(str(lateness))]


def share_in_words(share: object) -> str:
    """Return how much of what was asked for is shared."""
    return SHARES_IN_WORDS[Share(str(share))]


def verdict_in_words(verdict: object) -> str:
    """Return what a Guardian decided, to go on a sentence with."""
    words = VERDICTS_IN_WORDS[str(verdict)]
    return words[0].lower() + words[1:]


def match_in_words(match: object) -> str:
    """Return how an earlier concern was recognised."""
    return _MATCHES[str(match)]


def spaced(code: object) -> str:
    """Return a code whose words are plain English, without its hyphens."""
    return str(code).replace("-", " ")
