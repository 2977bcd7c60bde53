"""Verify a partial export, by the checks of docs/formats/ledger.md in their order.

1. `policy`
2. `checkpoint`: what is signed
3. `receipt`: each entry, under that very head
4. `time`, `link`, `reference`
5. `manifest`
6. `commitment`: the openings
7. nothing foreign, and nothing missing of what is the reader's whole

What the caller still owes: a policy that came another way than the folder, and a comparison of
its head with one that somebody else holds. Whether more was recorded about a reference after the
newest entry that is here does not show.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from audit.errors import (
    BrokenLedgerError,
    IncompleteLedgerError,
    LedgerError,
    Rule,
)
from audit.format.entry import Entry
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.trust_policy import TrustPolicy
from audit.format.opening import Opening
from audit.format.partial import Extent, Partial
from audit.format.receipt import Receipt, proven_under
from audit.verify.export_folder import ExportedFolder
from audit.verify.report import Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What is here about a reference: how many entries, and the numbers `n` that are not."""

    reference: str
    extent: Extent
    entries: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialReport:
    """What held of a partial export: the head, how many entries lie under it, and about what."""

    head: Checkpoint
    entries: int
    shares: tuple[Share, ...]
    openings: tuple[Opened, ...]


def verify_partial(
    folder: ExportedFolder, policy: TrustPolicy, *, openings: Iterable[Opening] = ()
) -> PartialReport:
    """Return what held of a partial export, or raise naming what did not.

    Raises `BrokenLedgerError`, `MalformedNoteError`, `SignatureRefusedError`, and
    `IncompleteLedgerError` where a file is missing or foreign, or an entry is missing about a
    reference that is the reader's whole.
    """
    # Check 1.
    if folder.vkey() not in {f"{key}\n".encode() for key in policy.logs}:
        raise BrokenLedgerError(
            "log.vkey is not a key that the trust policy names for a log.",
            first_bad=None,
            rule=Rule.POLICY,
        )
    # Checks 2 to 4.
    note = folder.checkpoint()
    head = policy.open_checkpoint(note)
    entries = [_proven(number, raw, note, head) for number, raw in folder.receipts()]
    _check_order(entries)
    shares = _shares(entries, Partial.parse(folder.partial() or b""))
    # Checks 5 to 7.
    folder.check_manifest()
    opened = tuple(_opened(entries, opening) for opening in openings)
    folder.check_no_foreign_files()
    _refuse_missing(shares)
    return PartialReport(head=head, entries=len(entries), shares=shares, openings=opened)


def _proven(number: int, text: bytes, note: bytes, head: Checkpoint) -> Entry:
    try:
        receipt = Receipt.parse(text)
        entry = proven_under(head, receipt).entry
    except LedgerError as error:
        raise _fault(f"The receipt of entry {number} proves nothing. {error}", number) from error
    if receipt.note != note or entry.seq != number:
        raise _fault(
            f"The receipt of entry {number} is of another entry, or rests on another head.", number
        )
    return entry


def _fault(message: str, number: int, rule: Rule = Rule.RECEIPT) -> BrokenLedgerError:
    return BrokenLedgerError(message, first_bad=number, rule=rule)


def _check_order(entries: Sequence[Entry]) -> None:
    for before, entry in pairwise(entries):
        if entry.moment < before.moment:
            raise _fault(
                f"Entry {entry.seq} is dated before entry {before.seq}.", entry.seq, Rule.TIME
            )
        if entry.seq == before.seq + 1 and entry.previous != before.leaf:
            raise _fault(
                f"Entry {entry.seq} does not follow from entry {before.seq}.",
                entry.seq,
                Rule.LINK,
            )


def _shares(entries: Sequence[Entry], partial: Partial) -> tuple[Share, ...]:
    about: dict[str, list[Entry]] = {reference: [] for reference in sorted(partial.extents)}
    for entry in entries:
        if entry.reference not in about:
            raise _fault(
                f"Entry {entry.seq} is about nothing that partial.json names.",
                entry.seq,
                Rule.REFERENCE,
            )
        about[entry.reference].append(entry)
    return tuple(
        Share(
            reference=reference,
            extent=partial.extents[reference],
            entries=len(found),
            missing=_missing(found),
        )
        for reference, found in about.items()
    )


def _missing(entries: Sequence[Entry]) -> tuple[int, ...]:
    """Return the numbers that are left out before the newest of the entries about a reference."""
    missing: list[int] = []
    expected = 0
    for entry in entries:
        # Entries of an earlier release have no number, and count all the same.
        number = expected if entry.reference_number is None else entry.reference_number
        if number < expected:
            raise _fault(
                f"Entry {entry.seq} has a number about its reference that another one has.",
                entry.seq,
                Rule.REFERENCE,
            )
        missing += range(expected, number)
        expected = number + 1
    return tuple(missing)


def _opened(entries: Sequence[Entry], opening: Opening) -> Opened:
    for entry in entries:
        if entry.seq == opening.entry:
            return Opened.by(opening, entry)
    raise BrokenLedgerError(
        f"An opening names entry {opening.entry}, which is not in this export.",
        first_bad=None,
        rule=Rule.COMMITMENT,
    )


def _refuse_missing(shares: Iterable[Share]) -> None:
    """Raise where entries are left out about a reference of which all are the reader's."""
    gaps = [
        f"{share.reference} (n {', '.join(map(str, share.missing))})"
        for share in shares
        if share.extent is Extent.WHOLE and (share.missing or not share.entries)
    ]
    if gaps:
        raise IncompleteLedgerError(
            "What is here holds, but entries that are yours were left out, about: "
            + "; ".join(gaps)
            + ". Ask for the export anew."
        )
