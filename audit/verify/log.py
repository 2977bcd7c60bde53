"""Verify a log from the bytes of its entries and its signed checkpoints; needs no database."""

from collections.abc import Iterable, Sequence

from audit.errors import BrokenLedgerError, MalformedEntryError, Rule
from audit.format.entry import GENESIS, Entry, parse_entry
from audit.format.gateway_counters import Counters
from audit.format.merkle.tree import Frontier
from audit.format.notes.checkpoint import Checkpoint
from audit.format.plurals import counted
from audit.format.reference_counters import ReferenceCounters
from audit.verify.report import Report, Restoration, VerifiedLog
from audit.verify.succession import Retirement, Succession, successions
from audit.verify.tree_growth import TreeGrowth


def signed_prefix(leaves: Sequence[bytes], checkpoints: Iterable[Checkpoint]) -> list[bytes]:
    """Return as many of the leaf hashes as some checkpoint signs; none where none does."""
    signed, frontier = 0, Frontier()
    for checkpoint in sorted(checkpoints, key=lambda checkpoint: checkpoint.size):
        frontier = frontier.extend(leaves[frontier.size : checkpoint.size])
        if (frontier.size, frontier.root()) != (checkpoint.size, checkpoint.root):
            break
        signed = checkpoint.size
    return list(leaves[:signed])


