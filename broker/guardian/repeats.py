"""Which requests are about a person of whom their body has earlier concerns: a mark, no more.

It is what the facts said when the request was judged. It is never a list of people, nor does it
order anything.
"""

from collections.abc import Iterable, Mapping

from audit.errors import LedgerError
from broker.domain.json_values import is_object
from broker.domain.model import Disclosure, Person
from broker.domain.references import Reference
from broker.storage.transaction import Transaction, Transactions
from keys import KeyErasedError, UnknownKeyError


def repeats_among(
    transaction: Transactions, disclosures: Iterable[Disclosure], guardian: Person
) -> frozenset[Reference]:
    """Return which of them are repeat concerns of the Guardian's own body.

    None is marked while the ledger is at fault: nothing of a case is opened then.
    """
    try:
        with transaction() as tx:
            return frozenset(
                one.reference
                for one in disclosures
                if one.sender == guardian.agency and _is_repeat(tx, one)
            )
    except LedgerError:
        return frozenset()


def is_repeat(facts: Mapping[str, object]) -> bool:
    """Say whether facts know an earlier concern about the person.

    >>> is_repeat({"earlier": {"concerns": 1, "seen": "no"}}), is_repeat({})
    (True, False)
    """
    earlier = facts.get("earlier")
    return is_object(earlier) and earlier.get("concerns") not in {None, 0}


def _is_repeat(tx: Transaction, disclosure: Disclosure) -> bool:
    try:
        return is_repeat(tx.case_file(disclosure).facts())
    except (KeyErasedError, UnknownKeyError):
        return False
