"""Where a referral stands, as its sender reads it: what happened, why, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from broker.delivery.ways_out import Way
from broker.disclosures.views import DisclosureView
from broker.domain.form import FIELD_BY_ID, label_of
from broker.domain.json_values import as_array, as_object, text, texts
from broker.domain.portal.pages import PageForm
from broker.domain.states import State
from broker.domain.times import spelled_day
from broker.web.journeys.outcome_words import (
    NO_CRITICISM,
    NOTHING_MAKES_IT_RIGHT,
    NOTHING_WOULD,
    RIGHT_IF,
    YOUR_CALL_FIRST,
    OutcomeWords,
    right_to_ask,
)
from policies import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """The organisation and contact that a referral goes to, and the lead who can be rung."""

    title: str
    body: str
    telephone: str
    lead: str
    lead_telephone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A field that stays with the sender, and why."""

    label: str
    why: str


def standing_of(view: DisclosureView, whom: Whom) -> OutcomeWords:
    """Return what the page of a referral says first."""
    disclosure = view.disclosure
    match disclosure.state:
        case State.REFERRED | State.ASKED:
            return _with_the_guardian(view, whom)
        case State.REFUSED:
            return _refused(view, whom)
        case State.RECALLED:
            return _stopped(view, whom)
        case _:
            title, sentences = _words_of(view)
            is_emergency = disclosure.outcome == Outcome.EMERGENCY.value
            first = (
                (YOUR_CALL_FIRST,)
                if is_emergency and disclosure.state in _BEFORE_THE_WORDS
                else ()
            )
            title, *filled = (
                one.format(title=whom.title, telephone=whom.telephone)
                for one in (title, *sentences)
            )
            return OutcomeWords(title=title, sentences=(*first, *filled))


def goes(view: DisclosureView) -> tuple[str, ...]:
    """Return the labels of what was let go, in the order of the form."""
    released = frozenset(texts(as_object(view.decision)["release"]))
    return tuple(field.label for field in FIELD_BY_ID.values() if field.id in released)


def stays(view: DisclosureView) -> tuple[Kept, ...]:
    """Return what stays with the sender, each with why."""
    withheld = as_object(as_object(view.decision)["withheld"])
    return tuple(Kept(label=label_of(field), why=text(why)) for field, why in withheld.items())


_BEFORE_THE_WORDS: Final = frozenset({State.DECIDED, State.SEALED, State.SENDING, State.SENT})
_BEFORE_A_PAGE: Final = frozenset({State.DECIDED, State.SEALED, State.SENDING})
_WE_TELL_YOU: Final = "When it has gone we tell you, and you ring them with six words."
_WE_TELL_YOU_OF_A_PAGE: Final = (
    "When its page is ready we tell you, and you ring them with a code."
)
_ON_ITS_WAY: Final[Mapping[State, tuple[str, tuple[str, ...]]]] = {
    State.DECIDED: ("It is on its way to {title}", (_WE_TELL_YOU,)),
    State.SEALED: ("It is on its way to {title}", (_WE_TELL_YOU,)),
    State.SENDING: ("It is on its way to {title}", (_WE_TELL_YOU,)),
    State.DEFERRED: (
        "It is on its way, and late",
        (
            "We try again by ourselves.",
            "If it cannot wait, ring {title} on {telephone}, and carry it by hand.",
        ),
    ),
    State.SENT: (
        "It was sent. Ring them",
        ("Nobody can open it yet. Ring {title} and read out six words.",),
    ),
    State.TOLD: (
        "They have the words",
        ("Ask {title} if it opens. When it does, say so here.",),
    ),
    State.ACKNOWLEDGED: (
        "It has opened",
        (
            "The words are gone: nobody needs them any more.",
            "To have it deleted after all, ring {title} on {telephone}.",
        ),
    ),
    State.EXPIRED: (
        "The words are gone",
        (
            "Nobody said for 14 days that it has opened, so we destroyed them.",
            "If it opened, say so here. If not, send it again.",
        ),
    ),
    State.REJECTED: (
        "It could not be delivered",
        ("Their mail system refused it. Ring {title} on {telephone} and ask where to send it.",),
    ),
    State.UNKNOWN: (
        "Nobody knows if it arrived",
        ("Ring {title} on {telephone} and ask. Nothing is sent again by itself.",),
    ),
}


