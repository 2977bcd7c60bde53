"""What pages call people, of whom records hold an identifier: their name, to their own body."""

from flask import g

from audit.errors import LedgerError
from broker.domain.errors import BrokerError
from broker.web.site import current_site
from broker.web.visitors import visitor
from keys import KeyManagementError, PersonId


def named(person: str) -> str:
    """Return the name of somebody of the body of whoever looks; of another body, its name with it.

    Whoever is not entered here, such as an operator on the host, is called as the record says, and
    everybody while the register cannot be read: a page that tells of a fault must open.
    """
    known: dict[str, str] = g.setdefault("named", {})
    if person not in known:
        try:
            known[person] = _named(person)
        except (BrokerError, LedgerError, KeyManagementError):
            known[person] = person
    return known[person]


def _named(person: str) -> str:
    services, caller = current_site().services, visitor().caller
    record = services.access.people.record(PersonId(person)) if person else None
    if record is None or caller is None:
        return person
    if record.agency == caller.agency:
        return record.name
    bodies = {one.id: one.name for one in services.directory.entries().agencies}
    return f"{person}, {bodies.get(record.agency, record.agency)}"
