"""What becomes of a contact that is entered, changed, rung about or retired: pure.

Whoever enters a contact does not confirm it: it takes two. What the last call stood behind stays
trusted through every change until the next one, so that a number is rung that nobody just gave.
"""

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from broker.domain.directory.backing import WAIT, Backing, CallBack, NumberFrom
from broker.domain.directory.functions import NEVER_ADDRESSED
from broker.domain.errors import Fault, FaultyDocumentError, NotAllowedError, WrongStateError
from broker.domain.model import Mailbox
from broker.domain.times import uk_day
from keys import PersonId

_FEWEST_DIGITS: Final = 3
_LONGEST_FUNCTION: Final = 100


def entered(contact: Mailbox, by: PersonId, at: datetime) -> Mailbox:
    """Return a new contact as it is first kept: nobody has rung, whatever it says."""
    return replace(
        contact,
        version=1,
        verified_on=None,
        verified_by=None,
        backing=Backing(entered_by=by, entered_at=at),
    )


def changed(before: Mailbox, after: Mailbox, by: PersonId, at: datetime) -> Mailbox:
    """Return a contact that says something else from now on; nobody has rung about that yet.

    Where neither address nor number is left of what was trusted, it waits for 24 hours.
    """
    address, telephone = trusted(before)
    both = (
        address is not None
        and telephone is not None
        and after.address.casefold() != address.casefold()
        and digits_of(after.telephone) != digits_of(telephone)
    )
    return replace(
        after,
        version=before.version + 1,
        verified_on=None,
        verified_by=None,
        backing=Backing(
            entered_by=by,
            entered_at=at,
            trusted_address=address,
            trusted_telephone=telephone,
            waits_until=at + WAIT if both else None,
        ),
    )


def is_another(before: Mailbox, after: Mailbox) -> bool:
    """Say whether a contact says something else than before, or stands again after retiring."""
    return _said(before) != _said(after) or before.backing.retired_on is not None


def trusted(contact: Mailbox) -> tuple[str | None, str | None]:
    """Return the address and the number that a call last stood behind, None before the first."""
    if contact.verified_on is not None:
        return contact.address, contact.telephone
    return contact.backing.trusted_address, contact.backing.trusted_telephone


def number_to_ring(contact: Mailbox) -> str | None:
    """Return the number that must be rung about a contact; None where any from elsewhere may."""
    return trusted(contact)[1]


def called_back(contact: Mailbox, call: CallBack, by: PersonId, at: datetime) -> Mailbox:
    """Return a contact that somebody confirmed on the telephone.

    Raises `NotAllowedError` for whoever entered it, `WrongStateError` where it cannot be confirmed
    yet, and `FaultyDocumentError` for a call that proves nothing.
    """
    if by == contact.backing.entered_by:
        raise NotAllowedError("Someone else must confirm what you entered.")
    _refuse_unready(contact, at)
    faults = tuple(_faults(contact, call))
    if faults:
        raise FaultyDocumentError(faults)
    return replace(
        contact,
        verified_on=uk_day(at),
        verified_by=by,
        backing=replace(contact.backing, call=call, waits_until=None),
    )


def retired(contact: Mailbox, on: date) -> Mailbox:
    """Return a contact to which nothing goes any more; what it said stays.

    Raises `WrongStateError` for one that is retired already.
    """
    if contact.backing.retired_on is not None:
        raise WrongStateError("This contact is retired already.")
    address, telephone = trusted(contact)
    backing = replace(
        contact.backing, trusted_address=address, trusted_telephone=telephone, retired_on=on
    )
    return replace(contact, verified_on=None, verified_by=None, backing=backing)


def digits_of(telephone: str) -> str:
    """Return the digits of a number as it is dialled within the country.

    >>> digits_of("+44 (0)1632 960 001") == digits_of("01632 960001")
    True
    """
    digits = re.sub(r"[^0-9+]", "", telephone.replace("(0)", ""))
    return re.sub(r"^(\+44|0044)0?", "0", digits)


def is_complete(contact: Mailbox) -> bool:
    """Say whether there is something to ring about: a number, and an address if one is needed."""
    needs_address = contact.listing.kept_as not in {*NEVER_ADDRESSED}
    return bool(contact.telephone and (contact.address or not needs_address))


def _refuse_unready(contact: Mailbox, at: datetime) -> None:
    if contact.backing.retired_on is not None:
        raise WrongStateError("This contact is retired. Change it first, if it is used again.")
    if not is_complete(contact):
        raise WrongStateError("Enter its address and number first, then ring.")
    waits_until = contact.backing.waits_until
    if waits_until is not None and at < waits_until:
        raise WrongStateError(
            "Address and number were changed together, so this waits for 24 hours. Ring then, on "
            "the number of before."
        )


def _faults(contact: Mailbox, call: CallBack) -> list[Fault]:
    faults: list[Fault] = []
    before = number_to_ring(contact)
    if before is None and call.source is NumberFrom.BEFORE:
        faults.append(Fault(place="source", problem="must be another: no number stood here"))
    if before is not None and digits_of(call.number) != digits_of(before):
        faults.append(Fault(place="number", problem="must be the one that was confirmed before"))
    if len(digits_of(call.number)) < _FEWEST_DIGITS:
        faults.append(Fault(place="number", problem="must be the number that was rung"))
    if not 1 <= len(call.spoke_to.strip()) <= _LONGEST_FUNCTION:
        faults.append(Fault(place="spoke_to", problem="must say whom by function, never a name"))
    return faults


def _said(contact: Mailbox) -> Mailbox:
    return replace(contact, version=0, verified_on=None, verified_by=None, backing=Backing())
