"""Openings of what the ledger committed to, for who is entitled: to show a court, say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from audit.format.commitment import commit
from audit.format.entry import Entry
from audit.format.opening import Opening
from audit.log.known import REF
from broker.domain.errors import NotAllowedError, NothingToOpenError, UnknownReferenceError
from broker.domain.json_values import as_object
from broker.domain.model import Person
from broker.domain.references import Reference, parse_reference
from broker.domain.roles import Role
from broker.ledger.readings import Content, Entrance, record_reading
from broker.storage.case_file import FOUND, CaseFile, Part
from broker.storage.transaction import Transaction, Transactions

_OF_THE_REQUESTER: Final = frozenset(
    {
        Part.PACK,
        Part.FACTS,
        Part.DECISION,
        Part.RECIPIENT,
        *FOUND,
        Part.QUESTION,
        Part.REPLY,
        Part.WHY_TOLD_AGAIN,
        Part.SPOKEN_TO,
        Part.WHY_RECALLED,
        Part.WHY_CALLED_BACK,
        Part.OF_A_DUTY,
        Part.WHY_RESENT,
        Part.HAND_RECEIPT,
        Part.COPY,
        Part.PAGE_READER,
        Part.PAGE_REPLY,
        Part.PASSED_ON,
    }
)
_OF_GUARDIANS: Final = _OF_THE_REQUESTER | {Part.REVIEW, Part.RETROSPECTIVE, Part.WHY_HELD}
"""The parts of a case file that the ledger commits to, and that may be opened."""

_READ_WHAT_WAS_FOUND: Final = frozenset({Role.LEAD, Role.AUDITOR})
"""Who reads what the decisions of their body found, beside its Guardian: codes alone."""

_OF_A_DECISION: Final = frozenset({Part.FACTS, Part.DECISION, Part.FINDINGS, Part.OBLIGATIONS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """Gives openings; what is kept stays as it is."""

    transaction: Transactions

    def open(self, reference: Reference, field: str, person: Person, how: Entrance) -> Opening:
        """Return what opens the ledger's commitment to `field` of a disclosure.

        A Guardian of its agency may open each; who requested it, what they wrote or were told; its
        lead and its auditor, what was found.
        That it is opened is recorded first.
        Raises `NotAllowedError`, `NothingToOpenError` naming what there is,
        `UnknownReferenceError` and `KeyErasedError`.
        """
        with self.transaction() as tx:
            file, fields = _openable(tx, reference, person)
            if field not in fields:
                raise NothingToOpenError(fields)
            value, salt = file.opening(field)
            digest = commit(field, value, salt)
            held = next(_commitments(tx, _subject(file, field), digest), None)
            if held is None:
                raise NothingToOpenError(fields)
            record_reading(tx, person, Content.OPENING, how, reference)
        entry, name = held
        return Opening(entry=entry, commitment=name, field=field, salt=salt, value=value)

    def open_entry(self, entry: Entry, commitment: str, person: Person, how: Entrance) -> Opening:
        """Return what opens one commitment of an entry about a disclosure; raises as `open`.

        Which field of the case file it is about is found by its hash.
        """
        digest, about = entry.event.get(commitment), entry.reference
        if about is None:
            raise NothingToOpenError([])
        reference = parse_reference(about)
        with self.transaction() as tx:
            file, fields = _openable(tx, reference, person)
            openings = ((field, *file.opening(field)) for field in fields)
            held = next(
                (
                    (field, value, salt)
                    for field, value, salt in openings
                    if commit(field, value, salt) == digest
                ),
                None,
            )
            if held is None or (entry.seq, commitment) not in _commitments(
                tx, str(reference), str(digest)
            ):
                raise NothingToOpenError(fields)
            record_reading(tx, person, Content.OPENING, how, reference)
        field, value, salt = held
        return Opening(entry=entry.seq, commitment=commitment, field=field, salt=salt, value=value)


def _openable(tx: Transaction, reference: Reference, person: Person) -> tuple[CaseFile, list[str]]:
    """Return the case file of a disclosure, and which of its fields the person may open."""
    if person.role in _READ_WHAT_WAS_FOUND:
        return _found_by(tx, reference, person)
    disclosure = tx.disclosure_for(reference, person)
    if person.role == Role.GUARDIAN:
        allowed = _OF_GUARDIANS
    elif person.id == disclosure.requester:
        allowed = _OF_THE_REQUESTER
    else:
        raise NotAllowedError(
            "Only a Guardian, or the person who requested the disclosure, may open what the "
            "ledger committed to. Ask one of them."
        )
    file = tx.case_file(disclosure)
    fields = [name for name in file.fields() if name.partition("/")[0] in allowed]
    if person.role != Role.GUARDIAN:
        fields = [name for name in fields if not _tells_what_was_known(file, name)]
    return file, fields


def _found_by(tx: Transaction, reference: Reference, person: Person) -> tuple[CaseFile, list[str]]:
    """Return what a decision of their own body found, for lead and auditor: no words."""
    disclosure = tx.disclosure(reference)
    if disclosure.sender != person.agency:
        raise UnknownReferenceError
    file = tx.case_file(disclosure)
    return file, [name for name in file.fields() if name.partition("/")[0] in FOUND]


def _tells_what_was_known(file: CaseFile, name: str) -> bool:
    """Say whether a part tells of earlier concerns, of which no practitioner hears."""
    part, _, number = name.partition("/")
    if part not in _OF_A_DECISION:
        return False
    return bool(as_object(file.facts(int(number)).get("earlier", {})).get("concerns"))


def _subject(file: CaseFile, field: str) -> str:
    """Return the reference that the entry about a part is about: of a copy, its request's."""
    request = file.pack().in_request
    if field.partition("/")[0] != Part.COPY or request is None:
        return str(file.disclosure.reference)
    return request.copy.partition(".")[0]


def _commitments(tx: Transaction, subject: str, digest: str) -> Iterator[tuple[int, str]]:
    """Yield number and field of the entries about a reference that hold the commitment."""
    for entry in tx.known().about(REF, subject):
        for name, value in entry.event.items():
            if name.endswith("_c") and value == digest:
                yield entry.seq, name
