"""What the tables say otherwise than the ledger: rows by table and key, and nothing else of them.

Whatever somebody wrote into a row, it is named and stops nothing here.
"""

import gc
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, groupby
from operator import itemgetter
from typing import Final

from sqlalchemy import Connection, RowMapping, Table, select

from audit.log.known import CASE, REF, Event, Known
from broker.domain.cases.earlier import Side
from broker.domain.model import Disclosure, Step
from broker.domain.states import UNDER_WAY, WAITING_FOR_A_GUARDIAN, State, values_of
from broker.domain.times import moment_of, uk_day
from broker.storage import tables
from broker.storage.activations import Activations
from broker.storage.disclosures import readable
from broker.storage.outbox import step_of
from broker.storage.rows.believed import BelievedRows
from broker.storage.rows.committed import Committed
from broker.storage.rows.delivering.duties import name_of_duties, what_is_owed
from broker.storage.rows.indexes.earlier import EarlierRows
from broker.storage.rows.indexes.marked import Marked, ends_memory
from broker.storage.rows.indexes.submission_keys import SubmissionKeys
from broker.storage.rows.keeping.holds import holds_in
from broker.storage.rows.registers import REGISTERS
from broker.storage.rows.said import Said

WRITTEN_WITHIN: Final = timedelta(minutes=10)
"""How much later than its row an entry may be appended: writers queue, and packs are drawn."""

_AT_ONCE: Final = 1_000
"""How many rows are fetched together: one by one takes twice as long."""

_COPY: Final = "copy"

