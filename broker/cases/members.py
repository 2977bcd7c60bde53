"""Who may work on a case, and what belongs to it: asked at each use, believed as the ledger says.

Nothing of it is kept in a session or a token: who was ended a moment ago is a stranger now.
"""

from typing import Final

from audit.log.known import CASE, REF
from broker.domain.cases.cases import NO_CASE, Case, UnknownCaseError
from broker.domain.errors import UnknownReferenceError
from broker.domain.model import Disclosure, Person
from broker.domain.references import Reference, parse_any_reference
from broker.domain.times import spelled_day, uk_day
from broker.storage.transaction import Transaction
from keys import CaseId, PersonId

_MOST_NAMED: Final = 3
_IN_ENTRIES: Final = "case"
_HAS_A_PART: Final = frozenset({"concern.noted", "concern.asked", "concern.checked"})


def case_for(tx: Transaction, person: Person, case: CaseId, *, to_change: bool = False) -> Case:
    """Return a case for a member of it, its row locked if it is to be changed.

    Raises `UnknownCaseError` alike for what does not exist and what is not theirs.
    """
    found = tx.cases.find(case, to_change=to_change)
    if found is None or not found.may(person):
        raise UnknownCaseError
    return found


def seen_case(tx: Transaction, person: Person, case: CaseId, *, to_change: bool = False) -> Case:
    """Return a case for a member, or for its body's lead or Guardian; raises as `case_for`."""
    found = tx.cases.find(case, to_change=to_change)
    if found is None or not found.is_seen_by(person):
        raise UnknownCaseError
    return found


def wrote_or_checked(tx: Transaction, case: CaseId) -> frozenset[PersonId]:
    """Return who put the concern of a case to somebody, and who answered, as its entries say."""
    entries = tx.known().about(CASE, case)
    return frozenset(
        PersonId(str(entry.event["by"])) for entry in entries if entry.type in _HAS_A_PART
    )


def case_named(tx: Transaction, reference: Reference) -> CaseId:
    """Return the case that a reference belongs to, as the entries about it say.

    Raises `UnknownReferenceError`.
    """
    entries = tx.about(reference)
    if not entries:
        raise UnknownReferenceError
    for entry in entries:
        if _IN_ENTRIES in entry.event:
            return CaseId(str(entry.event[_IN_ENTRIES]))
    # An earlier release recorded no case: its row says so, and is compared with the entries.
    return tx.disclosure(reference).case


def references_of(tx: Transaction, case: CaseId) -> tuple[Reference, ...]:
    """Return the references that belong to a case, in the order in which they came to it."""
    said = (entry.reference for entry in tx.known().about(CASE, case))
    recorded = dict.fromkeys(reference for reference in said if reference is not None)
    older = (str(one.reference) for one in tx.store.of_case(case))
    known = (one for one in older if tx.known().about(REF, one))
    return tuple(map(parse_any_reference, dict.fromkeys((*recorded, *known))))


def case_in_words(tx: Transaction, case: Case) -> str:
    """Return by what somebody who works on a case knows it: its day, and references of it."""
    said = f"Opened on {spelled_day(uk_day(case.opened_at))}"
    known = [str(one.reference) for one in tx.store.of_case(case.id)]
    return f"{said}: {', '.join(known[:_MOST_NAMED])}" if known else said


def disclosures_of(tx: Transaction, case: CaseId) -> tuple[Disclosure, ...]:
    """Return what was submitted of a case, the first first; requests are none of it."""
    found: list[Disclosure] = []
    for reference in references_of(tx, case):
        try:
            found.append(tx.disclosure(reference))
        except UnknownReferenceError:
            continue
    return tuple(found)


def case_or_reference(tx: Transaction, named: str) -> CaseId:
    """Return the case that is named by itself, or by a reference that belongs to it.

    A reference that belongs to none names one that there never is, which whoever looks for it asks
    of the database like any other. Raises `UnknownCaseError` for what is no reference.
    """
    if named.startswith(_PREFIX):
        return CaseId(named)
    try:
        reference = parse_any_reference(named)
    except UnknownReferenceError:
        raise UnknownCaseError from None
    try:
        return case_named(tx, reference)
    except UnknownReferenceError:
        return NO_CASE


_PREFIX: Final = "c-"
