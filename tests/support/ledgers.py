"""Logs without a database, and keys to sign them: the same ones for every suite of the ledger."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from io import StringIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, insert, text

from audit.cli import main
from audit.format.entry import Entry
from audit.format.gateway_counters import Counters
from audit.format.merkle.tiles import HashTile, hash_tiles
from audit.format.merkle.tree import Frontier
from audit.format.notes.checkpoint import Checkpoint
from audit.format.vocabulary import WordList
from audit.log.append.chain import Chain, Head
from audit.log.tables import APPEND_ONLY, ledger_head

ORIGIN = "broker.example/ledger"
GATEWAY = "g-example"
WORDS: Mapping[WordList, frozenset[str]] = {
    WordList.OUTCOMES: frozenset({"permit", "permit-with-obligations"}),
    WordList.PURPOSES: frozenset({"referral"}),
    WordList.OBLIGATIONS: frozenset({"seal", "retention", "tell-the-person"}),
    WordList.ROLES: frozenset({"lead", "police"}),
    WordList.CASE_KINDS: frozenset({"concern"}),
    WordList.STAGES: frozenset({"checking", "noted"}),
    WordList.CASE_LINKS: frozenset({"same-person"}),
    WordList.CASE_ENDS: frozenset({"no-further-action"}),
}
"""Lists to hand to a ledger that is tried without a gateway."""


def words(of: WordList) -> frozenset[str]:
    """The words of one of those lists."""
    return WORDS[of]


OPENING: Mapping[str, object] = {"type": "log.open", "origin": ORIGIN}
EVENT: Mapping[str, object] = {"type": "expired", "ref": "PRV-7Q4K-M2XH"}
RFC_6962_ENTRIES = tuple(
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)
"""The entries whose tree heads and proofs are published as known answers."""
NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
_ENTRY_OF_THE_FIRST_TABLES = text(
    "INSERT INTO ledger_entry (seq, entry, leaf, event_id, reference)"
    " VALUES (:seq, :entry, :leaf, :event_id, :reference)"
)


@dataclass(frozen=True, slots=True)
class SeedSigner:
    """An Ed25519 key of 32 equal bytes, which looks as made up as it is."""

    seed: int

    @property
    def public_key(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes, /) -> bytes:
        return self._private.sign(message)

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes([self.seed]) * 32)


@dataclass(slots=True)
class Log:
    """Entries in memory, read as the ledger in the database is; one second lies between them."""

    entries: list[Entry] = field(default_factory=list[Entry])

    def add(self, *events: Mapping[str, object]) -> None:
        chain = Chain(
            head=self.head(),
            gateway=GATEWAY,
            clock=lambda: NOON + timedelta(seconds=chain.head.size),
            entropy=lambda length: chain.head.size.to_bytes(length, "big"),
            about=lambda reference: sum(one.reference == reference for one in self.entries),
        )
        self.entries += [chain.add(event) for event in events]

    def first(self, size: int) -> "Log":
        return Log(self.entries[:size])

    def head(self) -> Head:
        if not self.entries:
            return Head(origin=ORIGIN)
        last = self.entries[-1]
        return Head(
            origin=ORIGIN,
            frontier=Frontier().extend(entry.leaf for entry in self.entries),
            previous_leaf=last.leaf,
            last_moment=last.moment,
            counters=Counters({GATEWAY: len(self.entries)}),
        )

    def leaves(self, start: int, stop: int, /) -> Iterator[bytes]:
        return (entry.leaf for entry in self.entries[start:stop])

    def tiles(self, level: int, start: int, stop: int, /) -> Iterator[bytes]:
        return (
            one.content
            for one in _hash_tiles(tuple(entry.leaf for entry in self.entries))
            if one.level == level and one.tile.is_full and start <= one.tile.number < stop
        )

    def raw_entries(self, start: int, stop: int, /) -> Iterator[bytes]:
        return (entry.raw for entry in self.entries[start:stop])


@dataclass(frozen=True, slots=True)
class LeafTree:
    """A tree whose leaf hashes are all at hand."""

    leaves: Sequence[bytes]

    @property
    def size(self) -> int:
        return len(self.leaves)

    def root(self, span: range) -> bytes:
        return Frontier().extend(self.leaves[span.start : span.stop]).root()


def a_log(size: int) -> Log:
    """A log of `size` entries: its opening, and events about ten disclosures in turn."""
    return Log([*_entries(size)])


@cache
def _entries(size: int) -> tuple[Entry, ...]:
    log = Log()
    log.add(
        OPENING,
        *({**EVENT, "ref": f"PRV-7Q4K-M2X{number % 10}"} for number in range(1, size)),
    )
    return tuple(log.entries)


@lru_cache(maxsize=16)
def _hash_tiles(leaves: tuple[bytes, ...]) -> tuple[HashTile, ...]:
    return tuple(hash_tiles(leaves))


def store(connection: Connection, log: Log) -> None:
    """Write the rows of a log as they were before there were tiles, with identifiers as text."""
    head = log.head()
    connection.execute(
        _ENTRY_OF_THE_FIRST_TABLES,
        [
            {
                "seq": entry.seq,
                "entry": entry.raw,
                "leaf": entry.leaf,
                "event_id": entry.event_id,
                "reference": entry.reference,
            }
            for entry in log.entries
        ],
    )
    connection.execute(
        insert(ledger_head).values(
            id=1,
            origin=head.origin,
            size=head.size,
            previous_leaf=head.previous_leaf,
            frontier=head.frontier.to_bytes(),
            last_moment=head.last_moment,
        )
    )


def checkpoint_of(entries: Iterable[Entry]) -> Checkpoint:
    frontier = Frontier().extend(entry.leaf for entry in entries)
    return Checkpoint(origin=ORIGIN, size=frontier.size, root=frontier.root())


def run_verifier(*arguments: object) -> tuple[int, str, str]:
    """What the offline verifier's command line returns, prints, and complains of."""
    out, err = StringIO(), StringIO()
    status = main([str(argument) for argument in arguments], out, err)
    return status, out.getvalue(), err.getvalue()


def past_the_triggers(engine: Engine, statement: str) -> None:
    """Run a statement that the ledger's tables refuse."""
    with engine.begin() as connection:
        disarm(connection)
        connection.exec_driver_sql(statement)


def disarm(connection: Connection) -> None:
    """Switch the triggers of the ledger's tables off."""
    for table in APPEND_ONLY:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
