"""What stands still is told to a named person, once for each step; nothing else comes of a day.

No call within a day, no opening within a working day, not delivered, a duty past its day: its
sender hears of it, of a duty then their lead, then the Guardian; and on the recipient's side the
mailbox and whoever leads there. Each step is an entry, so that it is told once, whoever asks
again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from audit.format.entry import Entry
from broker.delivery.chasing import NOTHING_LATE, Chased, Chaser
from broker.delivery.person_notices import PersonNotice
from broker.delivery.trying import is_untried
from broker.domain.days.working_days import next_working_day
from broker.domain.model import Disclosure, Duty
from broker.domain.obligations import CLOSED_OTHERWISE
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import moment_of, uk_day
from broker.ledger import events
from broker.ledger.changes.retractions import is_awaited
from broker.registers.checkers import Colleague, colleagues
from broker.storage.case_file import Part
from broker.storage.transaction import Transaction
from keys import AgencyId


class Step(StrEnum):
    """What is late, in the ledger's words; a duty climbs from its owner to lead and Guardian."""

    NO_CALL = "no-call"
    NOT_OPENED = "not-opened"
    NOT_DELIVERED = "not-delivered"
    NOT_DELETED = "not-deleted"
    DUTY_OWNER = "duty-owner"
    DUTY_LEAD = "duty-lead"
    DUTY_GUARDIAN = "duty-guardian"


CALL_WITHIN: Final = timedelta(hours=24)
"""How long after sending the words should have been told."""

CALL_UNTRIED_WITHIN: Final = timedelta(hours=4)
"""The same where no document of ours is known to have opened at that contact yet."""

_HEARS: Final = {
    Step.DUTY_LEAD: (Role.LEAD,),
    Step.DUTY_GUARDIAN: (Role.GUARDIAN,),
}
_SENTENCES: Final = {
    Step.NO_CALL: "It was sent more than a day ago, and nobody has told its words. Ring them.",
    Step.NOT_OPENED: "Its words were told, and nobody has said that it opened. Ring them.",
    Step.NOT_DELIVERED: "It did not arrive, or nobody knows. Ring them, then say what to do.",
    Step.NOT_DELETED: "It was called back, and nobody has said that they deleted it. Ring them.",
    Step.DUTY_OWNER: "Something that it left to be done is past its day.",
    Step.DUTY_LEAD: "Something that it left to be done is past its day, and its owner was told.",
    Step.DUTY_GUARDIAN: "Something that it left to be done is late, and owner and lead were told.",
}
_IT_WAS_SENT: Final = (
    "A sealed document of this reference was sent to {to}, and nobody has said that it opened. If "
    "nobody has rung you, or it does not open, ring whoever sent it, on a number that you know."
)
_TO_THE_RECIPIENT: Final = {
    Step.NO_CALL: _IT_WAS_SENT,
    Step.NOT_OPENED: _IT_WAS_SENT,
    Step.NOT_DELIVERED: (
        "A sealed document of this reference was to come to {to}, and it did not, or nobody "
        "knows. Whoever sends it rings you. If nobody has, ring them, on a number that you know."
    ),
}
"""What the recipient's side is told of a step: the mailbox, and whoever leads there."""

