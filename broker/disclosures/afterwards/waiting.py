"""Who hears by mail of a referral that waits: who decides it, and the sender asked meanwhile.

The mail holds a reference and a day. It goes once what it tells is committed, and never stops it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Final

from broker.cases.members import wrote_or_checked
from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.model import Disclosure
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import spelled_day, uk_day
from broker.registers.checkers import Colleague, colleagues
from broker.registers.deciders import guardian_bodies, nobody_decides
from broker.storage.transaction import Transaction
from keys import PersonId
from policies import Outcome

_NONE_HERE: Final = "your organisation has none. Nothing was sent."
_WHAT_HELPS: Final = (
    "Ring its sender and police Prevent advice today.",
    "Have a Guardian entered, or have those of another organisation decide for yours.",
)
_LOOK_BACK: Final = "Look at it by the next day: was it right that it went?"
_UNTIL_THEN: Final = "Nothing of it is sent before that. A day that passes sends nothing either."


def tell_who_decides(
    tx: Transaction,
    notices: PersonNotices,
    disclosure: Disclosure,
    now: datetime,
    *,
    had_a_part: PersonId | None = None,
) -> None:
    """Write to each Guardian who may decide a referral; to its leads where nobody can.

    Of an emergency, which waits for nobody, they hear as well: its pages say so to the sender.
    Who asked for it, wrote or checked it is told nothing, nor is whoever else `had_a_part`.
    """
    reference, due = disclosure.reference, disclosure.due_on
    if disclosure.state is State.REFERRED:
        if nobody_decides(tx, disclosure.sender, uk_day(now)):
            _send(tx, notices, _to_leads(tx, disclosure, now), now)
            return
        by = "" if due is None else f", due {spelled_day(due)}"
        subject = f"{reference}: a decision waits"
        said = (f"A decision about {reference} waits for you{by}.", _UNTIL_THEN)
    elif disclosure.outcome == Outcome.EMERGENCY:
        subject = f"{reference}: an emergency went"
        said = (f"{reference} went to the police at once, as an emergency.", _LOOK_BACK)
    else:
        return
    barred = {disclosure.requester, had_a_part, *wrote_or_checked(tx, disclosure.case)}
    guardians = _guardians_of(tx, disclosure, now)
    told = (
        PersonNotice(to=one.contact, subject=subject, sentences=said)
        for one in guardians
        if one.person not in barred
    )
    _send(tx, notices, told, now)


def tell_the_sender(
    tx: Transaction, notices: PersonNotices, disclosure: Disclosure, now: datetime
) -> None:
    """Write to who asked for a disclosure that its Guardian asks them something, or decided."""
    sender = tx.people.find(disclosure.requester)
    if sender is None or sender.disabled_on is not None or disclosure.state is State.REFERRED:
        return
    reference, is_asked = disclosure.reference, disclosure.state is State.ASKED
    told = PersonNotice(
        to=sender.contact,
        subject=f"{reference}: your Guardian {'asks you something' if is_asked else 'decided'}",
        sentences=(
            f"Your Guardian asks you something about {reference}. Nothing is sent until then."
            if is_asked
            else f"Your Guardian decided {reference}. What comes next is yours.",
        ),
    )
    _send(tx, notices, (told,), now)


def _send(
    tx: Transaction, notices: PersonNotices, told: Iterable[PersonNotice], now: datetime
) -> None:
    tx.once_kept.extend(partial(notices.send, one, now) for one in told)


def _to_leads(tx: Transaction, disclosure: Disclosure, now: datetime) -> Iterator[PersonNotice]:
    subject = f"{disclosure.reference}: nobody can decide it here"
    waits = f"{disclosure.reference} waits for a Caldicott Guardian, and {_NONE_HERE}"
    for one in colleagues(tx, disclosure.sender, (Role.LEAD,), uk_day(now)):
        yield PersonNotice(to=one.contact, subject=subject, sentences=(waits, *_WHAT_HELPS))


def _guardians_of(tx: Transaction, disclosure: Disclosure, now: datetime) -> Iterator[Colleague]:
    """Yield who decides for its sender's body today; of an emergency, that body's own alone."""
    is_referred = disclosure.state is State.REFERRED
    own = (disclosure.sender,)
    for body in guardian_bodies(tx, disclosure.sender) if is_referred else own:
        yield from colleagues(tx, body, (Role.GUARDIAN,), uk_day(now))
