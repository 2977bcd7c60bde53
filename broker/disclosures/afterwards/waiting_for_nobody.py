"""A referral that nobody can decide is told to the leads of its body, as it is taken in."""

from datetime import date
from typing import Final

from broker.delivery.person_notices import PersonNotice
from broker.domain.model import Disclosure
from broker.domain.roles import Role
from broker.domain.states import State
from broker.registers.checkers import colleagues
from broker.registers.deciders import nobody_decides
from broker.storage.transaction import Transaction

_NONE_HERE: Final = "your organisation has none. Nothing was sent."
_WHAT_HELPS: Final = (
    "Ring its sender and police Prevent advice today.",
    "Have a Guardian entered, or have those of another organisation decide for yours.",
)


def told_to_leads(
    tx: Transaction, disclosure: Disclosure, today: date
) -> tuple[PersonNotice, ...]:
    """Return the notices to be sent once it is kept; none where somebody can decide it."""
    if disclosure.state is not State.REFERRED:
        return ()
    if not nobody_decides(tx, disclosure.sender, today):
        return ()
    leads = colleagues(tx, disclosure.sender, (Role.LEAD,), today)
    subject = f"{disclosure.reference}: nobody can decide it here"
    waits = f"{disclosure.reference} waits for a Caldicott Guardian, and {_NONE_HERE}"
    return tuple(
        PersonNotice(to=one.contact, subject=subject, sentences=(waits, *_WHAT_HELPS))
        for one in leads
    )