_BY_PAGE: Final[Mapping[State, tuple[str, tuple[str, ...]]]] = {
    State.SENT: (
        "A page waits for them. Ring them",
        ("Nobody can open it yet. Ring {title} and tell them a code.",),
    ),
    State.TOLD: (
        "They have a code",
        ("Ask {title} if they have fetched it. You see here when they have.",),
    ),
    State.EXPIRED: (
        "The page has ended",
        (
            "Nobody fetched it in seven days, so it was destroyed.",
            "If it must go after all, send it again.",
        ),
    ),
}
"""Where it is fetched from a page, and nobody has fetched it yet."""


def _words_of(view: DisclosureView) -> tuple[str, tuple[str, ...]]:
    """Return title and sentences of what is on its way, by mail or by a page."""
    state = view.disclosure.state
    if view.page is not None and not view.page.was_fetched and state in _BY_PAGE:
        return _BY_PAGE[state]
    if view.page is not None and view.page.form is PageForm.OPEN and state is State.ACKNOWLEDGED:
        title, sentences = _ON_ITS_WAY[state]
        return title, ("They fetched it from its page.", *sentences[1:])
    if state in _BEFORE_A_PAGE and view.way_out is not None and view.way_out.way is Way.PORTAL:
        return "It is on its way to {title}", (_WE_TELL_YOU_OF_A_PAGE,)
    return _ON_ITS_WAY[state]


def _with_the_guardian(view: DisclosureView, whom: Whom) -> OutcomeWords:
    if view.waits_for_nobody:
        return OutcomeWords(
            title="Nobody can decide this for you here",
            sentences=(f"Nothing was sent. Ring {whom.lead} now, on {whom.lead_telephone}.",),
        )
    due_on = view.disclosure.due_on
    by = "" if due_on is None else f" by {spelled_day(due_on)}"
    if view.disclosure.state is State.ASKED:
        return OutcomeWords(
            title="Your Guardian asks you something",
            sentences=(f"Nothing is sent until they decide. Answer{by}.", NO_CRITICISM),
        )
    return OutcomeWords(
        title="Your Guardian decides this one",
        sentences=(f"Nothing was sent. They answer{by}, and may ask you something.", NO_CRITICISM),
        items_heading="Why they look at it",
        items=_said(view, "refer"),
    )


def _refused(view: DisclosureView, whom: Whom) -> OutcomeWords:
    decision = as_object(view.decision)
    stopping = {text(as_object(one)["rule"]) for one in _stops(view, "refuse")}
    ring = right_to_ask(whom.lead, whom.lead_telephone)
    if stopping & NOTHING_MAKES_IT_RIGHT:
        return OutcomeWords(
            title="This cannot go as it stands",
            sentences=("Nothing was sent.", NOTHING_WOULD, ring),
        )
    return OutcomeWords(
        title="This cannot go as it stands",
        sentences=("Nothing was sent.", ring),
        items_heading=RIGHT_IF,
        items=texts(decision["lawful_if"]),
    )


def _stopped(view: DisclosureView, whom: Whom) -> OutcomeWords:
    if view.disclosure.sealed_sha256 is None or not view.told:
        return OutcomeWords(title="Stopped", sentences=("Nobody can open it.",))
    return OutcomeWords(
        title="Stopped",
        sentences=(
            "They have heard the words, so they may have opened it.",
            f"Ring {whom.title} on {whom.telephone} now and ask them to delete it.",
        ),
    )


def _said(view: DisclosureView, effect: str) -> tuple[str, ...]:
    return tuple(text(as_object(one)["say"]) for one in _stops(view, effect))


def _stops(view: DisclosureView, effect: str) -> list[object]:
    findings = as_array(as_object(view.decision)["findings"])
    return [one for one in findings if as_object(one)["effect"] == effect]