class LogVerifier:
    """A verification under way: entries are added in order, the first fault ends it.

    `signed_leaves` are leaf hashes whose root a checkpoint signs. They name the bad entry exactly;
    without them it is named by what the entries say of each other.
    """

    def __init__(
        self, checkpoints: Iterable[Checkpoint], signed_leaves: Sequence[bytes] = ()
    ) -> None:
        self._waiting = sorted(
            set(checkpoints), key=lambda checkpoint: checkpoint.size, reverse=True
        )
        self._checkpoints = len(self._waiting)
        self._signed = self._waiting[0].size if self._waiting else 0
        self._signed_leaves = signed_leaves
        self._tree = TreeGrowth()
        self._vouched = 0
        self._first: Entry | None = None
        self._last: Entry | None = None
        self._suspect = False
        self._succession: list[Succession | Retirement] = []
        self._name = ""
        self._restorations: list[Restoration] = []
        self._counters = Counters()
        self._references = ReferenceCounters()
        self._activated: set[object] = set()

    @property
    def size(self) -> int:
        """How many entries there are so far."""
        return self._tree.edge.size

    def add(self, raw: bytes) -> Entry:
        """Check the next entry and return it, or raise `BrokenLedgerError`."""
        number = self.size
        if self._suspect:
            raise self._unlinked(number, follower=raw)
        self._accept_roots()
        entry = _parsed(raw, number)
        self._check_signed_leaf(entry, number)
        self._check_number(entry, number)
        self._check_opening(entry, number)
        self._suspect = entry.previous != (self._last.leaf if self._last else GENESIS)
        if not self._suspect:
            # A wrong root says less of where the fault lies than a wrong link, so it comes after.
            self._check_roots()
            self._check_time(entry, number)
            self._check_gateway(entry, number)
            self._check_reference(entry, number)
            self._check_rulebook(entry, number)
        self._tree.add([entry.leaf])
        self._first = self._first or entry
        self._last = entry
        self._succession += successions(entry)
        if not self._suspect:
            self._follow_name(entry)
        return entry

    def extend(self, batch: Sequence[bytes]) -> None:
        """Check the next entries; raises as `add`."""
        for raw in batch:
            self.add(raw)

    def finish(self) -> Report:
        """Check what only shows at the end and return the report, or raise `BrokenLedgerError`."""
        size = self.size
        if self._suspect:
            raise self._unlinked(size, follower=None)
        self._accept_roots()
        self._check_roots()
        if self._waiting:
            raise BrokenLedgerError(
                f"The log ends before entry {size}, but a signed checkpoint counts "
                f"{counted(self._waiting[0].size, 'entry')}: its tail was cut off.",
                first_bad=size,
                rule=Rule.TAIL,
            )
        if self._first is None or self._last is None:
            raise BrokenLedgerError(
                "The log has no entries, not even the one that opens it.",
                first_bad=0,
                rule=Rule.TAIL,
            )
        return Report(
            origin=self._name,
            entries=size,
            signed=self._signed,
            root=self._tree.edge.root(),
            last_leaf=self._last.leaf,
            counters=self._counters,
            checkpoints=self._checkpoints,
            first_moment=self._first.moment,
            last_moment=self._last.moment,
            restorations=tuple(self._restorations),
        )

    def verified(self) -> VerifiedLog:
        """Return the whole log; raises as `finish`."""
        return VerifiedLog(
            report=self.finish(), tree=self._tree, succession=tuple(self._succession)
        )

    def _check_signed_leaf(self, entry: Entry, number: int) -> None:
        if number < len(self._signed_leaves) and self._signed_leaves[number] != entry.leaf:
            raise BrokenLedgerError(
                f"Entry {number} is not the entry whose hash was signed: it was edited, or "
                "another stands in its place.",
                first_bad=number,
                rule=Rule.LEAF,
            )

    def _check_number(self, entry: Entry, number: int) -> None:
        if entry.seq == number:
            return
        first_bad = number - 1 if self._was_pushed(entry, number) else number
        raise BrokenLedgerError(
            f"In place {number} stands an entry that calls itself {entry.seq}: an entry was "
            "removed, inserted or moved.",
            first_bad=first_bad,
            rule=Rule.NUMBER,
        )

    def _was_pushed(self, entry: Entry, number: int) -> bool:
        """Say if a stranger before `entry` took its place, so that it stands one too far on."""
        return (
            self._last is not None
            and entry.seq == number - 1
            and entry.previous != self._last.leaf
            and entry.raw != self._last.raw
            and self._vouched < number
        )

    def _check_rulebook(self, entry: Entry, number: int) -> None:
        if entry.type == "policy.activate":
            self._activated.add(entry.event.get("rulebook"))
        elif entry.type == "decided" and entry.event.get("rulebook") not in self._activated:
            raise BrokenLedgerError(
                f"Entry {number} is a decision under a rulebook that no entry before it puts in "
                "force.",
                first_bad=number,
                rule=Rule.RULEBOOK,
            )

    def _check_opening(self, entry: Entry, number: int) -> None:
        opens = entry.type == "log.open"
        if opens != (number == 0):
            raise BrokenLedgerError(
                f"Entry {number} {'opens' if opens else 'does not open'} the log; entry 0 does "
                "that, and only it.",
                first_bad=number,
                rule=Rule.OPENING,
            )
        origin = entry.event.get("origin")
        if opens and (not isinstance(origin, str) or not self._may_be_of(origin)):
            raise _misnamed(0)

    def _may_be_of(self, origin: str) -> bool:
        """Say if every checkpoint speaks of the log named `origin`, or of a later name of it."""
        return all(
            f"{checkpoint.origin}/".startswith(f"{origin}/") for checkpoint in self._waiting
        )

    def _follow_name(self, entry: Entry) -> None:
        match entry.event:
            case {"type": "log.open", "origin": str() as origin}:
                self._name = origin
            case {
                "type": "restored",
                "size": int() as size,
                "root": str() as root,
                "origin": str() as origin,
            }:
                restoration = Restoration(seq=entry.seq, size=size, root=root, origin=origin)
                self._refuse_lost(restoration)
                self._name = origin
                self._restorations.append(restoration)
            case _:
                return

    def _refuse_lost(self, restoration: Restoration) -> None:
        """Raise for a checkpoint of what was lost: the log has not grown out of it."""
        lost = [checkpoint for checkpoint in self._waiting if checkpoint.origin == self._name]
        if lost:
            raise BrokenLedgerError(
                _told_of_loss(lost[0], restoration), first_bad=restoration.seq, rule=Rule.RESTORED
            )

    def _check_time(self, entry: Entry, number: int) -> None:
        if self._last is not None and entry.moment < self._last.moment:
            raise BrokenLedgerError(
                f"Entry {number} is dated before the entry that it follows.",
                first_bad=number,
                rule=Rule.TIME,
            )

    def _check_gateway(self, entry: Entry, number: int) -> None:
        if not self._counters.expects(entry.gateway, entry.gateway_number):
            raise BrokenLedgerError(
                f"Entry {number} is not the next of its gateway: one of that gateway's entries "
                "was left out or put in.",
                first_bad=number,
                rule=Rule.GATEWAY,
            )
        self._counters = self._counters.after(entry.gateway)

    def _check_reference(self, entry: Entry, number: int) -> None:
        if not self._references.expects(entry.reference, entry.reference_number):
            raise BrokenLedgerError(
                f"Entry {number} is not the next about its reference: one of the entries about it "
                "was left out or put in.",
                first_bad=number,
                rule=Rule.REFERENCE,
            )
        self._references.add(entry.reference, entry.reference_number)

    def _accept_roots(self) -> None:
        size = self.size
        while self._waiting and self._waiting[-1].size == size:
            if self._waiting[-1].root != self._tree.edge.root():
                return
            if self._name and self._waiting[-1].origin != self._name:
                raise _misnamed(size - 1)
            self._waiting.pop()
            self._vouched = size

    def _check_roots(self) -> None:
        size = self.size
        if self._waiting and self._waiting[-1].size == size:
            raise BrokenLedgerError(
                f"Entries 0 to {size - 1} are not those that were signed. The fault is in one "
                f"or more of entries {self._vouched} to {size - 1}.",
                first_bad=min(self._vouched, max(size - 1, 0)),
                rule=Rule.CHECKPOINT,
            )

    def _unlinked(self, number: int, *, follower: bytes | None) -> BrokenLedgerError:
        # The follower says whether the entry with the wrong link was itself edited: if it carries
        # that entry's hash, that entry is as it was written, and the one before it is not.
        claimant = number - 1
        intact = follower is None or self._is_carried_by(follower)
        edited = claimant - 1 if intact and claimant > self._vouched else claimant
        return BrokenLedgerError(
            f"Entry {claimant} does not follow from the entry before it: entry {edited} was "
            "edited or replaced.",
            first_bad=edited,
            rule=Rule.LINK,
        )

    def _is_carried_by(self, follower: bytes) -> bool:
        try:
            return self._last is not None and parse_entry(follower).previous == self._last.leaf
        except MalformedEntryError:
            return False


