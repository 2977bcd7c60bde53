"""What a verification found of a log that held."""

from dataclasses import dataclass
from typing import Self

from audit.errors import BrokenLedgerError, OpeningRefusedError, Rule
from audit.format.entry import Entry
from audit.format.gateway_counters import Counters
from audit.format.opening import Opening
from audit.verify.succession import KeyRecord
from audit.verify.tree_growth import TreeGrowth


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """Entry `seq` says that the log was restored there and goes on as `origin`.

    Before, it had `size` entries and the `root`: those from `seq` to `size` - 1 of then are lost.
    """

    seq: int
    size: int
    root: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A value that was shown, under `field`, is the one that `entry` holds as `commitment`."""

    entry: Entry
    commitment: str
    field: str

    @classmethod
    def by(cls, opening: Opening, entry: Entry) -> Self:
        """Return what an opening opens in an entry that was verified.

        Raises `BrokenLedgerError` (rule `commitment`).
        """
        try:
            opening.check(entry)
        except OpeningRefusedError as error:
            raise BrokenLedgerError(
                f"An opening does not open what it names. {error}",
                first_bad=None,
                rule=Rule.COMMITMENT,
            ) from error
        return cls(entry=entry, commitment=opening.commitment, field=opening.field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What held: `signed` of the `entries` are covered by the largest of the `checkpoints`.

    The moments are those of the first and the last entry; `root` is that of all entries, `origin`
    the log's name by now.
    """

    origin: str
    entries: int
    signed: int
    root: bytes
    last_leaf: bytes
    counters: Counters
    checkpoints: int
    first_moment: str
    last_moment: str
    restorations: tuple[Restoration, ...] = ()
    openings: tuple[Opened, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedLog:
    """A whole log that held, and what is needed to check what stands beside its entries."""

    report: Report
    tree: TreeGrowth
    succession: KeyRecord