_CASE_TYPES: Final = frozenset({"hold.set", "hold.lift"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """What knows which rows count, over one connection."""

    rows: BelievedRows
    activations: Activations
    submission_keys: SubmissionKeys
    earlier: EarlierRows


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The names of rows that the ledger says otherwise of, sorted; at best none.

    `unvouched` are references with words whose marks are ours, and of which no entry speaks.
    """

    differing: tuple[str, ...]
    unvouched: tuple[str, ...]


def compared(connection: Connection, beliefs: Beliefs, known: Known) -> Comparison:
    """Hold every row against what the ledger says of it.

    `known` is what the ledger says at the moment at which `connection` reads. Raises
    `BrokenLedgerError` where an entry is stored otherwise than it was recorded.
    """
    with _uncollected():
        return _compared(connection, beliefs, known)


@contextmanager
def _uncollected() -> Generator[None]:
    """Have nobody look for garbage meanwhile.

    Nothing here lies in a circle, and looking through millions of living objects again and again
    takes a quarter of the time.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _compared(connection: Connection, beliefs: Beliefs, known: Known) -> Comparison:
    rows, heard = beliefs.rows, _Heard(known)
    found = {name for register in REGISTERS for name in rows.differing(register)}
    found.update(beliefs.activations.differing())
    found.update(_disclosures(connection, heard.of))
    found.update(_outbox(connection, heard.of))
    found.update(_duties(connection, rows, known, heard.of))
    found.update(_holds(connection, heard.holds))
    found.update(_submission_keys(connection, beliefs.submission_keys, heard.of))
    found.update(_fields(connection, heard.of))
    marks = beliefs.earlier.compared(heard.marked, heard.forgotten)
    unvouched = (one for one in marks.unvouched if State.ERASED not in heard.of[one].said.states)
    return Comparison(
        differing=tuple(sorted(found | marks.differing)), unvouched=tuple(sorted(unvouched))
    )


class _About:
    """What the entries about one reference say."""

    __slots__ = ("case", "committed", "marked", "said")

    def __init__(self) -> None:
        """Begin before the first entry."""
        self.said, self.committed, self.marked = Said(), Committed(), Marked()
        self.case: object = None


class _Heard:
    """What the entries say, each read once: of each disclosure, and of what belongs to cases."""

    def __init__(self, known: Known) -> None:
        """Hear every entry."""
        self.of = defaultdict[str, _About](_About)
        self.holds = defaultdict[str, list[Event]](list)
        self.forgotten = set[str]()
        self._questions: dict[tuple[object, object], Committed] = {}
        for event in known.events():
            self._hear(event)

    def _hear(self, event: Event) -> None:
        if (reference := event.get(REF)) is not None:
            about = self.of[str(reference)]
            about.said.add(event)
            about.marked.add(event)
            about.case = about.case or event.get(CASE)
            if _COPY in event:
                self._hear_of_copy(event)
            else:
                about.committed.add(event)
        if event["type"] in _CASE_TYPES:
            self.holds[str(event[CASE])].append(event)
        if ends_memory(event):
            self.forgotten.add(str(event[CASE]))

    def _hear_of_copy(self, event: Event) -> None:
        """Hear of a request's copy, for the case file of the question that it asks."""
        which = event[REF], event[_COPY]
        if event["type"] == "request.issued":
            self._questions[which] = self.of[str(event["disclosure"])].committed
        if which in self._questions:
            self._questions[which].add_of_copy(event)

    @property
    def marked(self) -> Mapping[str, Mapping[Side, str]]:
        """What is said of the marks of each reference whose case is remembered."""
        return {
            name: about.marked.said
            for name, about in self.of.items()
            if about.marked.said and about.case not in self.forgotten
        }


def _disclosures(connection: Connection, of: Mapping[str, _About]) -> Iterator[str]:
    missing = {reference for reference, about in of.items() if about.said.is_known}
    for row in _rows(connection, tables.disclosure):
        name = str(row["reference"])
        missing.discard(name)
        said = of[name].said
        if not any(said.agrees(one) and _is_dated(one, said) for one in readable([row])):
            yield f"disclosure/{name}"
    yield from (f"disclosure/{name}" for name in missing)


def _is_dated(row: Disclosure, said: Said) -> bool:
    """Say whether nothing that counts from a moment or day is put off by another in the row."""
    if row.state is State.SENDING:
        # An entry follows once it is known what came of it.
        return True
    latest = moment_of(said.taken_in) + WRITTEN_WITHIN
    moved = moment_of(said.moved or said.taken_in) + WRITTEN_WITHIN
    is_owed = row.state in WAITING_FOR_A_GUARDIAN or row.due_on is None
    is_reviewed = row.reviewed_on in _days_of(said.kept)
    return row.created_at <= latest and row.changed_at <= moved and is_owed and is_reviewed


def _days_of(moment: str) -> frozenset[date | None]:
    """Return the days on which what an entry records may have been done; none without it."""
    if not moment:
        return frozenset({None})
    recorded = moment_of(moment)
    return frozenset({uk_day(recorded), uk_day(recorded - WRITTEN_WITHIN)})


def _outbox(connection: Connection, of: Mapping[str, _About]) -> Iterator[str]:
    """Yield what is queued without an entry that lets it go, and what is not though it waits."""
    columns = tables.disclosure.c
    waiting = select(columns.reference).where(columns.state.in_(values_of(UNDER_WAY)))
    waits = {*connection.scalars(waiting)}
    queued = {
        str(row["reference"]): step_of(row["step"]) for row in _rows(connection, tables.outbox)
    }
    let_go = {
        name
        for name, about in of.items()
        if about.said.goes and not about.said.states.isdisjoint(UNDER_WAY)
    }
    misled = {name for name, step in queued.items() if step is not _next_step(of[name].said)}
    unfit = (queued.keys() - let_go) | (let_go & waits - queued.keys()) | misled
    yield from (f"outbox/{name}" for name in unfit)


def _next_step(said: Said) -> Step:
    """Return what is to be done next for a disclosure that goes, as its entries say."""
    return Step.SEAL if State.DECIDED in said.states else Step.SEND


def _duties(
    connection: Connection, rows: BelievedRows, known: Known, of: Mapping[str, _About]
) -> Iterator[str]:
    """Yield what is owed otherwise than the ledger says, and what its row alone calls done."""
    owed = defaultdict[str, list[Mapping[str, object]]](list)
    for row in _rows(connection, tables.duty):
        name = str(row["reference"])
        owed[name_of_duties(name)].append(what_is_owed(row))
        is_done = row["done_on"] is not None
        if is_done != (row["type"] in of[name].said.done):
            yield f"duty/{name}/{row['type']}"
    for name in known.rows(tables.duty.name):
        if not rows.believes_set(name, owed[name]):
            yield name


def _holds(connection: Connection, holds: Mapping[str, list[Event]]) -> Iterator[str]:
    standing = {
        (hold.case, hold.owner, hold.until.isoformat())
        for events in holds.values()
        for hold in holds_in(events)
    }
    stored = {
        (row["case_id"], row["owner"], row["until"])
        for row in _rows(connection, tables.legal_hold)
        if row["lifted_at"] is None
    }
    yield from (f"legal_hold/{case}/{owner}" for case, owner, _ in standing ^ stored)


def _submission_keys(
    connection: Connection, keys: SubmissionKeys, of: Mapping[str, _About]
) -> Iterator[str]:
    # The key itself is whatever its caller chose, so the row is named by what it leads to.
    for row in _rows(connection, tables.submission_key):
        name = str(row["reference"])
        said = of[name].said
        # Of an erased case only the key is left, and what was sent with it is no more.
        is_ours = keys.is_ours(row) or (not row["body"] and State.ERASED in said.states)
        # Whose key it is the row's own mark says: a body that is asked takes steps by keys too.
        if not said.received or not is_ours:
            yield f"submission_key/{name}"


def _fields(connection: Connection, of: Mapping[str, _About]) -> Iterator[str]:
    """Yield the fields of case files of which entries speak, and that are gone.

    Of those whose names are drawn at random, the part of which there are too few.
    """
    columns = tables.case_field.c
    query = select(columns.reference, columns.name).order_by(columns.reference)
    missing = {
        name for name, about in of.items() if about.committed.names or about.committed.counted
    }
    rows = chain.from_iterable(connection.execute(query).partitions(_AT_ONCE))
    for reference, fields in groupby(rows, key=itemgetter(0)):
        missing.discard(reference)
        if reference in of:
            names = [name for _, name in fields]
            yield from _gone(reference, of[reference].committed, names)
    for reference in missing:
        yield from _gone(reference, of[reference].committed, ())


def _gone(reference: str, committed: Committed, names: Sequence[str]) -> Iterator[str]:
    there = {*names}
    if not there.issuperset(committed.names):
        for name in dict.fromkeys(committed.names):
            if name not in there:
                yield f"case_field/{reference}/{name}"
    if committed.counted:
        stored = Counter(name.partition("/")[0] for name in names)
        for part, count in committed.counted.items():
            if stored[part] < count:
                yield f"case_field/{reference}/{part}/*"


def _rows(connection: Connection, table: Table) -> Iterator[RowMapping]:
    for some in connection.execute(select(table)).mappings().partitions(_AT_ONCE):
        yield from some