def _misnamed(first_bad: int) -> BrokenLedgerError:
    return BrokenLedgerError(
        "The log that entry 0 opens is not the log that the checkpoints speak of, or does not "
        "have their name at their size.",
        first_bad=first_bad,
        rule=Rule.OPENING,
    )


def _told_of_loss(held: Checkpoint, restoration: Restoration) -> str:
    admitted = held.size < restoration.size or (held.size, held.root.hex()) == (
        restoration.size,
        restoration.root,
    )
    more = "" if admitted else " The log does not admit that: more was lost than it says."
    return (
        f"The log was restored from a backup at entry {restoration.seq}. Before, it had "
        f"{counted(restoration.size, 'entry')}; those from {restoration.seq} on are lost, "
        f"and it goes on as {restoration.origin}. The checkpoint of size {held.size} that you "
        f"hold proves that {counted(held.size, 'entry was', 'entries were')} there, with the root "
        f"{held.root.hex()}: keep it, with every receipt of that time.{more}"
    )


def _parsed(raw: bytes, number: int) -> Entry:
    try:
        return parse_entry(raw)
    except MalformedEntryError as error:
        raise BrokenLedgerError(
            f"Entry {number} cannot be read. {error}", first_bad=number, rule=Rule.ENTRY
        ) from error
