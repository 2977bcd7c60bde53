"""Who hears by mail of a referral that waits: who decides it, and the sender asked meanwhile.

The mail holds a reference and a day. It goes once what it tells is committed, and never stops it.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from broker.cases.members import wrote_or_checked
from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.model import Disclosure
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import spelled_day, uk_day
from broker.registers.checkers import colleagues
from broker.registers.deciders import guardian_bodies, nobody_decides
from broker.storage.transaction import Transaction
from keys import PersonId

_NONE_HERE: Final = "your organisation has none. Nothing was sent."
_WHAT_HELPS: Final = (
    "Ring its sender and police Prevent advice today.",
    "Have a Guardian entered, or have those of another organisation decide for yours.",
)
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

    Who asked for it, wrote or checked it is told nothing, nor is whoever else `had_a_part`.
    """
    if disclosure.state is State.REFERRED:
        _send(tx, notices, _of_referral(tx, disclosure, now, had_a_part), now)


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
    _send(tx, notices, iter((told,)), now)


def _send(
    tx: Transaction, notices: PersonNotices, told: Iterator[PersonNotice], now: datetime
) -> None:
    tx.once_kept.extend(partial(notices.send, one, now) for one in tuple(told))


def _of_referral(
    tx: Transaction, disclosure: Disclosure, now: datetime, had_a_part: PersonId | None
) -> Iterator[PersonNotice]:
    today = uk_day(now)
    if nobody_decides(tx, disclosure.sender, today):
        subject = f"{disclosure.reference}: nobody can decide it here"
        waits = f"{disclosure.reference} waits for a Caldicott Guardian, and {_NONE_HERE}"
        for one in colleagues(tx, disclosure.sender, (Role.LEAD,), today):
            yield PersonNotice(to=one.contact, subject=subject, sentences=(waits, *_WHAT_HELPS))
        return
    due = "" if disclosure.due_on is None else f", due {spelled_day(disclosure.due_on)}"
    said = f"A decision about {disclosure.reference} waits for you{due}."
    barred = {disclosure.requester, had_a_part, *wrote_or_checked(tx, disclosure.case)}
    for body in guardian_bodies(tx, disclosure.sender):
        for one in colleagues(tx, body, (Role.GUARDIAN,), today):
            if one.person not in barred:
                yield PersonNotice(
                    to=one.contact,
                    subject=f"{disclosure.reference}: a decision waits",
                    sentences=(said, _UNTIL_THEN),
                )
