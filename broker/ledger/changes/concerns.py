"""What each change of a concern writes on the ledger, with the row it made."""

from typing import NamedTuple, TypedDict

from audit.format import events as ledger
from broker.domain.concerns.concerns import Advice, Answer, Concern, Ending
from broker.domain.obligations import NOBODY_LOOKS_BACK, SAMPLE
from broker.ledger.events import Event
from broker.storage.rows.believed import RowAsStored
from keys import PersonId


class Kept(NamedTuple):
    """What was kept of a concern: its row, and its marks, None where they are as they were."""

    row: RowAsStored
    marks: str | None


class _Named(TypedDict):
    """What every event about a concern says."""

    row: str
    row_mac: str | None
    ref: str
    case: str


def concern_noted(concern: Concern, now: Kept) -> Event:
    """Return the event: a draft became a concern, which somebody was asked to check."""
    asked = concern.newest
    return ledger.ConcernNoted(
        **_named(concern, now.row),
        by=concern.owner,
        agency=concern.agency,
        asked_of=asked.asked_of,
        role=asked.role.value,
        marks_mac=now.marks,
    ).event()


def concern_asked(concern: Concern, by: PersonId, now: Kept) -> Event:
    """Return the event: somebody was asked once more, or somebody else was."""
    asked = concern.newest
    return ledger.ConcernAsked(
        **_named(concern, now.row),
        by=by,
        asked_of=asked.asked_of,
        role=asked.role.value,
        marks_mac=now.marks,
    ).event()


def concern_checked(
    concern: Concern, answer: Answer, reason_c: str, now: Kept, *, sees_earlier: bool
) -> Event:
    """Return the event: whoever was asked answered, who may see earlier concerns or may not."""
    return ledger.ConcernChecked(
        **_named(concern, now.row),
        by=answer.by,
        advice=answer.advice.value,
        also=sorted(answer.also),
        reason_c=reason_c,
        earlier=_before(answer.advice, sees_earlier=sees_earlier),
        marks_mac=now.marks,
    ).event()


def _before(advice: Advice, *, sees_earlier: bool) -> str:
    """Return what was asked of a checker first: nothing of it says whether anything was known."""
    if not sees_earlier:
        return "not-shown"
    return "opened" if advice.ends_it else "not-waited-for"


def concern_carried_on(concern: Concern, by: PersonId, why_c: str, now: RowAsStored) -> Event:
    """Return the event: its writer carries on without an answer, or against one."""
    what = "against-advice" if concern.is_against_advice else "cannot-wait"
    return ledger.ConcernCarriedOn(**_named(concern, now), by=by, what=what, why_c=why_c).event()


def concern_overdue(concern: Concern, now: RowAsStored) -> Event:
    """Return the event: an answer is late, and the others were told."""
    return ledger.ConcernOverdue(**_named(concern, now)).event()


def concern_closed(concern: Concern, by: PersonId, end: Ending, now: Kept) -> Event:
    """Return the event: a concern is over."""
    look_back = NOBODY_LOOKS_BACK if concern.look_back_on is None else SAMPLE
    return ledger.ConcernClosed(
        **_named(concern, now.row),
        by=by,
        what=end.value,
        look_back=look_back,
        marks_mac=now.marks,
    ).event()


def _named(concern: Concern, now: RowAsStored) -> _Named:
    return _Named(row=now.name, row_mac=now.mac, ref=str(concern.reference), case=concern.case)
