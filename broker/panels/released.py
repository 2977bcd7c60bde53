"""What bodies released to a panel about the person of a case: the only things its pack can hold.

That is what answered a question which the panel's council asked on the case, and what else came to
the panel's mailbox of a case that it is linked to; never one that was stopped since.
"""

from collections.abc import Iterator
from typing import Final

from broker.cases.members import references_of
from broker.disclosures.what_goes import WhatGoes
from broker.domain.cases.stages import LinkKind
from broker.domain.model import Disclosure, Mailbox
from broker.domain.panels.meetings import Meeting
from broker.domain.panels.packs import Released
from broker.domain.references import Prefix, Reference
from broker.domain.states import ARRIVED
from broker.storage.transaction import Transaction

_PANEL: Final = "panel"


def released_to(tx: Transaction, meeting: Meeting) -> tuple[Released, ...]:
    """Return each field that bodies released to the panel of a meeting, body by body."""
    found = (tx.disclosure(source) for source in dict.fromkeys(_sources(tx, meeting)))
    return tuple(
        released
        for disclosure in found
        if came_to_panel(tx, meeting, disclosure)
        for released in _fields(tx, disclosure)
    )


def came_to_panel(tx: Transaction, meeting: Meeting, disclosure: Disclosure) -> bool:
    """Say whether a disclosure went to the mailbox of the meeting's panel and stands."""
    return (
        disclosure.state in ARRIVED
        and is_of_panel(tx.directory.mailbox(disclosure.recipient), meeting)
        and disclosure.sender != meeting.agency
    )


def is_of_panel(mailbox: Mailbox, meeting: Meeting) -> bool:
    """Say whether a mailbox is one of the panel whose meeting this is."""
    return mailbox.agency == meeting.agency and mailbox.function == _PANEL


def _sources(tx: Transaction, meeting: Meeting) -> Iterator[Reference]:
    for reference in _disclosures(tx, meeting):
        copy = tx.copies.of_disclosure(reference)
        if copy is not None and copy.answer_disclosure is not None:
            yield copy.answer_disclosure
    case = tx.cases.find(meeting.case)
    for link in () if case is None else case.links:
        if link.kind is LinkKind.SAME_CONCERN:
            linked = references_of(tx, link.other)
            yield from (one for one in linked if one.prefix is Prefix.DISCLOSURE)


def _disclosures(tx: Transaction, meeting: Meeting) -> Iterator[Reference]:
    found = references_of(tx, meeting.case)
    return (one for one in found if one.prefix is Prefix.DISCLOSURE)


def asked_before(tx: Transaction, meeting: Meeting) -> Disclosure | None:
    """Return the newest question that the panel's council put to a body on this case."""
    copies = (tx.copies.of_disclosure(one) for one in _disclosures(tx, meeting))
    asked = [one for one in copies if one is not None and one.asking == meeting.agency]
    return tx.disclosure(asked[-1].disclosure) if asked else None


def _fields(tx: Transaction, disclosure: Disclosure) -> Iterator[Released]:
    file = tx.case_file(disclosure)
    pack, body = file.pack(), tx.directory.agency(disclosure.sender).name
    for field in WhatGoes.of(file.decision(), pack).goes:
        if field in pack.form:
            yield Released(
                source=disclosure.reference, body=body, field=field, words=pack.form[field]
            )