_LEADS_THERE: Final = (
    Role.POLICE_LEAD,
    Role.ADULTS_LEAD,
    Role.FAMILIES_LEAD,
    Role.COORDINATOR,
    Role.LEAD,
)
_KEEP_THE_INBOX: Final = (Role.POLICE,)
_WAITS: Final = (State.SENT, State.TOLD, State.REJECTED, State.UNKNOWN, State.RECALLED)
_MOVES: Final = frozenset(
    {
        "sent",
        "sent-by-hand",
        "arrival.confirmed",
        "revealed",
        "rejected",
        "gave-up",
        "unknown",
        "retraction.asked",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """One thing that is late about a disclosure; `duty` where it is one."""

    step: Step
    duty: str | None = None

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {"step": self.step.value, "duty": self.duty, "say": self.sentence}

    @property
    def sentence(self) -> str:
        """Return it in words, without a name."""
        return _SENTENCES[self.step]


def late_by_state(
    state: State, entries: Sequence[Entry], now: datetime, within: timedelta = CALL_WITHIN
) -> Late | None:
    """Return what is late where a disclosure stands, None for nothing; pure.

    `within` is how long after sending its words are told.
    """
    moved = next((entry for entry in reversed(entries) if entry.type in _MOVES), None)
    if moved is None:
        return None
    since = moment_of(moved.moment)
    match state:
        case State.SENT if now - since >= within:
            return Late(step=Step.NO_CALL)
        case State.TOLD if uk_day(now) > next_working_day(uk_day(since)):
            return Late(step=Step.NOT_OPENED)
        case State.REJECTED | State.UNKNOWN:
            return Late(step=Step.NOT_DELIVERED)
        case State.RECALLED | State.ACKNOWLEDGED if is_awaited(entries) and uk_day(
            now
        ) > next_working_day(uk_day(since)):
            return Late(step=Step.NOT_DELETED)
        case _:
            return None


def late_duties(duties: Iterable[Duty], now: datetime) -> Iterator[Late]:
    """Yield how far each open duty has climbed: a step higher with each working day; pure.

    That the document opened is asked after above, and Guardians have what they look back at in a
    list of their own.
    """
    today = uk_day(now)
    for duty in duties:
        if duty.done_on or duty.type in CLOSED_OTHERWISE:
            continue
        if duty.due_on is None or duty.due_on >= today:
            continue
        first = next_working_day(duty.due_on)
        yield Late(step=Step.DUTY_OWNER, duty=duty.type)
        if today > first:
            yield Late(step=Step.DUTY_LEAD, duty=duty.type)
        if today > next_working_day(first):
            yield Late(step=Step.DUTY_GUARDIAN, duty=duty.type)


def was_told(late: Late, entries: Sequence[Entry]) -> bool:
    """Say whether the ledger has that it was told, since the disclosure last moved; pure."""
    after = 0
    if late.duty is None:
        after = max((entry.seq for entry in entries if entry.type in _MOVES), default=0)
    return any(
        entry.type == "chased"
        and entry.seq > after
        and (entry.event["step"], entry.event.get("duty")) == (late.step.value, late.duty)
        for entry in entries
    )


def late_about(
    state: State,
    entries: Sequence[Entry],
    duties: Iterable[Duty],
    now: datetime,
    *,
    is_untried: bool,
) -> tuple[Late, ...]:
    """Return everything that is late about a disclosure; pure.

    A contact where nothing of ours has opened yet is rung the same day.
    """
    within = CALL_UNTRIED_WITHIN if is_untried else CALL_WITHIN
    by_state = late_by_state(state, entries, now, within)
    found = () if by_state is None else (by_state,)
    return (*found, *late_duties(duties, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chasing:
    """Tells people of what stands still; every disclosure by itself."""

    chaser: Chaser

    def chase(self) -> int:
        """Tell of everything late that was not told yet; return how many things."""
        today = uk_day(self.chaser.clock())
        with self.chaser.transaction() as tx:
            called_back = tx.store.holding(Part.WHY_CALLED_BACK)
            waiting = [one.reference for one in (*tx.store.standing_at(_WAITS), *called_back)]
            owing = tx.duties.references_overdue(today)
        return self.chaser.each(dict.fromkeys((*waiting, *owing)), _chased)


def _chased(tx: Transaction, reference: Reference, now: datetime) -> Chased:
    """Record what is late about a disclosure and was not told yet, and return who hears it."""
    disclosure = tx.disclosure(reference)
    entries = tx.about(reference)
    found = late_about(
        disclosure.state,
        entries,
        tx.duties.of(reference),
        now,
        is_untried=is_untried(tx, disclosure.recipient),
    )
    late = [one for one in found if not was_told(one, entries)]
    if not late:
        return NOTHING_LATE
    heard = tuple(notice for one in late for notice in _heard(tx, disclosure, one, now))
    tx.append(*(events.chased(disclosure, one.step, one.duty) for one in late))
    return Chased(steps=len(late), notices=heard)


def _heard(
    tx: Transaction, disclosure: Disclosure, late: Late, now: datetime
) -> Iterator[PersonNotice]:
    subject = f"Document {disclosure.reference} waits for you"
    for to in _addresses(tx, disclosure, late, now):
        yield PersonNotice(to=to, subject=subject, sentences=(late.sentence,))
    if late.step in _TO_THE_RECIPIENT:
        mailbox, said = tx.directory.mailbox(disclosure.recipient), _TO_THE_RECIPIENT[late.step]
        subject = f"Document {disclosure.reference}"
        to_it = (said.format(to="this mailbox"),)
        yield PersonNotice(to=mailbox.address, subject=subject, sentences=to_it)
        to_them = (said.format(to=f"{mailbox.title}, your contact"),)
        for one in _at_the_recipient(tx, mailbox.agency, now):
            yield PersonNotice(to=one.contact, subject=subject, sentences=to_them)


def _at_the_recipient(tx: Transaction, body: AgencyId, now: datetime) -> tuple[Colleague, ...]:
    """Return who leads where a document goes; where nobody does, who keeps the inbox there."""
    today = uk_day(now)
    leads = colleagues(tx, body, _LEADS_THERE, today)
    return leads or colleagues(tx, body, _KEEP_THE_INBOX, today)


def _addresses(
    tx: Transaction, disclosure: Disclosure, late: Late, now: datetime
) -> Iterator[str]:
    """Yield who hears of it; for a sender that is a machine or has left, who leads there."""
    sender = tx.people.find(disclosure.requester)
    if late.step not in _HEARS and sender is not None and sender.disabled_on is None:
        yield sender.contact
        return
    roles = _HEARS.get(late.step, (Role.LEAD,))
    found = colleagues(tx, disclosure.sender, roles, uk_day(now))
    yield from (one.contact for one in found)
