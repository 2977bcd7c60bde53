"""Who received what in a case, for whoever it is about and asks: bodies, days, purposes, fields.

Nobody who worked on it is named, nor anybody else who is in it: a body is named as the directory
has it, and a field by what the form calls it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from broker.cases.arrivals import came_at, first_of, opened_at
from broker.cases.members import case_or_reference, references_of
from broker.domain.cases.cases import UnknownCaseError
from broker.domain.form import FIELD_BY_ID, label_of
from broker.domain.json_values import texts
from broker.domain.model import Disclosure, Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import moment_text, rfc3339
from broker.ledger.readings import Content, Entrance, record_reading
from broker.storage.case_file import Part
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId

COLUMNS = ("reference", "organisation", "contact", "purpose", "sent", "opened", "stopped", "what")
"""The first line of a table of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedBy:
    """What one body was sent: when, for what, which fields, and what became of it."""

    reference: Reference
    body: str
    contact: str
    purpose: str
    sent_at: datetime
    opened_at: datetime | None
    stopped_at: datetime | None
    fields: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "reference": str(self.reference),
            "organisation": self.body,
            "contact": self.contact,
            "purpose": self.purpose,
            "sent": rfc3339(self.sent_at),
            "opened": moment_text(self.opened_at),
            "stopped": moment_text(self.stopped_at),
            "what": list(self.fields),
        }

    def cells(self) -> tuple[str, ...]:
        """Return it as one line of a table, in the order of `COLUMNS`."""
        said = self.document()
        *codes, what = (said[name] for name in COLUMNS)
        return (*("" if one is None else str(one) for one in codes), "; ".join(texts(what)))


def received_by(
    transaction: Transactions, person: Person, name: str, how: Entrance
) -> tuple[ReceivedBy, ...]:
    """Return who received what in a case, the first first; that it is read is recorded.

    The case is named by itself or by a reference of its own. Raises `UnknownCaseError` alike for
    what is not theirs and what is not there, and `KeyErasedError`.
    """
    with transaction() as tx:
        case = _answered_for(tx, person, case_or_reference(tx, name))
        found = tuple(_found(tx, references_of(tx, case)))
        for one in found:
            record_reading(tx, person, Content.OPENING, how, one.reference)
    return found


def _answered_for(tx: Transaction, person: Person, case: CaseId) -> CaseId:
    """Return a case of those who see it, or of their body where they answer who asks it."""
    found = tx.cases.find(case)
    is_ig = found is not None and person.role is Role.IG and person.agency == found.agency
    if found is None or not (is_ig or found.is_seen_by(person)):
        raise UnknownCaseError
    return case


def _found(tx: Transaction, references: Sequence[Reference]) -> Iterator[ReceivedBy]:
    boxes = {box.id: box for box in tx.directory.mailboxes()}
    names = {agency.id: agency.name for agency in tx.directory.agencies()}
    for reference in references:
        entries = tx.about(reference)
        sent = came_at(entries)
        disclosure = tx.store.find(reference)
        if sent is None or disclosure is None:
            continue
        box = boxes.get(disclosure.recipient)
        yield ReceivedBy(
            reference=reference,
            body="" if box is None else names.get(box.agency, box.agency),
            contact="" if box is None else box.title,
            purpose=disclosure.purpose,
            sent_at=sent,
            opened_at=opened_at(entries),
            stopped_at=first_of(entries, ("recalled",)),
            fields=_fields(tx, disclosure),
        )


def _fields(tx: Transaction, disclosure: Disclosure) -> tuple[str, ...]:
    if disclosure.state is State.ERASED:
        return ()
    number = disclosure.decision_number
    released = tx.case_file(disclosure).found(Part.RELEASE.numbered(number))
    return tuple(map(label_of, sorted(texts(released or []), key=_place_of)))


def _place_of(field: str) -> int:
    """Return where a field stands on the form, behind all of them where it is none of it."""
    return list(FIELD_BY_ID).index(field) if field in FIELD_BY_ID else len(FIELD_BY_ID)
