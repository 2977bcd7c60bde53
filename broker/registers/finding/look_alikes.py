"""Addresses that look like another: named, so that whoever rings has them spelt out. Pure."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from broker.domain.model import Mailbox, MailboxId

_LOOK: Final = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "5": "s", "-": None, ".": None, "_": None}
)


def look_alikes(contact: Mailbox, others: Iterable[Mailbox]) -> tuple[Mailbox, ...]:
    """Return the contacts of other bodies whose address looks like this one's and is another.

    The host of one differs from that of the other by a letter at most, or by signs that look the
    same. Within a body many addresses are alike for good reasons.
    """
    host = _host(contact)
    if not host:
        return ()
    return tuple(
        other
        for other in others
        if other.agency != contact.agency
        and other.backing.retired_on is None
        and (found := _host(other))
        and found != host
        and (_look(found) == _look(host) or _differ_by_one(found, host))
    )


def all_look_alikes(
    contacts: Iterable[Mailbox], among: Sequence[Mailbox]
) -> dict[MailboxId, tuple[MailboxId, ...]]:
    """Return, for each contact whose address looks like others, the identifiers of those."""
    found = ((one.id, look_alikes(one, among)) for one in contacts)
    return {id_: tuple(other.id for other in alike) for id_, alike in found if alike}


def _host(contact: Mailbox) -> str:
    return contact.address.rpartition("@")[2].casefold()


@lru_cache(maxsize=4_096)
def _look(host: str) -> str:
    return host.translate(_LOOK).replace("rn", "m").replace("vv", "w")


def _differ_by_one(one: str, other: str) -> bool:
    """Say whether one letter was put in, taken out or written instead of another."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((n for n in range(len(one)) if one[n] != other[n]), len(one))
    return one[at + (len(one) == len(other)) :] == other[at + 1 :]
