"""What waits for somebody, in words and days, what is late first: pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.disclosures.afterwards.mine import Mine
from broker.domain.model import Disclosure
from broker.domain.obligations import CONFIRM_RECEIPT
from broker.domain.states import State
from broker.domain.times import spelled_day
from broker.web.journeys.outcome_words import HANDOVER, HANDOVER_OF_A_CODE, YOURS
from policies import Outcome

_ASK: Final = "Ask if it opened"
_OTHERWISE: Final = "Look at what is to be done"

_WAITS: Final[Mapping[State, tuple[str, str]]] = {
    State.ASKED: ("Answer your Guardian's question", "reply"),
    State.REJECTED: ("It could not be delivered. Ring them, and send it another way", "delivery"),
    State.UNKNOWN: ("Nobody knows if it arrived. Ring them and ask", "delivery"),
    State.EXPIRED: ("The words are gone. Say if it has opened, or send it again", ""),
}
"""Where somebody must act because of where a referral stands, and on which of its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One thing to do: about which referral, the last day for it, and how many days late it is."""

    reference: str
    words: str
    by: date | None
    days_late: int
    page: str
    is_urgent: bool = False

    @property
    def address(self) -> str:
        """Where it is done."""
        return f"/referrals/{self.reference}" + (f"/{self.page}" if self.page else "")


def to_do(mine: Mine, today: date) -> tuple[ToDo, ...]:
    """Return everything that waits for somebody: emergencies, what is late, then by its day."""
    found = [*_waiting(mine.stuck, today), *_owed(mine, today)]
    return tuple(sorted(found, key=_first))


def duty_words(kind: str, day: date | None) -> str:
    """Return a duty of the sender's in their words."""
    words = YOURS.get(kind, _OTHERWISE)
    return words.format(day="the day that we set" if day is None else spelled_day(day))


def days_late(day: date | None, today: date) -> int:
    """Return by how many days something is late, 0 where it is not."""
    return 0 if day is None else max(0, (today - day).days)


def _first(one: ToDo) -> tuple[bool, bool, date]:
    return not one.is_urgent, not one.days_late, one.by or date.min


def _waiting(stuck: tuple[Disclosure, ...], today: date) -> Iterator[ToDo]:
    for disclosure in stuck:
        words, page = _WAITS[disclosure.state]
        yield _thing(disclosure, words, disclosure.due_on, page, today)


def _owed(mine: Mine, today: date) -> Iterator[ToDo]:
    for disclosure, duty in mine.owed:
        if duty.type != CONFIRM_RECEIPT:
            words = duty_words(duty.type, duty.due_on)
            yield _thing(disclosure, words, duty.due_on, f"duties/{duty.type}", today)
        elif disclosure.state is State.SENT:
            is_fetched = disclosure.reference in mine.by_page
            words = HANDOVER_OF_A_CODE if is_fetched else HANDOVER
            yield _thing(disclosure, words, duty.due_on, "handover", today)
        elif disclosure.state is State.TOLD:
            yield _thing(disclosure, _ASK, duty.due_on, "opened", today)


def _thing(disclosure: Disclosure, words: str, by: date | None, page: str, today: date) -> ToDo:
    is_emergency = disclosure.outcome == Outcome.EMERGENCY.value
    return ToDo(
        reference=str(disclosure.reference),
        words=words,
        by=by,
        days_late=days_late(by, today),
        page=page,
        is_urgent=is_emergency and page == "handover",
    )
