"""What of an entry is told to a client's machine: where a reference stands, if it is theirs."""

from typing import Final

from audit.format.entry import Entry
from audit.log.known import REF
from broker.domain.machines.clients import Client
from broker.domain.machines.words import (
    OF_DISCLOSURES,
    OF_RECEIVED,
    TO_ASKERS,
    TO_THE_ASKED,
    Word,
)
from broker.domain.roles import Role
from broker.domain.states import CAME
from broker.storage.transaction import Transaction

_RECEIVES: Final = frozenset(
    {Role.POLICE, Role.POLICE_LEAD, Role.ADULTS_LEAD, Role.FAMILIES_LEAD, Role.COORDINATOR}
)
_TOLD_OF_REQUESTS: Final = _RECEIVES | {Role.PRACTITIONER, Role.MANAGER, Role.LEAD}
_EVERY: Final = OF_DISCLOSURES | OF_RECEIVED | TO_ASKERS | TO_THE_ASKED


def word_for(tx: Transaction, client: Client, entry: Entry) -> Word | None:
    """Return what a client is told of an entry, None where that is nothing.

    Of a disclosure: to whoever sent it by this machine, or to a machine that works for the people
    of that body; and from its sending on to a machine of the body that received it.
    """
    event = entry.event
    if entry.type not in _EVERY or not isinstance(event.get("ref"), str):
        return None
    is_theirs = _asks_or_is_asked if "copy" in event else _sent_or_received
    if not is_theirs(tx, client, entry):
        return None
    copy = event.get("copy")
    return Word(
        id=str(event["id"]),
        type=entry.type,
        at=entry.moment,
        reference=str(event["ref"]),
        copy=copy if isinstance(copy, int) else None,
    )


def _sent_or_received(tx: Transaction, client: Client, entry: Entry) -> bool:
    about = tx.known().about(REF, str(entry.event["ref"]))
    received = next((one.event for one in about if one.type == "received"), None)
    if received is None:
        return False
    if received["sender"] == client.agency:
        is_own = client.names_people or received["by"] == client.itself
        return is_own and Role.PRACTITIONER in client.roles and entry.type in OF_DISCLOSURES
    if not client.roles & _RECEIVES or entry.type not in OF_RECEIVED:
        return False
    has_come = any(one.type in CAME and one.seq <= entry.seq for one in about)
    boxes = {box.id for box in tx.directory.mailboxes() if box.agency == client.agency}
    return has_come and received["recipient"] in boxes


def _asks_or_is_asked(tx: Transaction, client: Client, entry: Entry) -> bool:
    if not client.roles & _TOLD_OF_REQUESTS:
        return False
    about = tx.known().about(REF, str(entry.event["ref"]))
    issued = next(
        (
            one.event
            for one in about
            if one.type == "request.issued" and one.event["copy"] == entry.event["copy"]
        ),
        None,
    )
    if issued is None:
        return False
    asks = issued["agency"] == client.agency and entry.type in TO_ASKERS
    return asks or (issued["asked"] == client.agency and entry.type in TO_THE_ASKED)
