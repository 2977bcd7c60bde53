"""What was sent, once more: the copy that opens without words and stays with its sender."""

from broker.domain.model import Pack, Person
from broker.domain.references import Reference
from broker.ledger.readings import Content, Entrance, record_reading
from broker.storage.case_file import Part
from broker.storage.transaction import Transactions
from keys import CannotOpenError


def document_of(
    transaction: Transactions, reference: Reference, person: Person, how: Entrance
) -> bytes | None:
    """Return the PDF that was sent, as it was before it was sealed; recorded first.

    None before it was sealed. Raises `UnknownReferenceError`, `KeyErasedError`, and
    `CannotOpenError` where somebody took it away.
    """
    with transaction() as tx:
        disclosure = tx.disclosure_for(reference, person)
        found = tx.case_file(disclosure).get(Part.RECORD)
        if found is not None:
            record_reading(tx, person, Content.FILES, how, reference)
        elif disclosure.sealed_sha256 is not None:
            raise CannotOpenError
    return found


def pack_of(
    transaction: Transactions, reference: Reference, person: Person, how: Entrance
) -> Pack:
    """Return the pack as it was written, for whoever works on its case; recorded first.

    Raises `UnknownReferenceError`, `KeyErasedError`.
    """
    with transaction() as tx:
        found = tx.case_file(tx.disclosure_for(reference, person)).pack()
        record_reading(tx, person, Content.PACK, how, reference)
    return found
