"""What somebody sent, and what of it is still theirs to do: lists without a word of any pack."""

from dataclasses import dataclass
from typing import Final

from broker.domain.model import Disclosure, Duty, Person
from broker.domain.obligations import LOOKED_BACK
from broker.domain.references import Reference
from broker.domain.states import State
from broker.storage.transaction import Transactions

LISTED: Final = 100
"""How many disclosures a list holds."""

_MOST_OWED: Final = 500

STUCK: Final = (State.ASKED, State.REJECTED, State.UNKNOWN, State.EXPIRED)
"""Where a disclosure does not go on without a word of its sender's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """The newest disclosures that somebody submitted, and what they still owe for any.

    `stuck` are all, however old, that do not go on without a word of theirs; `by_page` those of
    all that are fetched from a page.
    """

    sent: tuple[Disclosure, ...]
    owed: tuple[tuple[Disclosure, Duty], ...]
    stuck: tuple[Disclosure, ...] = ()
    by_page: frozenset[Reference] = frozenset()


def mine_of(transaction: Transactions, person: Person) -> Mine:
    """Return what a person submitted, the newest first, and what they owe, the first due first.

    A case that they no longer work on is none of theirs.
    """
    with transaction() as tx:
        ended = tx.cases.ended_for(person.id)
        owed = tx.duties.of_requester(person, LOOKED_BACK, limit=_MOST_OWED)
        sent = tx.store.submitted_by(person, limit=LISTED)
        believed = tx.listed(
            [disclosure for disclosure, _ in owed if disclosure.case not in ended]
        )
        theirs = {one.reference for one in believed}
        shown = tx.listed([one for one in sent if one.case not in ended])
        stands = tx.store.submitted_by(person, standing_at=STUCK)
        return Mine(
            sent=shown,
            stuck=tx.listed([one for one in stands if one.case not in ended]),
            owed=tuple(one for one in owed if one[0].reference in theirs),
            by_page=tx.pages.standing_for(theirs | {one.reference for one in shown}),
        )
