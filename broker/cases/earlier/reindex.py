"""Renew the blind indexes: what an earlier edition marked is marked anew, one reference at a time.

Each reference is a transaction of its own, so whoever is stopped half-way goes on where they were.
What can no longer be read keeps its marks of before.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Protocol

from broker.cases.earlier.index import EDITION, EarlierIndex
from broker.domain.concerns.concerns import Concern
from broker.domain.json_values import as_array, text
from broker.domain.model import Disclosure
from broker.domain.references import Prefix, Reference, parse_any_reference
from broker.domain.states import State
from broker.ledger.changes.cases import marked
from broker.storage.case_file import CaseFile
from broker.storage.rows.indexes.marked import marked_by
from broker.storage.transaction import Transaction, Transactions

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindexed:
    """How many references were marked anew, and of how many the words are gone."""

    renewed: int
    gone: int


class FormsOfConcerns(Protocol):
    """Says by what a concern that nobody sent is found."""

    def __call__(
        self, tx: Transaction, reference: Reference, /
    ) -> tuple[Concern, Mapping[str, str]] | None:
        """Return it with its form; None where its words are gone, or it was sent."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindexing:
    """Marks anew; may be stopped at any moment and run again."""

    transaction: Transactions
    index: EarlierIndex
    forms: FormsOfConcerns

    def run(self) -> Reindexed:
        """Mark everything anew that another edition marked, or that nobody marked yet.

        And what is marked already, of which no entry speaks.
        """
        renewed = gone = 0
        for reference in chain(_each(self._outdated), _each(self._unvouched)):
            if self._renew(reference):
                renewed += 1
            else:
                gone += 1
        return Reindexed(renewed=renewed, gone=gone)

    def _outdated(self, after: str) -> tuple[Sequence[str], Sequence[str]]:
        with self.transaction() as tx:
            found = tx.earlier.outdated(EDITION, after=after, limit=_AT_ONCE)
        return found, found

    def _unvouched(self, after: str) -> tuple[Sequence[str], Sequence[str]]:
        with self.transaction() as tx:
            found = tx.earlier.marked(after=after, limit=_AT_ONCE)
            unvouched = [
                reference
                for reference in map(parse_any_reference, found)
                if not tx.earlier.are_vouched_for(reference, marked_by(tx.about(reference)))
            ]
        return found, [*map(str, unvouched)]

    def _renew(self, name: str) -> bool:
        reference = parse_any_reference(name)
        if reference.prefix is Prefix.CONCERN:
            return self._renew_concern(reference)
        with self.transaction() as tx:
            disclosure = tx.disclosure(reference)
            if disclosure.state is State.ERASED:
                return False
            file = tx.case_file(disclosure)
            entered = self.index.note_entered(tx, disclosure, file.pack().form)
            received = None
            if any(entry.type == "sealed" for entry in tx.about(disclosure.reference)):
                received = self._note_received(tx, disclosure, file)
            tx.append(marked(disclosure.reference, entered, received))
        return True

    def _renew_concern(self, reference: Reference) -> bool:
        with self.transaction() as tx:
            found = self.forms(tx, reference)
            if found is None:
                return False
            concern, form = found
            tx.append(marked(reference, self.index.note_concern(tx, concern, form), None))
        return True

    def _note_received(
        self, tx: Transaction, disclosure: Disclosure, file: CaseFile
    ) -> str | None:
        body = tx.directory.mailbox(disclosure.recipient).agency
        released = set(map(text, as_array(file.decision()["release"])))
        form = {name: words for name, words in file.pack().form.items() if name in released}
        return self.index.note_received(tx, disclosure, body, form)


def _each(
    batch: Callable[[str], tuple[Sequence[str], Sequence[str]]],
) -> Iterator[str]:
    """Yield what batches find; each returns what it looked at after a reference, and found."""
    after = ""
    while True:
        looked_at, found = batch(after)
        if not looked_at:
            return
        yield from found
        after = looked_at[-1]
