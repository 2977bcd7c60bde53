"""What of the ledger one reader may look at: entries by number, each as it is stored, proved not.

Whether what is stored holds is said by the verification of all of it (`standing`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from audit.errors import MalformedEntryError
from audit.format.entry import Entry, parse_entry
from audit.log.browsing import numbers_about, stored_size
from broker.domain.model import Person
from broker.ledger.explorer.filters import Wanted
from broker.ledger.own_log import OwnLog
from broker.ledger.shares import Scope, mailboxes_of, scopes_of, share_about
from broker.storage.rows.hints.shares import Between, numbers_between
from broker.storage.transaction import Transaction

_AT_ONCE: Final = 250
_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An entry as it is stored; `entry` is None where its bytes are no entry any more."""

    seq: int
    raw: bytes
    entry: Entry | None

    @property
    def event(self) -> Mapping[str, object]:
        """What the entry says; nothing where its bytes are no entry any more."""
        return _NOTHING if self.entry is None else self.entry.event

    @classmethod
    def of(cls, seq: int, raw: bytes) -> "Stored":
        """Read the bytes of entry `seq`."""
        try:
            entry = parse_entry(raw)
        except MalformedEntryError:
            return cls(seq=seq, raw=raw, entry=None)
        return cls(seq=seq, raw=raw, entry=entry if entry.seq == seq else None)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One reader inside one transaction; what was looked up about a reference is kept.

    `reads_all` says that every entry is theirs to read.
    """

    tx: Transaction
    person: Person
    reads_all: bool
    _theirs: dict[str, frozenset[int]] = field(default_factory=dict[str, frozenset[int]])
    _bodies: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    @classmethod
    def of(cls, log: OwnLog, connection: Connection, person: Person) -> "Reader":
        """Return a reader of the ledger on a connection."""
        tx = log.transaction.on(connection)
        return cls(tx=tx, person=person, reads_all=log.reads_everything(person))

    @cached_property
    def _mailboxes(self) -> frozenset[str]:
        return mailboxes_of(self.tx, self.person)

    @cached_property
    def _agency_of(self) -> Mapping[str, str]:
        return {box.id: box.agency for box in self.tx.directory.mailboxes()}

    def size(self) -> int:
        """Return how many entries are stored, whatever the head says."""
        return stored_size(self.tx.connection)

    def at(self, number: int) -> Stored | None:
        """Return the entry of a number, None where none is stored."""
        return next(self._these([number]), None)

    def newest_first(self, start: int, stop: int, limit: int) -> Iterator[Stored]:
        """Yield up to `limit` of the entries that may be theirs, the newest first."""
        if self.reads_all:
            yield from self._range(max(start, stop - limit), stop)
            return
        numbers = numbers_between(self.tx.connection, self._between(), start, stop, limit)
        yield from self._these(tuple(numbers))

    def about(self, reference: str, start: int, stop: int) -> Iterator[Stored]:
        """Yield the entries about one reference that may be theirs, the newest first."""
        numbers = numbers_about(self.tx.connection, reference)
        yield from self._these([seq for seq in reversed(numbers) if start <= seq < stop])

    def may_read(self, found: Stored) -> bool:
        """Say whether an entry is theirs, by what the ledger itself says of its reference."""
        if self.reads_all:
            return True
        reference = None if found.entry is None else found.entry.reference
        return reference is not None and found.seq in self.numbers_of(reference)

    def is_wanted(self, wanted: Wanted, found: Stored) -> bool:
        """Say whether an entry is theirs and what they want to see."""
        if not wanted.may_fit(found.raw):
            return False
        if found.entry is None:
            return wanted.is_everything and self.may_read(found)
        if wanted.reference is not None and found.entry.reference != wanted.reference:
            return False
        if not (wanted.fits(found.entry) and self.may_read(found)):
            return False
        return wanted.body is None or self.is_of_body(found.entry, wanted.body)

    def numbers_of(self, reference: str) -> frozenset[int]:
        """Return the numbers of the entries about a reference that are theirs."""
        if reference not in self._theirs:
            share = share_about(self.tx, self.person, reference, self._mailboxes)
            entries = () if share is None else share.entries
            self._theirs[reference] = frozenset(entry.seq for entry in entries)
        return self._theirs[reference]

    def is_of_body(self, entry: Entry, body: str) -> bool:
        """Say whether an entry is about what a body sent or was sent, or names that body."""
        named = {entry.event.get("agency"), entry.event.get("sender")}
        if body in named or entry.reference is None:
            return body in named
        if entry.reference not in self._bodies:
            self._bodies[entry.reference] = self._bodies_of(entry.reference)
        return body in self._bodies[entry.reference]

    def _bodies_of(self, reference: str) -> frozenset[str]:
        first = next(iter(numbers_about(self.tx.connection, reference)), None)
        found = None if first is None else next(self._these([first]), None)
        event = _NOTHING if found is None else found.event
        recipient = self._agency_of.get(str(event.get("recipient")))
        return frozenset(str(one) for one in (event.get("sender"), recipient) if one is not None)

    def _range(self, start: int, stop: int) -> Iterator[Stored]:
        while start < stop:
            begin = max(start, stop - _AT_ONCE)
            yield from self._these(range(stop - 1, begin - 1, -1))
            stop = begin

    def _these(self, numbers: Sequence[int]) -> Iterator[Stored]:
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            raws = self.tx.ledger.raw_at(some)
            yield from (Stored.of(seq, raws[seq]) for seq in some if seq in raws)

    def _between(self) -> Between:
        scopes, person = scopes_of(self.person), self.person
        return Between(
            sender=person.agency if Scope.BODY in scopes else None,
            requester=person.id if Scope.CASE in scopes else None,
            asks=person.id,
            recipients=self._mailboxes if Scope.RECEIVED in scopes else frozenset(),
        )
