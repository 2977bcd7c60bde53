"""The sender's reply to a Guardian: what only their answer settles is judged anew.

What that is, the rules themselves say: a question of a pack is one of it where another answer
makes them ask one thing less.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from broker.disclosures.decisions import keep_decision
from broker.disclosures.judge import Judge
from broker.disclosures.questions import keep_reply, questions_of
from broker.domain.deadlines import answer_due
from broker.domain.errors import NotAllowedError
from broker.domain.guardians.settling import (
    UNSETTLED,
    Settlement,
    may_be_answered,
    may_be_written,
    settled,
    value_at,
    with_answers,
)
from broker.domain.model import Disclosure, MailboxId, Person
from broker.domain.states import WAITING_FOR_A_GUARDIAN, State
from broker.domain.times import uk_day
from broker.ledger import events
from broker.ledger.events import Event
from broker.storage.case_file import CaseFile
from broker.storage.transaction import Transaction
from policies import Decision, Rulebook, SettledBy, decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What somebody replies: words, and answers to what nobody knew."""

    person: Person
    words: str
    settles: Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """What only an answer settles: its places, and what was answered to everything until now."""

    places: tuple[str, ...]
    questions: Mapping[str, object]
    recipient: MailboxId


def keep_and_judge(
    tx: Transaction, judge: Judge, disclosure: Disclosure, reply: Reply, now: datetime
) -> tuple[Disclosure, tuple[Event, ...]]:
    """Keep a reply, and judge anew what it settles.

    Returns where it stands then, and what the ledger is to hold.

    Raises `NotAllowedError` for an answer that the rules do not wait for.
    """
    file, person = tx.case_file(disclosure), reply.person
    before = file.pack()
    if reply.settles.is_empty:
        reply_c = keep_reply(file, person, reply.words, reply.settles)
        due_on = answer_due(before.questions, uk_day(now))
        moved = tx.store.move(disclosure, State.REFERRED, now, due_on=due_on)
        return moved, (events.replied(disclosure, person, reply_c),)
    _must_be_waited_for(unsettled_of(tx, judge, disclosure, now), reply.settles)
    judgement = judge.judge_again(tx, disclosure, settled(before, reply.settles), now)
    after = judgement.following(disclosure)
    tx.store.judge_again(disclosure, after)
    reply_c = keep_reply(file, person, reply.words, reply.settles)
    decided = keep_decision(tx, file, after, judgement)
    return after, (events.replied(after, person, reply_c), decided)


def unsettled_of(
    tx: Transaction, judge: Judge, disclosure: Disclosure, now: datetime
) -> Unsettled:
    """Return what only an answer settles of a referral that waits; nothing of any other."""
    pack = tx.case_file(disclosure).pack()
    places: tuple[str, ...] = ()
    if disclosure.state in WAITING_FOR_A_GUARDIAN:
        facts = judge.trying().judge_again(tx, disclosure, pack, now).facts
        places = unsettled(facts, judge.rules.in_force(tx, now))
    return Unsettled(places=places, questions=pack.questions, recipient=pack.recipient)


def was_replied(disclosure: Disclosure, file: CaseFile, words: str) -> bool:
    """Say whether these very words replied to the newest question already."""
    newest = questions_of(file)[-1:]
    is_replied = any(one.reply == words for one in newest)
    return disclosure.state is not State.ASKED and is_replied


def unsettled(facts: Mapping[str, object], rulebook: Rulebook) -> tuple[str, ...]:
    """Return the places of what nobody knows and the rules wait for, in a fixed order."""
    open_now = frozenset(_open(decide(facts, rulebook)))
    if not open_now:
        return ()
    return tuple(place for place in UNSETTLED if _would_settle(place, facts, rulebook, open_now))


def _would_settle(
    place: str, facts: Mapping[str, object], rulebook: Rulebook, open_now: frozenset[str]
) -> bool:
    words = UNSETTLED[place]
    if value_at(facts, place) not in words:
        return False
    others = (word for word in rulebook.vocabulary.shapes[place].words if word not in words)
    return any(
        open_now - set(_open(decide(with_answers(facts, {place: word}), rulebook)))
        for word in others
    )


def _open(decision: Decision) -> Iterator[str]:
    for finding in decision.findings:
        if decision.settled_by.get(finding.rule) is SettledBy.AN_ANSWER:
            yield from (f"{finding.rule} {text}" for text in finding.lawful_if)


def _must_be_waited_for(waited: Unsettled, given: Settlement) -> None:
    strange = {*given.answers} - may_be_answered(waited.places)
    strange |= {*given.form} - may_be_written(waited.places)
    if not strange:
        return
    wanted = ", ".join(waited.places) or "nothing"
    raise NotAllowedError(
        "A reply answers what the rules wait for, and changes nothing else. They wait for: "
        f"{wanted}. Where something else has changed, recall it and submit it anew."
    )
